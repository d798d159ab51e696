// expect_function_call and its kin: which mock is called when.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void first(void) {
    function_called();
}

static void second(void) {
    function_called();
}

static void third(void) {
    function_called();
}

static void passes_one_call(void** state) {
    expect_function_call(first);
    first();
}

static void fails_a_call_left_over(void** state) {
    expect_function_call(first);
}

static void fails_a_call_that_nobody_expects(void** state) {
    first();
}

static void fails_one_call_too_many(void** state) {
    expect_function_call(first);
    first();
    first();
}

static void passes_calls_in_their_order(void** state) {
    expect_function_call(first);
    expect_function_call(second);
    expect_function_call(first);
    first();
    second();
    first();
}

static void fails_calls_out_of_order(void** state) {
    expect_function_call(first);
    expect_function_call(second);
    second();
    first();
}

static void passes_expect_function_calls(void** state) {
    expect_function_calls(first, 2);
    expect_function_call(second);
    first();
    first();
    second();
}

static void fails_expect_function_calls_too_few(void** state) {
    expect_function_calls(first, 2);
    first();
}

static void fails_expect_function_calls_too_few_before_another(void** state) {
    expect_function_calls(first, 2);
    expect_function_call(second);
    first();
    second();
}

static void fails_expect_function_calls_of_none(void** state) {
    expect_function_calls(first, 0);
}

static void fails_expect_function_calls_of_none_called(void** state) {
    expect_function_calls(first, 0);
    first();
}

static void passes_expect_function_call_any(void** state) {
    expect_function_call_any(first);
    first();
    first();
    first();
}

static void passes_expect_function_call_any_once(void** state) {
    expect_function_call_any(first);
    first();
}

static void fails_expect_function_call_any_never(void** state) {
    expect_function_call_any(first);
}

static void fails_another_before_expect_function_call_any(void** state) {
    expect_function_call_any(first);
    expect_function_call(second);
    second();
    first();
}

static void passes_another_between_expect_function_call_any(void** state) {
    expect_function_call_any(first);
    expect_function_call(second);
    first();
    second();
    first();
}

static void fails_expect_function_call_any_and_nobody_else(void** state) {
    expect_function_call_any(first);
    first();
    second();
}

static void passes_ignore_function_calls(void** state) {
    ignore_function_calls(first);
    first();
    first();
}

static void passes_ignore_function_calls_never(void** state) {
    ignore_function_calls(first);
}

static void passes_ignore_function_calls_between_others(void** state) {
    ignore_function_calls(first);
    expect_function_call(second);
    first();
    second();
    first();
}

static void fails_ignore_function_calls_behind_another(void** state) {
    expect_function_call(second);
    ignore_function_calls(first);
    first();
    second();
}

static void passes_ignore_function_calls_of_two(void** state) {
    ignore_function_calls(first);
    ignore_function_calls(second);
    expect_function_call(third);
    second();
    first();
    third();
    second();
}

static void fails_a_third_beside_two_ignored(void** state) {
    ignore_function_calls(first);
    ignore_function_calls(second);
    third();
}

static void fails_a_third_beside_one_ignored(void** state) {
    ignore_function_calls(first);
    third();
}

static void fails_what_is_expected_behind_ignored_ones(void** state) {
    ignore_function_calls(first);
    expect_function_call(second);
    first();
}

static void fails_the_second_expected_before_the_first_behind_ignored(void** state) {
    ignore_function_calls(first);
    expect_function_call(second);
    expect_function_call(third);
    third();
    second();
}

static void fails_what_is_expected_behind_itself_ignored(void** state) {
    ignore_function_calls(first);
    expect_function_call(first);
    first();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_one_call),
        cmocka_unit_test(fails_a_call_left_over),
        cmocka_unit_test(fails_a_call_that_nobody_expects),
        cmocka_unit_test(fails_one_call_too_many),
        cmocka_unit_test(passes_calls_in_their_order),
        cmocka_unit_test(fails_calls_out_of_order),
        cmocka_unit_test(passes_expect_function_calls),
        cmocka_unit_test(fails_expect_function_calls_too_few),
        cmocka_unit_test(fails_expect_function_calls_too_few_before_another),
        cmocka_unit_test(fails_expect_function_calls_of_none),
        cmocka_unit_test(fails_expect_function_calls_of_none_called),
        cmocka_unit_test(passes_expect_function_call_any),
        cmocka_unit_test(passes_expect_function_call_any_once),
        cmocka_unit_test(fails_expect_function_call_any_never),
        cmocka_unit_test(fails_another_before_expect_function_call_any),
        cmocka_unit_test(passes_another_between_expect_function_call_any),
        cmocka_unit_test(fails_expect_function_call_any_and_nobody_else),
        cmocka_unit_test(passes_ignore_function_calls),
        cmocka_unit_test(passes_ignore_function_calls_never),
        cmocka_unit_test(passes_ignore_function_calls_between_others),
        cmocka_unit_test(fails_ignore_function_calls_behind_another),
        cmocka_unit_test(passes_ignore_function_calls_of_two),
        cmocka_unit_test(fails_a_third_beside_two_ignored),
        cmocka_unit_test(fails_a_third_beside_one_ignored),
        cmocka_unit_test(fails_what_is_expected_behind_ignored_ones),
        cmocka_unit_test(fails_the_second_expected_before_the_first_behind_ignored),
        cmocka_unit_test(fails_what_is_expected_behind_itself_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
