// The samples in conf/pam, run by libpam itself: pam_debug.so stands for pam_unix.so and pam_warifu.so and
// answers what it is told to.
#include <gmock/gmock.h>
#include <security/pam_appl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

namespace warifu {
namespace {

namespace fs = std::filesystem;

const fs::path samples = fs::path(WARIFU_CONF_DIRECTORY) / "pam";

struct Line {
    std::string type, control, module, arguments;
};

std::vector<Line> lines_of(const fs::path& sample) {
    static const std::regex form(R"(^\s*(-?\w+)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$)");
    std::ifstream file(sample);
    EXPECT_TRUE(file) << sample;
    std::vector<Line> lines;
    for (std::string text; std::getline(file, text);) {
        std::smatch parts;
        if (!text.starts_with("#") && !text.starts_with("@") && std::regex_match(text, parts, form)) {
            lines.push_back({parts[1], parts[2], parts[3], parts[4]});
        }
    }
    return lines;
}

std::vector<Line> auth_lines_of(const fs::path& sample) {
    auto lines = lines_of(sample);
    std::erase_if(lines, [](const Line& line) { return line.type != "auth"; });
    return lines;
}

std::vector<fs::path> all_samples() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(samples)) {
        paths.push_back(entry.path());
    }
    return paths;
}

// One field for password and code: the code is looked at first, since it is taken off the end.
bool is_single_field(const fs::path& sample) {
    const auto lines = auth_lines_of(sample);
    return std::any_of(lines.begin(), lines.end(),
                       [](const Line& line) { return line.arguments.ends_with("forward_pass"); });
}

// What a control does with one answer, as libpam's own table for the words has it (pam.conf(5)).
std::string action_for(const std::string& control, const std::string& answer) {
    static const std::map<std::string, std::string> words = {
        {"required", "success=ok new_authtok_reqd=ok ignore=ignore default=bad"},
        {"requisite", "success=ok new_authtok_reqd=ok ignore=ignore default=die"},
        {"sufficient", "success=done new_authtok_reqd=done default=ignore"},
        {"optional", "success=ok new_authtok_reqd=ok default=ignore"}};
    auto text = control;
    if (control.front() != '[') {
        text = words.at(control);
    } else {
        text = control.substr(1, control.size() - 2);
    }
    std::istringstream pairs(text);
    std::string otherwise = "bad";
    for (std::string pair; pairs >> pair;) {
        const auto value = pair.substr(pair.find('=') + 1);
        if (pair.starts_with(answer + "=")) {
            return value;
        }
        if (pair.starts_with("default=")) {
            otherwise = value;
        }
    }
    return otherwise;
}

TEST(PamSamples, AreThere) {
    std::vector<std::string> names;
    for (const auto& sample : all_samples()) {
        names.push_back(sample.filename());
    }
    EXPECT_THAT(names,
                testing::UnorderedElementsAre("apache2", "cockpit", "dovecot", "i3lock", "login", "nginx",
                                              "panel", "sshd", "su", "sudo", "sudo-i", "vsftpd"));
}

TEST(PamSamples, EndInPamPermit) {
    for (const auto& sample : all_samples()) {
        const auto last = auth_lines_of(sample).back();
        EXPECT_EQ(last.control + " " + last.module + last.arguments, "required pam_permit.so") << sample;
    }
}

// A code that is taken off a password wants the line of the password behind it, and no question of its own.
TEST(PamSamples, S05_WithOneFieldTheCodeComesFirstAndLeavesThePassword) {
    int seen = 0;
    for (const auto& sample : all_samples()) {
        const auto lines = auth_lines_of(sample);
        const auto code = std::find_if(lines.begin(), lines.end(), [](const Line& line) {
            return line.arguments.ends_with("forward_pass");
        });
        if (code == lines.end()) {
            continue;
        }
        ++seen;
        ASSERT_GE(lines.end() - code, 3) << sample;
        EXPECT_EQ(code->control, "requisite") << sample;
        EXPECT_EQ(code[1].control, "[success=ok default=die]") << sample;
        EXPECT_THAT(code[1].module, testing::AnyOf("pam_unix.so", "pam_pwdfile.so")) << sample;
        EXPECT_THAT(code[1].arguments, testing::HasSubstr("use_first_pass")) << sample;
    }
    EXPECT_EQ(seen, 6);
}

TEST(PamSamples, NeverTakeAFailureOfOursForAnythingButARefusal) {
    for (const auto& sample : all_samples()) {
        for (const auto& line : auth_lines_of(sample)) {
            if (line.module != "pam_warifu.so") {
                continue;
            }
            for (const auto* failure :
                 {"system_err", "authinfo_unavail", "auth_err", "conv_err", "module_unknown", "open_err",
                  "symbol_err", "buf_err", "maxtries", "user_unknown"}) {
                EXPECT_THAT(action_for(line.control, failure), testing::AnyOf("die", "bad"))
                    << sample << failure;
            }
        }
    }
}

TEST(PamSamples, OpenWithWhatTheyGiveAndHowToTryThem) {
    auto paths = all_samples();
    for (const auto* directory : {"sshd_config.d", "nginx", "apache2"}) {
        paths.push_back(fs::path(WARIFU_CONF_DIRECTORY) / directory / "warifu.conf");
    }
    for (const auto& path : paths) {
        std::ifstream file(path);
        std::string head;
        for (std::string line; std::getline(file, line) && line.starts_with("#");) {
            head += line + "\n";
        }
        EXPECT_THAT(head, testing::AllOf(testing::HasSubstr("\n# Gives: "),
                                         testing::HasSubstr("\n# To try it without locking yourself out: ")))
            << path;
    }
}

// A service directory of the test's own that holds one sample, its modules replaced.
class PamStack {
  public:
    PamStack(const fs::path& sample, const std::string& password, const std::string& wrong_line,
             const std::string& code) {
        std::string pattern = fs::temp_directory_path() / "warifu-pam-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("mkdtemp");
        }
        directory_ = pattern;
        std::ofstream stack(directory_ / "door");
        for (const auto& line : auth_lines_of(sample)) {
            stack << "auth " << line.control << " ";
            if (line.module == "pam_unix.so" || line.module == "pam_pwdfile.so") {
                stack << "pam_debug.so auth=" << password;
            } else if (line.module == "pam_warifu.so") {
                stack << "pam_debug.so auth="
                      << (line.arguments.starts_with("first_factor_failed") ? wrong_line : code);
            } else if (line.module == "pam_deny.so" || line.module == "pam_permit.so") {
                stack << line.module;
            } else {
                // pam_rootok, pam_nologin, pam_faildelay, pam_group, pam_listfile, pam_shells: no part of the
                // question here. A jump (Cockpit's list of who may not) is taken by whoever may.
                stack << "pam_debug.so auth="
                      << (line.control == "sufficient"             ? "auth_err"
                          : line.control.starts_with("[success=2") ? "success"
                                                                   : "ignore");
            }
            stack << "\n";
        }
        std::ofstream(directory_ / "other") << "auth required pam_deny.so\n";
    }
    PamStack(const PamStack&) = delete;
    PamStack& operator=(const PamStack&) = delete;
    ~PamStack() { fs::remove_all(directory_); }

    int authenticate() const {
        static const pam_conv conversation = {
            [](int, const pam_message**, pam_response**, void*) { return int{PAM_CONV_ERR}; }, nullptr};
        pam_handle_t* handle = nullptr;
        int result = ::pam_start_confdir("door", "somebody", &conversation, directory_.c_str(), &handle);
        if (result == PAM_SUCCESS) {
            result = ::pam_authenticate(handle, PAM_SILENT);
            if (result == PAM_SUCCESS) {
                result = ::pam_setcred(handle, PAM_ESTABLISH_CRED | PAM_SILENT);
            }
            ::pam_end(handle, result);
        }
        return result;
    }

  private:
    fs::path directory_;
};

const std::vector<std::string>& answers() {
    static const std::vector<std::string> all = {
        "success",        "ignore",       "auth_err", "system_err",  "authinfo_unavail",
        "conv_err",       "user_unknown", "maxtries", "perm_denied", "buf_err",
        "module_unknown", "abort",        "cred_err", "acct_expired"};
    return all;
}

TEST(PamSamples, LetInAfterTheRightPasswordAndTheRightCodeOrAnExemptionAlone) {
    for (const auto& sample : all_samples()) {
        for (const auto& code : answers()) {
            const bool lets_in = code == "success" || code == "ignore";
            EXPECT_EQ(PamStack(sample, "success", "success", code).authenticate() == PAM_SUCCESS, lets_in)
                << sample << " " << code;
        }
    }
}

TEST(PamSamples, NothingAfterAWrongPasswordLetsIn) {
    for (const auto& sample : all_samples()) {
        for (const auto* password :
             {"auth_err", "user_unknown", "authinfo_unavail", "maxtries", "ignore", "abort"}) {
            for (const auto& line : answers()) {
                EXPECT_NE(PamStack(sample, password, line, "success").authenticate(), PAM_SUCCESS)
                    << sample << " " << password << " " << line;
            }
        }
    }
}

TEST(PamSamples, AWrongPasswordAndAWrongCodeAreRefusedInTheSameWords) {
    for (const auto& sample : all_samples()) {
        for (const auto* answer : {"auth_err", "system_err", "authinfo_unavail", "conv_err"}) {
            if (is_single_field(sample) && answer != std::string("auth_err")) {
                continue;  // whoever gets this answer is asked for nothing else
            }
            EXPECT_EQ(PamStack(sample, "auth_err", answer, "success").authenticate(),
                      PamStack(sample, "success", "success", answer).authenticate())
                << sample << " " << answer;
        }
    }
}

}  // namespace
}  // namespace warifu
