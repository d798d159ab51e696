#include "tests/cmocka/adapter/group.h"

#include <gtest/gtest.h>

namespace warifu::cmocka {
namespace {

void tell(const std::vector<Failure>& failures) {
    for (const Failure& failure : failures)
        ADD_FAILURE_AT(failure.file.empty() ? nullptr : failure.file.c_str(), failure.line) << failure.text;
}

bool tell_fixture(CMFixtureFunction function, void** state, const char* what) {
    Report const report = run_fixture(function, state, what);
    tell(report.failures);
    return report.failures.empty();
}

}  // namespace

void Group::set_up() {
    begin_ = heap_now();
    state_ = nullptr;
    set_up_failures_.clear();
    if (set_up_ != nullptr) set_up_failures_ = run_fixture(set_up_, &state_, "group's set-up").failures;
}

// What a set-up allocates is for the tear-down to free: the test answers for what it allocates itself, the
// tear-down for everything since the set-up. What stays where there is no tear-down is found at the end of
// the group.
void Group::run(const CMUnitTest& test) {
    tell(set_up_failures_);
    if (!set_up_failures_.empty()) return;
    void* state = state_ == nullptr ? test.initial_state : state_;
    Moment const before = heap_now();
    if (test.setup_func != nullptr && !tell_fixture(test.setup_func, &state, "set-up")) return;
    Moment const begin = heap_now();
    Report const report = run_test(test.test_func, &state);
    tell(report.failures);
    if (report.failures.empty() && !report.skipped) tell(reclaim_since(begin));
    if (test.teardown_func != nullptr && tell_fixture(test.teardown_func, &state, "tear-down"))
        tell(reclaim_since(before));
    if (report.skipped) GTEST_SKIP();
}

void Group::tear_down() {
    if (tear_down_ != nullptr) tell_fixture(tear_down_, &state_, "group's tear-down");
    tell(reclaim_since(begin_));
}

}  // namespace warifu::cmocka
