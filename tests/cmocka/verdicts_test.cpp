// The files in verdicts/, each built twice: against the adapter and against libcmocka. The name of each test
// there says its verdict: passes_, fails_ or skips_.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

// exit(-1), with which libcmocka ends a program whose group leaves memory.
constexpr int memory_left = 255;

struct Output {
    std::vector<std::string> lines;
    int status = -1;
};

Output run(const std::string& command) {
    Output output;
    FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
    std::string text;
    std::array<char, 4096> part;
    for (std::size_t n = 0; (n = fread(part.data(), 1, part.size(), pipe)) > 0;) text.append(part.data(), n);
    int const status = pclose(pipe);
    if (WIFEXITED(status)) output.status = WEXITSTATUS(status);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) output.lines.push_back(line);
    return output;
}

// What a program says of its tests: "GROUP.TEST" to "passes", "fails" or "skips".
struct Verdicts {
    std::map<std::string, std::string> tests;
    std::set<std::string> set_ups_failed;
    std::set<std::string> tear_downs_failed;
    int status = -1;
};

// As the adapter writes a group's name.
std::string identifier(std::string name) {
    std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

// libcmocka's TAP: a group's name comes behind its tests.
Verdicts of_libcmocka(const Output& output) {
    static const std::regex test(R"((not )?ok [1-9]\d* (- |# SKIP )(\w+).*)");
    static const std::regex fixture(R"(not ok 0 - (.*) \[  FAILED  \] GROUP (SETUP|TEARDOWN))");
    static const std::regex end(R"(# (not )?ok - (.*))");
    Verdicts verdicts;
    verdicts.status = output.status;
    std::map<std::string, std::string> group;
    std::smatch part;
    for (const std::string& line : output.lines) {
        if (std::regex_match(line, part, test)) {
            group[part[3]] = part[2] == "# SKIP " ? "skips" : part[1].matched ? "fails" : "passes";
        } else if (std::regex_match(line, part, fixture)) {
            (part[2] == "SETUP" ? verdicts.set_ups_failed : verdicts.tear_downs_failed)
                .insert(identifier(part[1]));
        } else if (std::regex_match(line, part, end)) {
            for (const auto& [name, verdict] : group)
                verdicts.tests[identifier(part[2]) + "." + name] = verdict;
            group.clear();
        }
    }
    EXPECT_TRUE(group.empty()) << "libcmocka did not name the last group";
    return verdicts;
}

Verdicts of_googletest(const Output& output) {
    static const std::regex test(R"(\[ +(OK|FAILED|SKIPPED) +\] (\w+\.\w+) \(\d+ ms\))");
    static const std::regex suite(R"(\[  FAILED  \] (\w+): SetUpTestSuite or TearDownTestSuite)");
    static const std::map<std::string, std::string> words = {
        {"OK", "passes"}, {"FAILED", "fails"}, {"SKIPPED", "skips"}};
    Verdicts verdicts;
    verdicts.status = output.status;
    std::smatch part;
    for (const std::string& line : output.lines) {
        if (std::regex_match(line, part, test)) verdicts.tests[part[2]] = words.at(part[1]);
        if (std::regex_match(line, part, suite)) verdicts.tear_downs_failed.insert(part[1]);
    }
    return verdicts;
}

std::string group_of(const std::string& name) {
    return name.substr(0, name.find('.'));
}

std::string verdict_in(const std::string& name) {
    auto const begin = name.find('.') + 1;
    return name.substr(begin, name.find('_', begin) - begin);
}

// libcmocka does not mention the tests of a group whose set-up failed.
void expect_failed_set_ups(const Verdicts& theirs, const Verdicts& ours) {
    std::set<std::string> groups;
    for (const auto& [name, verdict] : ours.tests) {
        if (theirs.tests.contains(name)) continue;
        groups.insert(group_of(name));
        EXPECT_EQ(verdict, "fails") << name;
    }
    EXPECT_EQ(groups, theirs.set_ups_failed);
}

void expect_same(const Verdicts& theirs, const Verdicts& ours) {
    EXPECT_FALSE(theirs.tests.empty());
    for (const auto& [name, verdict] : theirs.tests) {
        auto const found = ours.tests.find(name);
        EXPECT_EQ(found == ours.tests.end() ? "no case" : found->second, verdict) << name;
    }
    expect_failed_set_ups(theirs, ours);
    if (theirs.status != memory_left) {
        EXPECT_EQ(ours.tear_downs_failed, theirs.tear_downs_failed);
    }
    // libcmocka's status leaves out tear-downs of groups.
    bool const all_well = theirs.status == 0 && theirs.tear_downs_failed.empty();
    EXPECT_EQ(ours.status == 0, all_well);
}

Verdicts theirs(const std::string& program) {
    return of_libcmocka(run("CMOCKA_MESSAGE_OUTPUT=TAP " VERDICTS "/theirs/" + program));
}

Verdicts ours(const std::string& path) {
    return of_googletest(run(path + " --gtest_color=no"));
}

class Verdict : public testing::TestWithParam<std::string> {};

TEST_P(Verdict, P05_IsThatOfLibcmocka) {
    Verdicts const expected = theirs(GetParam());
    expect_same(expected, ours(VERDICTS "/ours/" + GetParam()));
    for (const auto& [name, verdict] : expected.tests) EXPECT_EQ(verdict_in(name), verdict) << name;
}

const std::vector<std::string> programs = [] {
    std::istringstream names(VERDICT_PROGRAMS);
    return std::vector<std::string>(std::istream_iterator<std::string>(names), {});
}();

INSTANTIATE_TEST_SUITE_P(Of, Verdict, testing::ValuesIn(programs),
                         [](const auto& name) { return name.param; });

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
    std::regex const regex(pattern, std::regex::multiline);
    std::set<std::string> all;
    for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
        all.insert((*match)[1]);
    return all;
}

TEST(Verdicts, P05_OfTheModulesTestsAreThoseOfLibcmockaToo) {
    expect_same(theirs("pam_module"), ours(PAM_MODULE_TEST));
    expect_same(theirs("nss_module"), ours(NSS_MODULE_TEST));
}

TEST(Verdicts, P05_EveryMacroOfTheHeaderIsTried) {
    // Deprecated since cmocka 1.0, and left out.
    const std::set<std::string> left_out = {
        "group_test_setup",  "group_test_teardown", "run_group_tests", "run_test",
        "run_tests",         "unit_test",           "unit_test_setup", "unit_test_setup_teardown",
        "unit_test_teardown"};
    std::string tried;
    for (const char* const source : {VERDICT_SOURCES}) tried += text_of(source);
    std::set<std::string> const words = all_matches(tried, R"(\b([a-z]\w*)\b)");
    std::set<std::string> const macros =
        all_matches(text_of(CMOCKA_HEADER), R"(^\s*#\s*define ([a-z]\w*)\()");
    EXPECT_GT(macros.size(), left_out.size());
    for (const std::string& macro : macros)
        EXPECT_NE(words.contains(macro), left_out.contains(macro)) << macro;
}

int status_of(const std::string& program) {
    return run(PROGRAMS "/" + program).status;
}

TEST(Programs, P05_OneThatRunsNoTestFails) {
    EXPECT_EQ(status_of("no_group"), 1);
}

TEST(Programs, P05_OneWhoseMainIgnoresAFailureFails) {
    EXPECT_EQ(status_of("failure_ignored"), 1);
}

TEST(Programs, P05_ATestThatNoGroupRunsIsACaseThatFails) {
    Verdicts const verdicts = ours(PROGRAMS "/group_left_out");
    const std::map<std::string, std::string> expected = {{"tests.P05_is_run", "passes"},
                                                         {"Missing.P05_is_left_out", "fails"}};
    EXPECT_EQ(verdicts.tests, expected);
    EXPECT_EQ(verdicts.status, 1);
}

}  // namespace
