// A group of tests with its set-up and tear-down, run inside GoogleTest's cases.
#pragma once

#include <vector>

#include "tests/cmocka/adapter/functions.h"
#include "tests/cmocka/adapter/heap.h"
#include "tests/cmocka/adapter/run.h"

namespace warifu::cmocka {

class Group {
  public:
    Group(CMFixtureFunction begin, CMFixtureFunction end) : set_up_(begin), tear_down_(end) {}

    // The failures are told by each test, which then does not run.
    void set_up();
    // Runs test and fixtures, and tells GoogleTest what came of it.
    void run(const CMUnitTest& test);
    // Failures, and blocks of test_malloc that are left, fail GoogleTest's suite.
    void tear_down();

  private:
    CMFixtureFunction set_up_;
    CMFixtureFunction tear_down_;
    void* state_ = nullptr;
    Moment begin_ = 0;
    std::vector<Failure> set_up_failures_;
};

}  // namespace warifu::cmocka
