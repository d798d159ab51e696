// mock and will_return: values in turn, counted, without end, and left over.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int number(void) {
    return mock_type(int);
}

static const char* text(void) {
    return mock_ptr_type(const char*);
}

static void passes_mock(void** state) {
    will_return(number, 42);
    assert_int_equal(number(), 42);
}

static void passes_mocks_in_the_order_of_their_values(void** state) {
    will_return(number, 1);
    will_return(number, 2);
    assert_int_equal(number(), 1);
    assert_int_equal(number(), 2);
}

static void passes_mocks_of_two_functions(void** state) {
    will_return(number, 1);
    will_return(text, "tally");
    assert_string_equal(text(), "tally");
    assert_int_equal(number(), 1);
}

static void passes_a_negative_mock(void** state) {
    will_return(number, -5);
    assert_int_equal(number(), -5);
}

static void passes_mock_ptr_type_of_null(void** state) {
    will_return(text, NULL);
    assert_null(text());
}

static void fails_mock_without_a_value(void** state) {
    number();
}

static void fails_mock_once_too_often(void** state) {
    will_return(number, 42);
    number();
    number();
}

static void fails_mock_with_another_functions_value(void** state) {
    will_return(text, "tally");
    number();
}

static void fails_a_value_left_over(void** state) {
    will_return(number, 42);
}

static void fails_one_of_two_values_left_over(void** state) {
    will_return(number, 42);
    will_return(number, 43);
    number();
}

static void passes_will_return_count(void** state) {
    will_return_count(number, 42, 3);
    assert_int_equal(number() + number() + number(), 126);
}

static void fails_will_return_count_not_used_up(void** state) {
    will_return_count(number, 42, 3);
    number();
    number();
}

static void fails_will_return_count_once_too_often(void** state) {
    will_return_count(number, 42, 1);
    number();
    number();
}

static void fails_will_return_count_of_none(void** state) {
    will_return_count(number, 42, 0);
}

static void passes_will_return_count_below_the_named_ones(void** state) {
    will_return_count(number, 42, -3);
    number();
    number();
}

static void passes_will_return_always(void** state) {
    will_return_always(number, 42);
    assert_int_equal(number() + number(), 84);
}

static void fails_will_return_always_never_asked(void** state) {
    will_return_always(number, 42);
}

static void passes_will_return_maybe(void** state) {
    will_return_maybe(number, 42);
    assert_int_equal(number() + number(), 84);
}

static void passes_will_return_maybe_never_asked(void** state) {
    will_return_maybe(number, 42);
}

static void passes_named_counts(void** state) {
    will_return_count(number, 42, WILL_RETURN_ALWAYS);
    assert_int_equal(number(), 42);
    will_return_count(text, "tally", WILL_RETURN_ONCE);
}

static void fails_what_stands_behind_always(void** state) {
    will_return_always(number, 1);
    will_return(number, 2);
    assert_int_equal(number(), 1);
    assert_int_equal(number(), 1);
}

static void fails_what_stands_behind_maybe(void** state) {
    will_return_maybe(number, 1);
    will_return(number, 2);
    assert_int_equal(number(), 1);
}

static void passes_always_behind_one_value(void** state) {
    will_return(number, 1);
    will_return_always(number, 2);
    assert_int_equal(number(), 1);
    assert_int_equal(number(), 2);
    assert_int_equal(number(), 2);
}

static void fails_maybe_behind_a_value_left_over(void** state) {
    will_return(number, 1);
    will_return_maybe(number, 2);
}

static void passes_after_a_test_that_left_a_value(void** state) {
    will_return(number, 3);
    assert_int_equal(number(), 3);
}

static void passes_will_return_count_below_the_named_ones_never_asked(void** state) {
    will_return_count(number, 42, -3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_mock),
        cmocka_unit_test(passes_mocks_in_the_order_of_their_values),
        cmocka_unit_test(passes_mocks_of_two_functions),
        cmocka_unit_test(passes_a_negative_mock),
        cmocka_unit_test(passes_mock_ptr_type_of_null),
        cmocka_unit_test(fails_mock_without_a_value),
        cmocka_unit_test(fails_mock_once_too_often),
        cmocka_unit_test(fails_mock_with_another_functions_value),
        cmocka_unit_test(fails_a_value_left_over),
        cmocka_unit_test(fails_one_of_two_values_left_over),
        cmocka_unit_test(passes_will_return_count),
        cmocka_unit_test(fails_will_return_count_not_used_up),
        cmocka_unit_test(fails_will_return_count_once_too_often),
        cmocka_unit_test(fails_will_return_count_of_none),
        cmocka_unit_test(passes_will_return_count_below_the_named_ones),
        cmocka_unit_test(passes_will_return_count_below_the_named_ones_never_asked),
        cmocka_unit_test(passes_will_return_always),
        cmocka_unit_test(fails_will_return_always_never_asked),
        cmocka_unit_test(passes_will_return_maybe),
        cmocka_unit_test(passes_will_return_maybe_never_asked),
        cmocka_unit_test(passes_named_counts),
        cmocka_unit_test(fails_what_stands_behind_always),
        cmocka_unit_test(fails_what_stands_behind_maybe),
        cmocka_unit_test(passes_always_behind_one_value),
        cmocka_unit_test(fails_maybe_behind_a_value_left_over),
        cmocka_unit_test(passes_after_a_test_that_left_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
