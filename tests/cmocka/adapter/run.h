// One function of a test file being run: what it is told to expect, and what went wrong. Each function (a
// test, a set-up, a tear-down) has expectations of its own, which it has to use up.
#pragma once

#include <string>
#include <vector>

#include "tests/cmocka/adapter/call_order.h"
#include "tests/cmocka/adapter/functions.h"
#include "tests/cmocka/adapter/parameter_check.h"
#include "tests/cmocka/adapter/queue.h"

namespace warifu::cmocka {

struct Failure {
    std::string file;
    int line;
    std::string text;
};

// What came of it. `skipped` is set by skip() alone.
struct Report {
    std::vector<Failure> failures;
    bool skipped = false;
};

struct Run {
    Queue<LargestIntegralType> values;  // under the mock's name
    Queue<ParameterCheck> parameters;   // under "mock(parameter)"
    CallOrder calls;
    Report report;
};

// The run that is under way, or one that nobody looks at when there is none.
Run& current_run();

// Runs `function`; what it left of its expectations is a failure too, unless it ended early. A fixture fails
// with a status other than 0, or by skip().
Report run_test(CMUnitTestFunction function, void** state);
Report run_fixture(CMFixtureFunction function, void** state, const char* what);

}  // namespace warifu::cmocka
