#include "tests/cmocka/adapter/run.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include "tests/cmocka/adapter/ending.h"

namespace warifu::cmocka {
namespace {

constexpr std::size_t max_message_bytes = 1024;

std::unique_ptr<Run>& slot() {
    static auto run = std::make_unique<Run>();
    return run;
}

void add_failure(const char* file, int line, const std::string& text) {
    current_run().report.failures.push_back({file, line, text});
}

void add_left(const std::vector<Left>& all, const char* what) {
    for (const Left& left : all) add_failure(left.file.c_str(), left.line, left.name + what);
}

// Begins a new run and calls body(argument) in it.
void run(void (*body)(void*), void* argument) {
    slot() = std::make_unique<Run>();
    int const how = cm_run_to_its_end(body, argument);
    Run& run = current_run();
    if (how > 0) add_failure("", 0, std::string("ended by ") + strsignal(how));
    if (how != ended_by_itself) return;
    add_left(run.values.left(), ": a value that it was to return was never asked for");
    add_left(run.parameters.left(), ": an expectation that was never checked");
    add_left(run.calls.left(), ": a call that never came");
}

struct Test {
    CMUnitTestFunction function;
    void** state;
};

struct Fixture {
    CMFixtureFunction function;
    void** state;
    int status;
};

}  // namespace

Run& current_run() {
    return *slot();
}

Report run_test(CMUnitTestFunction function, void** state) {
    Test test{function, state};
    run(
        [](void* argument) {
            auto* const what = static_cast<Test*>(argument);
            what->function(what->state);
        },
        &test);
    return current_run().report;
}

Report run_fixture(CMFixtureFunction function, void** state, const char* name) {
    Fixture fixture{function, state, 0};
    run(
        [](void* argument) {
            auto* const what = static_cast<Fixture*>(argument);
            what->status = what->function(what->state);
        },
        &fixture);
    if (current_run().report.skipped) add_failure("", 0, std::string("skip() in the ") + name);
    if (fixture.status != 0)
        add_failure("", 0, std::string("the ") + name + " returned " + std::to_string(fixture.status));
    return current_run().report;
}

}  // namespace warifu::cmocka

namespace {

CMOCKA_PRINTF_ATTRIBUTE(3, 0)
void record(const char* file, int line, const char* format, va_list arguments) {
    char text[warifu::cmocka::max_message_bytes];
    std::vsnprintf(text, sizeof text, format, arguments);
    warifu::cmocka::current_run().report.failures.push_back({file, line, text});
}

}  // namespace

extern "C" {

// What stands between here and the test's own frames has nothing to destroy.
void cm_fail(const char* file, int line, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    record(file, line, format, arguments);
    va_end(arguments);
    cm_end_early();
}

void cm_skip() {
    warifu::cmocka::current_run().report.skipped = true;
    cm_end_early();
}
}
