// Each manual page, as man(1) shows it, against what it is about: nothing is missing, and nothing is made up.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/config/describe.h"
#include "core/error/error.h"
#include "core/policy/line_options.h"
#include "enroll_tool/command_table.h"
#include "pam_module/options.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

const std::vector<std::string> pages{"warifu.1",        "warifu.conf.5", "warifud.8",    "warifu-gateway.8",
                                     "warifu-notify.8", "pam_warifu.8",  "sudo_warifu.8"};

std::string path_of(const std::string& page) {
    return std::string(WARIFU_BUILD_DIR "/docs/man/") + page;
}

// In lines so long that no word is broken.
std::string shown(const std::string& page) {
    return program_output(
        "LC_ALL=C.UTF-8 MANWIDTH=2000 man --no-hyphenation --no-justification -E UTF-8 -l " + path_of(page));
}

std::string source(const std::string& path) {
    std::ifstream file(WARIFU_SOURCE_DIR "/" + path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

// What the first group of `pattern` matches, each once.
std::set<std::string> matches(const std::string& text, const char* pattern) {
    const std::regex expression(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
        found.insert((*match)[1]);
    return found;
}

// From a heading to the next line that is not indented.
std::string section(const std::string& text, const std::string& heading) {
    std::istringstream lines(text);
    std::string found;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line[0] != ' ') inside = line == heading;
        if (inside) found += line + "\n";
    }
    EXPECT_NE(found, "") << heading;
    return found;
}

TEST(Pages, E11_AreShownWithoutAWarning) {
    for (const std::string& page : pages) {
        EXPECT_EQ(program_output("LC_ALL=C.UTF-8 man --warnings=w -E UTF-8 -l " + path_of(page) +
                                 " 2>&1 >/dev/null"),
                  "")
            << page;
        EXPECT_THAT(shown(page), HasSubstr("SEE ALSO"));
    }
}

void expect_options(const std::string& page, std::span<const OptionRow> options) {
    for (const OptionRow& option : options) {
        if (option.hidden) {
            EXPECT_EQ(page.find(std::string(option.name)), page.npos) << option.name;
            continue;
        }
        std::string heading = " " + std::string(option.name);
        if (!option.placeholder.empty()) heading += " " + std::string(option.placeholder);
        EXPECT_THAT(page, HasSubstr(heading + "\n"));
        EXPECT_THAT(page, HasSubstr(std::string(option.help)));
        for (const std::string_view choice : option.choices)
            EXPECT_THAT(page, HasSubstr(std::string(choice)));
    }
}

TEST(Pages, E11_WarifuHasEveryCommandAndOption) {
    const std::string page = shown("warifu.1");
    std::set<std::string> in_table{"--stdio"};  // warifud's
    for (const OptionRow& option : screen_options()) in_table.emplace(option.name);
    for (const CommandRow& command : commands()) {
        EXPECT_THAT(page, HasSubstr("       warifu " + std::string(command.name)));
        EXPECT_THAT(page, HasSubstr(std::string(command.summary)));
        expect_options(page, command.options);
        expect_options(page, carrier_options(command.carrier));
        for (const OptionRow& option : command.options) in_table.emplace(option.name);
        for (const OptionRow& option : carrier_options(command.carrier)) in_table.emplace(option.name);
    }
    expect_options(page, screen_options());
    expect_options(page, common_options());
    for (const OptionRow& option : common_options()) in_table.emplace(option.name);
    EXPECT_THAT(in_table, IsSupersetOf(matches(page, "(--[a-z-]+)")));
}

TEST(Pages, E11_WarifuConfHasEveryKeyAndNoOther) {
    const std::string page = shown("warifu.conf.5");
    std::set<std::string> expected, found;
    for (const std::string& key : config_keys()) {
        const bool of_door = key.starts_with("service.");
        expected.insert(of_door ? "service." + key.substr(key.rfind('.') + 1) : key);
    }
    std::string table;
    std::istringstream lines(section(page, "KEYS"));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("   ["))
            table = line.starts_with("   [service.")           ? "service"
                    : line.starts_with("   [[policy.rule]]")   ? "policy.rule"
                    : line.starts_with("   [[approval.rule]]") ? "approval.rule"
                    : line.starts_with("   [notify.NAME]")     ? "notify.NAME"
                                                               : line.substr(4, line.find(']') - 4);
        else if (line.starts_with("       ") && line.size() > 7 && line[7] != ' ' &&
                 line.find(' ', 7) == line.npos)
            found.insert(table + "." + line.substr(7));
    }
    EXPECT_EQ(found, expected);
    EXPECT_THAT(page, HasSubstr("Default: [\"sshd\", \"login\", "));
}

TEST(Pages, E11_WarifudHasEveryOptionAndNoOther) {
    std::set<std::string> taken = matches(source("daemon/main.cpp"), "\"(--[a-z-]+)\"");
    // What warifud starts itself with.
    taken.erase("--read-home");
    taken.erase("--read-key-file");
    taken.erase("--write-home");
    taken.erase("--notify");
    EXPECT_EQ(matches(shown("warifud.8"), "(--[a-z-]+)"), taken);
}

TEST(Pages, E11_TheGatewayHasEveryOptionAndNoOther) {
    EXPECT_EQ(matches(shown("warifu-gateway.8"), "(--[a-z-]+)"),
              matches(source("gateway/options.cpp"), "\"(--[a-z-]+)\""));
}

// Whether the module or warifud takes it.
bool is_taken(const std::string& option) {
    const char* const line[] = {option.c_str()};
    pam::Options options;
    pam::Refusal refusal;
    if (!pam::parse_options(1, line, &options, &refusal)) return false;
    if (!pam::travels(option.c_str())) return true;
    try {
        parse_line_options({option});
        return true;
    } catch (const Invalid&) {
        return false;
    }
}

TEST(Pages, E11_PamWarifuHasEveryOptionAndNoOther) {
    const std::string options = section(shown("pam_warifu.8"), "OPTIONS");
    const std::set<std::string> found = matches(options, "\n       ([a-z_]+=?)(?:[A-Z]+)?(?=\n)");
    for (const std::string& option : found) {
        const std::string value = option == "completed="      ? "publickey"
                                  : option == "grace_period=" ? "60"
                                  : option == "user="         ? "root"
                                                              : "/x";
        EXPECT_TRUE(is_taken(option.ends_with("=") ? option + value : option)) << option;
    }
    std::set<std::string> taken = matches(source("pam_module/options.cpp"), "\\{\"([a-z_]+=?)\", [\\[&]");
    taken.merge(matches(source("pam_module/options.cpp"), "value_of\\(option, \"([a-z_]+=)\"\\)"));
    taken.merge(matches(source("core/policy/line_options.cpp"), "name [!=]= \"([a-z_]+)\""));
    for (const char* with_value : {"grace_period", "secret", "user"}) {
        taken.erase(with_value);
        taken.insert(std::string(with_value) + "=");
    }
    for (const char* refused : {"allow_readonly", "no_strict_owner", "allowed_perm"}) {
        EXPECT_FALSE(is_taken(std::string(refused) + "=/x")) << refused;
        taken.erase(refused);
    }
    EXPECT_EQ(found, taken);
}

}  // namespace
}  // namespace warifu
