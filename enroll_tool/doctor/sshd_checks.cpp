#include <algorithm>
#include <map>
#include <sstream>

#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/pam_stack.h"

namespace warifu::doctor {

namespace {

using enum Kind;

// What `sshd -T` prints: a keyword in lower case and its value, a line each.
class Settings {
  public:
    explicit Settings(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            const std::size_t blank = line.find(' ');
            if (blank != line.npos) values_.emplace(line.substr(0, blank), line.substr(blank + 1));
        }
    }

    std::string_view value(std::string_view keyword) const {
        const auto found = values_.find(keyword);
        return found == values_.end() ? std::string_view() : std::string_view(found->second);
    }
    // Anything but "no": some of these take more words than "yes".
    bool on(std::string_view keyword) const { return !value(keyword).empty() && value(keyword) != "no"; }

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream{std::string(text)};
    for (std::string part; std::getline(stream, part, separator);)
        if (!part.empty()) parts.push_back(part);
    return parts;
}

class SshdCheck {
  public:
    // `single_field`: the code comes together with the password, so the password method will do.
    SshdCheck(const SshdFacts& facts, bool single_field)
        : settings_(facts.settings), single_field_(single_field) {}

    Findings run() {
        if (!settings_.on("usepam")) {
            add(sshd_pam_off, N_("UsePAM is off, so sshd never asks for a code"),
                N_("Set \"UsePAM yes\", as conf/sshd_config.d/warifu.conf does."));
            return std::move(findings_);
        }
        if (!single_field_) questions();
        methods();
        return std::move(findings_);
    }

  private:
    void add(Kind kind, Sentence message, Sentence remedy) {
        findings_.push_back({kind, "sshd", std::move(message), std::move(remedy)});
    }

    void questions() {
        if (!settings_.on("kbdinteractiveauthentication"))
            add(sshd_keyboard_interactive_off,
                N_("KbdInteractiveAuthentication is off, and without it sshd cannot ask for a code"),
                N_("Set \"KbdInteractiveAuthentication yes\", as conf/sshd_config.d/warifu.conf does."));
        if (settings_.on("passwordauthentication") && password_method_is_permitted())
            add(sshd_password_method,
                N_("PasswordAuthentication is on: that method answers the question for the code with the "
                   "password"),
                N_("Set \"PasswordAuthentication no\", as conf/sshd_config.d/warifu.conf does."));
    }

    std::vector<std::string> lists() const {
        const auto all = split(settings_.value("authenticationmethods"), ' ');
        return all == std::vector<std::string>{"any"} ? std::vector<std::string>{} : all;
    }

    static bool names(const std::string& list, std::string_view method) {
        const auto methods = split(list, ',');
        return std::ranges::any_of(
            methods, [method](const std::string& word) { return word.substr(0, word.find(':')) == method; });
    }

    bool password_method_is_permitted() const {
        const auto all = lists();
        return all.empty() || std::ranges::any_of(all, [](const std::string& list) {
                   return names(list, "password") && !names(list, "keyboard-interactive");
               });
    }

    bool can_be_met(const std::string& list) const {
        const auto methods = split(list, ',');
        return std::ranges::all_of(methods, [this](const std::string& word) {
            const std::string method = word.substr(0, word.find(':'));
            if (method == "publickey") return settings_.on("pubkeyauthentication");
            if (method == "keyboard-interactive") return settings_.on("kbdinteractiveauthentication");
            if (method == "password") return settings_.on("passwordauthentication") && single_field_;
            if (method == "hostbased") return settings_.on("hostbasedauthentication");
            if (method == "gssapi-with-mic") return settings_.on("gssapiauthentication");
            return false;
        });
    }

    void methods() {
        const auto all = lists();
        key_alone(all);
        std::string unmet;
        std::size_t count = 0;
        for (const std::string& list : all) {
            if (can_be_met(list)) continue;
            ++count;
            unmet += (unmet.empty() ? "" : " ") + list;
        }
        constexpr const char* remedy =
            N_("Set \"AuthenticationMethods publickey,keyboard-interactive keyboard-interactive\".");
        if (count == 0) return;
        if (count == all.size())
            add(sshd_methods_unmet, Sentence(N_("nobody can meet AuthenticationMethods: %1"), unmet), remedy);
        else
            add(sshd_method_list_unmet,
                Sentence(N_("nobody can meet a list of AuthenticationMethods: %1"), unmet), remedy);
    }

    void key_alone(const std::vector<std::string>& all) {
        const bool permitted = all.empty() || std::ranges::find(all, "publickey") != all.end();
        if (permitted && settings_.on("pubkeyauthentication"))
            add(sshd_key_alone, N_("a key alone signs in, since AuthenticationMethods wants no more"),
                N_("If a code is wanted as well, set \"AuthenticationMethods publickey,keyboard-interactive "
                   "keyboard-interactive\"."));
    }

    Settings settings_;
    bool single_field_;
    Findings findings_;
};

}  // namespace

Findings check_sshd(const Facts& facts) {
    if (!facts.sshd || !facts.pam.files.contains("sshd")) return {};
    const AuthStack stack = auth_stack(facts.pam.files, "sshd");
    const auto code = stack.first_code_line();
    if (!code) return {};
    if (facts.sshd->problem)
        return {{sshd_unreadable, "sshd", *facts.sshd->problem, N_("Mend it until \"sshd -t\" is content.")}};
    return SshdCheck(*facts.sshd, stack.lines[*code].single_field()).run();
}

}  // namespace warifu::doctor
