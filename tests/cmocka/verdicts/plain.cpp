// A test file in C++.
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}

static int number() {
    return mock_type(int);
}

static const char* text(const char* key) {
    check_expected_ptr(key);
    function_called();
    return mock_ptr_type(const char*);
}

static void passes_a_mock(void**) {
    will_return(number, 42);
    assert_int_equal(number(), 42);
}

static void fails_a_value_left_over(void**) {
    will_return(number, 42);
}

static void passes_a_mock_with_a_parameter(void**) {
    expect_string(text, key, "word");
    expect_function_call(text);
    will_return(text, "tally");
    assert_string_equal(text("word"), "tally");
}

static void fails_a_parameter(void**) {
    expect_string(text, key, "word");
    text("number");
}

static void fails_an_assertion(void** state) {
    assert_null(state);
}

static void passes_an_expected_assertion(void**) {
    expect_assert_failure(mock_assert(0, "never", __FILE__, __LINE__));
}

static void skips_the_rest(void**) {
    skip();
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(passes_a_mock),
        cmocka_unit_test(fails_a_value_left_over),
        cmocka_unit_test(passes_a_mock_with_a_parameter),
        cmocka_unit_test(fails_a_parameter),
        cmocka_unit_test(fails_an_assertion),
        cmocka_unit_test(passes_an_expected_assertion),
        cmocka_unit_test(skips_the_rest),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
