// Groups become suites of GoogleTest, and their tests its cases.
#include <fnmatch.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "tests/cmocka/adapter/group.h"
#include "tests/cmocka/adapter/rehearsal.h"

// The names of tests, with blanks between them, that the program must have: each that no group runs is a case
// that fails. A program without such names does not define this.
extern "C" const char* const cm_required_tests __attribute__((weak));

namespace warifu::cmocka {
namespace {

std::map<std::string, std::unique_ptr<Group>> groups;
std::set<std::string> test_names;
int groups_seen = 0;
bool all_ran = false;
bool something_failed = false;
std::string test_filter;
std::string skip_filter;

class Case : public testing::Test {
  public:
    Case(Group& group, const CMUnitTest& test) : group_(group), test_(test) {}
    static void SetUpTestSuite() { current_group().set_up(); }
    static void TearDownTestSuite() { current_group().tear_down(); }
    void TestBody() override { group_.run(test_); }

  private:
    static Group& current_group() {
        return *groups.at(testing::UnitTest::GetInstance()->current_test_suite()->name());
    }

    Group& group_;
    CMUnitTest test_;
};

class Missing : public testing::Test {
  public:
    void TestBody() override { ADD_FAILURE() << "stands in the source, and no group runs it"; }
};

bool selected(const char* name) {
    auto const matches = [name](const std::string& pattern) {
        return fnmatch(pattern.c_str(), name, 0) == 0;
    };
    return (test_filter.empty() || matches(test_filter)) && (skip_filter.empty() || !matches(skip_filter));
}

// GoogleTest's filters give other characters a meaning.
std::string identifier(std::string name) {
    std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

std::string new_suite(const char* group_name) {
    std::string const wanted = identifier(group_name);
    std::string suite = wanted;
    for (int i = 2; groups.contains(suite); ++i) suite = wanted + "_" + std::to_string(i);
    return suite;
}

void add_case(const std::string& suite, const CMUnitTest& test) {
    test_names.insert(test.name);
    Group* const group = groups.at(suite).get();
    testing::RegisterTest(suite.c_str(), identifier(test.name).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [group, test] { return new Case(*group, test); });
}

void add_missing_cases() {
    if (&cm_required_tests == nullptr) return;
    std::istringstream names(cm_required_tests);
    for (std::string name; names >> name;) {
        if (test_names.contains(name)) continue;
        testing::RegisterTest("Missing", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [] { return new Missing; });
    }
}

// How many failed.
int run_all() {
    add_missing_cases();
    all_ran = true;
    something_failed = RUN_ALL_TESTS() != 0;
    return std::max(testing::UnitTest::GetInstance()->failed_test_count(), something_failed ? 1 : 0);
}

// Whatever main makes of what failed, and where it runs no group: the program's status says so.
void check_status(int status, void*) {
    if (rehearsing()) return;
    if (!all_ran) std::fprintf(stderr, "cmocka: not every group of tests was run\n");
    if ((all_ran && !something_failed) || (status & 0xff) != 0) return;
    std::fflush(nullptr);
    _exit(EXIT_FAILURE);
}

__attribute__((constructor)) void watch_status() {
    on_exit(check_status, nullptr);
}

void initialise() {
    static int count = static_cast<int>(arguments().size()) - 1;
    testing::InitGoogleTest(&count, arguments().data());
}

}  // namespace
}  // namespace warifu::cmocka

extern "C" {

using namespace warifu::cmocka;

int cm_run_group_tests(const char* group_name, const CMUnitTest* tests, size_t count,
                       CMFixtureFunction group_setup, CMFixtureFunction group_teardown) {
    if (rehearsing()) {
        rehearse_group();
        return 0;
    }
    if (groups_seen == 0) initialise();
    std::string const suite = new_suite(group_name);
    groups[suite] = std::make_unique<Group>(group_setup, group_teardown);
    for (size_t i = 0; i < count; ++i) {
        if (selected(tests[i].name)) add_case(suite, tests[i]);
    }
    return ++groups_seen == groups_to_come() ? run_all() : 0;
}

void cmocka_set_test_filter(const char* pattern) {
    test_filter = pattern == nullptr ? "" : pattern;
}

void cmocka_set_skip_filter(const char* pattern) {
    skip_filter = pattern == nullptr ? "" : pattern;
}
}
