// What mocks and the tests that expect something of them call. No function here that may end the test early
// holds anything with a destructor: such work is done by the ones that return first.
#include <string>

#include "tests/cmocka/adapter/functions.h"
#include "tests/cmocka/adapter/run.h"

namespace {

using warifu::cmocka::current_run;
using warifu::cmocka::ParameterCheck;
using warifu::cmocka::Uses;
using Kind = ParameterCheck::Kind;

constexpr std::size_t max_text_bytes = 512;

std::string parameter_name(const char* function, const char* parameter) {
    return std::string(function) + "(" + parameter + ")";
}

void copy(const std::string& text, char (&out)[max_text_bytes]) {
    out[text.copy(out, max_text_bytes - 1)] = '\0';
}

void require_some(int count, const char* function, const char* file, int line) {
    if (count == 0) cm_fail(file, line, "%s: a count of 0 expects nothing", function);
}

void add_value(const char* function, const char* file, int line, LargestIntegralType value, int count) {
    current_run().values.add(function, {value, Uses(count), file, line});
}

const LargestIntegralType* take_value(const char* function) {
    return current_run().values.take(function);
}

void add_check(const CmParameter& what, ParameterCheck check) {
    current_run().parameters.add(parameter_name(what.function, what.parameter),
                                 {std::move(check), Uses(what.count), what.file, what.line});
}

const ParameterCheck* take_check(const char* function, const char* parameter) {
    return current_run().parameters.take(parameter_name(function, parameter));
}

void describe(const ParameterCheck& check, char (&out)[max_text_bytes]) {
    copy(description(check), out);
}

bool take_call(const char* function, char (&instead)[max_text_bytes]) {
    std::string expected;
    bool const taken = current_run().calls.call(function, &expected);
    copy(expected, instead);
    return taken;
}

}  // namespace

extern "C" {

void cm_will_return(const char* function, const char* file, int line, LargestIntegralType value, int count) {
    require_some(count, function, file, line);
    add_value(function, file, line, value, count);
}

LargestIntegralType cm_mock(const char* function, const char* file, int line) {
    const LargestIntegralType* const value = take_value(function);
    if (value == nullptr) cm_fail(file, line, "%s: no value is left for it to return", function);
    return *value;
}

void cm_expect_value(CmParameter what, int wanted, LargestIntegralType value) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {.kind = Kind::value, .wanted = wanted != 0, .low = value});
}

void cm_expect_range(CmParameter what, int wanted, LargestIntegralType minimum, LargestIntegralType maximum) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {.kind = Kind::range, .wanted = wanted != 0, .low = minimum, .high = maximum});
}

void cm_expect_set(CmParameter what, int wanted, const LargestIntegralType* values, size_t count) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {.kind = Kind::set, .wanted = wanted != 0, .set = {values, values + count}});
}

void cm_expect_string(CmParameter what, int wanted, const char* text) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {.kind = Kind::string, .wanted = wanted != 0, .text = text});
}

void cm_expect_memory(CmParameter what, int wanted, const void* memory, size_t size) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {.kind = Kind::memory,
                     .wanted = wanted != 0,
                     .memory = std::string(static_cast<const char*>(memory), size)});
}

void cm_expect_any(CmParameter what) {
    require_some(what.count, what.function, what.file, what.line);
    add_check(what, {});
}

void cm_expect_check(CmParameter what, CheckParameterValue check, LargestIntegralType check_data) {
    add_check(what, {.kind = Kind::own, .own = check, .own_data = check_data});
}

void cm_check_expected(const char* function, const char* parameter, const char* file, int line,
                       LargestIntegralType value) {
    const ParameterCheck* const check = take_check(function, parameter);
    if (check == nullptr) cm_fail(file, line, "%s(%s): no expectation is left", function, parameter);
    if (meets(*check, value)) return;
    char expected[max_text_bytes];
    describe(*check, expected);
    cm_fail(file, line, "%s(%s) is " LargestIntegralTypePrintfFormatDecimal " (%#" PRIxMAX "); expected: %s",
            function, parameter, value, value, expected);
}

void cm_expect_function_call(const char* function, const char* file, int line, int count) {
    require_some(count, function, file, line);
    current_run().calls.expect(function, Uses(count), file, line);
}

void cm_function_called(const char* function, const char* file, int line) {
    char instead[max_text_bytes];
    if (take_call(function, instead)) return;
    cm_fail(file, line, "%s is called; expected: %s", function, *instead == '\0' ? "nothing" : instead);
}
}
