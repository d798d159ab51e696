// expect_* and check_expected: each kind of expectation met, missed, counted and left over.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static LargestIntegralType odd[] = {3, 5, 7};

static void take(int number) {
    check_expected(number);
}

static void take_text(const char* text) {
    check_expected(text);
}

static void take_both(int number, const char* text) {
    check_expected(number);
    check_expected(text);
}

static void take_pointer(const int* pointer) {
    check_expected_ptr(pointer);
}

static int is_multiple(const LargestIntegralType value, const LargestIntegralType of) {
    return value % of == 0;
}

static void passes_expect_value(void** state) {
    expect_value(take, number, 4);
    take(4);
}

static void fails_expect_value(void** state) {
    expect_value(take, number, 4);
    take(5);
}

static void fails_expect_value_left_over(void** state) {
    expect_value(take, number, 4);
}

static void passes_expect_value_count(void** state) {
    expect_value_count(take, number, 4, 2);
    take(4);
    take(4);
}

static void fails_expect_value_count(void** state) {
    expect_value_count(take, number, 4, 2);
    take(4);
    take(5);
}

static void fails_expect_value_count_not_used_up(void** state) {
    expect_value_count(take, number, 4, 2);
    take(4);
}

static void fails_expect_value_count_once_too_often(void** state) {
    expect_value_count(take, number, 4, 1);
    take(4);
    take(4);
}

static void passes_expect_not_value(void** state) {
    expect_not_value(take, number, 5);
    take(4);
}

static void fails_expect_not_value(void** state) {
    expect_not_value(take, number, 5);
    take(5);
}

static void fails_expect_not_value_left_over(void** state) {
    expect_not_value(take, number, 5);
}

static void passes_expect_not_value_count(void** state) {
    expect_not_value_count(take, number, 5, 2);
    take(4);
    take(4);
}

static void fails_expect_not_value_count(void** state) {
    expect_not_value_count(take, number, 5, 2);
    take(4);
    take(5);
}

static void fails_expect_not_value_count_not_used_up(void** state) {
    expect_not_value_count(take, number, 5, 2);
    take(4);
}

static void fails_expect_not_value_count_once_too_often(void** state) {
    expect_not_value_count(take, number, 5, 1);
    take(4);
    take(4);
}

static void passes_expect_in_range(void** state) {
    expect_in_range(take, number, 4, 6);
    take(5);
}

static void fails_expect_in_range(void** state) {
    expect_in_range(take, number, 4, 6);
    take(7);
}

static void fails_expect_in_range_left_over(void** state) {
    expect_in_range(take, number, 4, 6);
}

static void passes_expect_in_range_count(void** state) {
    expect_in_range_count(take, number, 4, 6, 2);
    take(5);
    take(5);
}

static void fails_expect_in_range_count(void** state) {
    expect_in_range_count(take, number, 4, 6, 2);
    take(5);
    take(7);
}

static void fails_expect_in_range_count_not_used_up(void** state) {
    expect_in_range_count(take, number, 4, 6, 2);
    take(5);
}

static void fails_expect_in_range_count_once_too_often(void** state) {
    expect_in_range_count(take, number, 4, 6, 1);
    take(5);
    take(5);
}

static void passes_expect_not_in_range(void** state) {
    expect_not_in_range(take, number, 4, 6);
    take(7);
}

static void fails_expect_not_in_range(void** state) {
    expect_not_in_range(take, number, 4, 6);
    take(5);
}

static void fails_expect_not_in_range_left_over(void** state) {
    expect_not_in_range(take, number, 4, 6);
}

static void passes_expect_not_in_range_count(void** state) {
    expect_not_in_range_count(take, number, 4, 6, 2);
    take(7);
    take(7);
}

static void fails_expect_not_in_range_count(void** state) {
    expect_not_in_range_count(take, number, 4, 6, 2);
    take(7);
    take(5);
}

static void fails_expect_not_in_range_count_not_used_up(void** state) {
    expect_not_in_range_count(take, number, 4, 6, 2);
    take(7);
}

static void fails_expect_not_in_range_count_once_too_often(void** state) {
    expect_not_in_range_count(take, number, 4, 6, 1);
    take(7);
    take(7);
}

static void passes_expect_in_set(void** state) {
    expect_in_set(take, number, odd);
    take(5);
}

static void fails_expect_in_set(void** state) {
    expect_in_set(take, number, odd);
    take(6);
}

static void fails_expect_in_set_left_over(void** state) {
    expect_in_set(take, number, odd);
}

static void passes_expect_in_set_count(void** state) {
    expect_in_set_count(take, number, odd, 2);
    take(5);
    take(5);
}

static void fails_expect_in_set_count(void** state) {
    expect_in_set_count(take, number, odd, 2);
    take(5);
    take(6);
}

static void fails_expect_in_set_count_not_used_up(void** state) {
    expect_in_set_count(take, number, odd, 2);
    take(5);
}

static void fails_expect_in_set_count_once_too_often(void** state) {
    expect_in_set_count(take, number, odd, 1);
    take(5);
    take(5);
}

static void passes_expect_not_in_set(void** state) {
    expect_not_in_set(take, number, odd);
    take(6);
}

static void fails_expect_not_in_set(void** state) {
    expect_not_in_set(take, number, odd);
    take(5);
}

static void fails_expect_not_in_set_left_over(void** state) {
    expect_not_in_set(take, number, odd);
}

static void passes_expect_not_in_set_count(void** state) {
    expect_not_in_set_count(take, number, odd, 2);
    take(6);
    take(6);
}

static void fails_expect_not_in_set_count(void** state) {
    expect_not_in_set_count(take, number, odd, 2);
    take(6);
    take(5);
}

static void fails_expect_not_in_set_count_not_used_up(void** state) {
    expect_not_in_set_count(take, number, odd, 2);
    take(6);
}

static void fails_expect_not_in_set_count_once_too_often(void** state) {
    expect_not_in_set_count(take, number, odd, 1);
    take(6);
    take(6);
}

static void passes_expect_string(void** state) {
    expect_string(take_text, text, "tally");
    take_text("tally");
}

static void fails_expect_string(void** state) {
    expect_string(take_text, text, "tally");
    take_text("tallies");
}

static void passes_expect_string_count(void** state) {
    expect_string_count(take_text, text, "tally", 2);
    take_text("tally");
    take_text("tally");
}

static void fails_expect_string_count(void** state) {
    expect_string_count(take_text, text, "tally", 2);
    take_text("tally");
    take_text("tallies");
}

static void fails_expect_string_count_not_used_up(void** state) {
    expect_string_count(take_text, text, "tally", 2);
    take_text("tally");
}

static void fails_expect_string_with_null(void** state) {
    expect_string(take_text, text, "tally");
    take_text(NULL);
}

static void passes_expect_not_string(void** state) {
    expect_not_string(take_text, text, "tallies");
    take_text("tally");
}

static void fails_expect_not_string(void** state) {
    expect_not_string(take_text, text, "tallies");
    take_text("tallies");
}

static void passes_expect_not_string_count(void** state) {
    expect_not_string_count(take_text, text, "tallies", 2);
    take_text("tally");
    take_text("tally");
}

static void fails_expect_not_string_count(void** state) {
    expect_not_string_count(take_text, text, "tallies", 2);
    take_text("tally");
    take_text("tallies");
}

static void fails_expect_not_string_count_not_used_up(void** state) {
    expect_not_string_count(take_text, text, "tallies", 2);
    take_text("tally");
}

static void fails_expect_not_string_with_null(void** state) {
    expect_not_string(take_text, text, "tallies");
    take_text(NULL);
}

static void passes_expect_memory(void** state) {
    expect_memory(take_text, text, "ab\0c", 5);
    take_text("ab\0c");
}

static void fails_expect_memory(void** state) {
    expect_memory(take_text, text, "ab\0c", 5);
    take_text("ab\0d");
}

static void passes_expect_memory_count(void** state) {
    expect_memory_count(take_text, text, "ab\0c", 5, 2);
    take_text("ab\0c");
    take_text("ab\0c");
}

static void fails_expect_memory_count(void** state) {
    expect_memory_count(take_text, text, "ab\0c", 5, 2);
    take_text("ab\0c");
    take_text("ab\0d");
}

static void fails_expect_memory_count_not_used_up(void** state) {
    expect_memory_count(take_text, text, "ab\0c", 5, 2);
    take_text("ab\0c");
}

static void fails_expect_memory_with_null(void** state) {
    expect_memory(take_text, text, "ab\0c", 5);
    take_text(NULL);
}

static void passes_expect_not_memory(void** state) {
    expect_not_memory(take_text, text, "ab\0d", 5);
    take_text("ab\0c");
}

static void fails_expect_not_memory(void** state) {
    expect_not_memory(take_text, text, "ab\0d", 5);
    take_text("ab\0d");
}

static void passes_expect_not_memory_count(void** state) {
    expect_not_memory_count(take_text, text, "ab\0d", 5, 2);
    take_text("ab\0c");
    take_text("ab\0c");
}

static void fails_expect_not_memory_count(void** state) {
    expect_not_memory_count(take_text, text, "ab\0d", 5, 2);
    take_text("ab\0c");
    take_text("ab\0d");
}

static void fails_expect_not_memory_count_not_used_up(void** state) {
    expect_not_memory_count(take_text, text, "ab\0d", 5, 2);
    take_text("ab\0c");
}

static void fails_expect_not_memory_with_null(void** state) {
    expect_not_memory(take_text, text, "ab\0d", 5);
    take_text(NULL);
}

static void passes_expect_any(void** state) {
    expect_any(take, number);
    take(4);
}

static void fails_expect_any_once_too_often(void** state) {
    expect_any(take, number);
    take(4);
    take(4);
}

static void fails_expect_any_left_over(void** state) {
    expect_any(take, number);
}

static void passes_expect_any_count(void** state) {
    expect_any_count(take, number, 2);
    take(4);
    take(5);
}

static void fails_expect_any_count_not_used_up(void** state) {
    expect_any_count(take, number, 2);
    take(4);
}

static void passes_expect_any_always(void** state) {
    expect_any_always(take, number);
    take(4);
    take(5);
}

static void fails_expect_any_always_left_over(void** state) {
    expect_any_always(take, number);
}

static void passes_expect_value_without_end(void** state) {
    expect_value_count(take, number, 4, -1);
    take(4);
    take(4);
}

static void fails_expect_value_without_end(void** state) {
    expect_value_count(take, number, 4, -1);
    take(4);
    take(5);
}

static void fails_expect_value_without_end_never_taken(void** state) {
    expect_value_count(take, number, 4, -1);
}

static void passes_expect_value_perhaps(void** state) {
    expect_value_count(take, number, 4, -2);
}

static void passes_expect_value_perhaps_and_taken(void** state) {
    expect_value_count(take, number, 4, -2);
    take(4);
    take(4);
}

static void fails_expect_value_perhaps(void** state) {
    expect_value_count(take, number, 4, -2);
    take(5);
}

static void fails_expect_value_count_of_none(void** state) {
    expect_value_count(take, number, 4, 0);
}

static void fails_expect_value_behind_one_without_end(void** state) {
    expect_value_count(take, number, 4, -1);
    expect_value(take, number, 5);
    take(4);
    take(5);
}

static void passes_expect_check(void** state) {
    expect_check(take, number, is_multiple, 3);
    take(9);
}

static void fails_expect_check(void** state) {
    expect_check(take, number, is_multiple, 3);
    take(10);
}

static void fails_expect_check_left_over(void** state) {
    expect_check(take, number, is_multiple, 3);
}

static void passes_expectations_in_turn(void** state) {
    expect_value(take, number, 4);
    expect_any(take, number);
    expect_value(take, number, 6);
    take(4);
    take(7);
    take(6);
}

static void fails_expectations_out_of_turn(void** state) {
    expect_value(take, number, 4);
    expect_value(take, number, 6);
    take(6);
    take(4);
}

static void fails_check_expected_without_expectation(void** state) {
    take(4);
}

static void fails_check_expected_of_another_function(void** state) {
    expect_value(take, text, 4);
    take_text(NULL);
}

static void fails_check_expected_of_another_parameter(void** state) {
    expect_value(take, text, 4);
    take(4);
}

static void passes_two_parameters(void** state) {
    expect_string(take_both, text, "tally");
    expect_value(take_both, number, -1);
    take_both(-1, "tally");
}

static void fails_the_second_of_two_parameters(void** state) {
    expect_value(take_both, number, 4);
    expect_string(take_both, text, "tally");
    take_both(4, "tallies");
}

static void fails_when_one_of_two_parameters_has_no_expectation(void** state) {
    expect_value(take_both, number, 4);
    take_both(4, "tally");
}

static void passes_check_expected_ptr(void** state) {
    int target = 0;
    expect_value(take_pointer, pointer, cast_to_pointer_integral_type(&target));
    expect_value(take_pointer, pointer, cast_to_largest_integral_type(&target));
    take_pointer(&target);
    take_pointer(&target);
}

static void fails_check_expected_ptr(void** state) {
    int target = 0;
    expect_value(take_pointer, pointer, cast_ptr_to_largest_integral_type(&target));
    take_pointer(NULL);
}

static void passes_a_negative_number(void** state) {
    expect_value(take, number, -4);
    take(-4);
}

static void fails_a_negative_number_in_a_range(void** state) {
    expect_in_range(take, number, 0, 4);
    take(-1);
}

static void fails_a_range_turned_round(void** state) {
    expect_in_range(take, number, 4, 0);
    take(2);
}

static void passes_a_not_range_turned_round(void** state) {
    expect_not_in_range(take, number, 4, 0);
    take(2);
}

static void passes_a_string_compared_with_what_it_is_when_it_is_taken(void** state) {
    char changing[] = "tally";
    expect_string(take_text, text, changing);
    changing[0] = 'T';
    take_text("Tally");
}

static void passes_memory_compared_with_what_it_was_when_it_was_expected(void** state) {
    char changing[] = "tally";
    expect_memory(take_text, text, changing, 5);
    changing[0] = 'T';
    take_text("tally");
}

static void passes_a_set_compared_with_what_it_was_when_it_was_expected(void** state) {
    LargestIntegralType changing[] = {1, 2};
    expect_in_set(take, number, changing);
    changing[0] = 3;
    take(1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_expect_value),
        cmocka_unit_test(fails_expect_value),
        cmocka_unit_test(fails_expect_value_left_over),
        cmocka_unit_test(passes_expect_value_count),
        cmocka_unit_test(fails_expect_value_count),
        cmocka_unit_test(fails_expect_value_count_not_used_up),
        cmocka_unit_test(fails_expect_value_count_once_too_often),
        cmocka_unit_test(passes_expect_not_value),
        cmocka_unit_test(fails_expect_not_value),
        cmocka_unit_test(fails_expect_not_value_left_over),
        cmocka_unit_test(passes_expect_not_value_count),
        cmocka_unit_test(fails_expect_not_value_count),
        cmocka_unit_test(fails_expect_not_value_count_not_used_up),
        cmocka_unit_test(fails_expect_not_value_count_once_too_often),
        cmocka_unit_test(passes_expect_in_range),
        cmocka_unit_test(fails_expect_in_range),
        cmocka_unit_test(fails_expect_in_range_left_over),
        cmocka_unit_test(passes_expect_in_range_count),
        cmocka_unit_test(fails_expect_in_range_count),
        cmocka_unit_test(fails_expect_in_range_count_not_used_up),
        cmocka_unit_test(fails_expect_in_range_count_once_too_often),
        cmocka_unit_test(passes_expect_not_in_range),
        cmocka_unit_test(fails_expect_not_in_range),
        cmocka_unit_test(fails_expect_not_in_range_left_over),
        cmocka_unit_test(passes_expect_not_in_range_count),
        cmocka_unit_test(fails_expect_not_in_range_count),
        cmocka_unit_test(fails_expect_not_in_range_count_not_used_up),
        cmocka_unit_test(fails_expect_not_in_range_count_once_too_often),
        cmocka_unit_test(passes_expect_in_set),
        cmocka_unit_test(fails_expect_in_set),
        cmocka_unit_test(fails_expect_in_set_left_over),
        cmocka_unit_test(passes_expect_in_set_count),
        cmocka_unit_test(fails_expect_in_set_count),
        cmocka_unit_test(fails_expect_in_set_count_not_used_up),
        cmocka_unit_test(fails_expect_in_set_count_once_too_often),
        cmocka_unit_test(passes_expect_not_in_set),
        cmocka_unit_test(fails_expect_not_in_set),
        cmocka_unit_test(fails_expect_not_in_set_left_over),
        cmocka_unit_test(passes_expect_not_in_set_count),
        cmocka_unit_test(fails_expect_not_in_set_count),
        cmocka_unit_test(fails_expect_not_in_set_count_not_used_up),
        cmocka_unit_test(fails_expect_not_in_set_count_once_too_often),
        cmocka_unit_test(passes_expect_string),
        cmocka_unit_test(fails_expect_string),
        cmocka_unit_test(passes_expect_string_count),
        cmocka_unit_test(fails_expect_string_count),
        cmocka_unit_test(fails_expect_string_count_not_used_up),
        cmocka_unit_test(fails_expect_string_with_null),
        cmocka_unit_test(passes_expect_not_string),
        cmocka_unit_test(fails_expect_not_string),
        cmocka_unit_test(passes_expect_not_string_count),
        cmocka_unit_test(fails_expect_not_string_count),
        cmocka_unit_test(fails_expect_not_string_count_not_used_up),
        cmocka_unit_test(fails_expect_not_string_with_null),
        cmocka_unit_test(passes_expect_memory),
        cmocka_unit_test(fails_expect_memory),
        cmocka_unit_test(passes_expect_memory_count),
        cmocka_unit_test(fails_expect_memory_count),
        cmocka_unit_test(fails_expect_memory_count_not_used_up),
        cmocka_unit_test(fails_expect_memory_with_null),
        cmocka_unit_test(passes_expect_not_memory),
        cmocka_unit_test(fails_expect_not_memory),
        cmocka_unit_test(passes_expect_not_memory_count),
        cmocka_unit_test(fails_expect_not_memory_count),
        cmocka_unit_test(fails_expect_not_memory_count_not_used_up),
        cmocka_unit_test(fails_expect_not_memory_with_null),
        cmocka_unit_test(passes_expect_any),
        cmocka_unit_test(fails_expect_any_once_too_often),
        cmocka_unit_test(fails_expect_any_left_over),
        cmocka_unit_test(passes_expect_any_count),
        cmocka_unit_test(fails_expect_any_count_not_used_up),
        cmocka_unit_test(passes_expect_any_always),
        cmocka_unit_test(fails_expect_any_always_left_over),
        cmocka_unit_test(passes_expect_value_without_end),
        cmocka_unit_test(fails_expect_value_without_end),
        cmocka_unit_test(fails_expect_value_without_end_never_taken),
        cmocka_unit_test(passes_expect_value_perhaps),
        cmocka_unit_test(passes_expect_value_perhaps_and_taken),
        cmocka_unit_test(fails_expect_value_perhaps),
        cmocka_unit_test(fails_expect_value_count_of_none),
        cmocka_unit_test(fails_expect_value_behind_one_without_end),
        cmocka_unit_test(passes_expect_check),
        cmocka_unit_test(fails_expect_check),
        cmocka_unit_test(fails_expect_check_left_over),
        cmocka_unit_test(passes_expectations_in_turn),
        cmocka_unit_test(fails_expectations_out_of_turn),
        cmocka_unit_test(fails_check_expected_without_expectation),
        cmocka_unit_test(fails_check_expected_of_another_function),
        cmocka_unit_test(fails_check_expected_of_another_parameter),
        cmocka_unit_test(passes_two_parameters),
        cmocka_unit_test(fails_the_second_of_two_parameters),
        cmocka_unit_test(fails_when_one_of_two_parameters_has_no_expectation),
        cmocka_unit_test(passes_check_expected_ptr),
        cmocka_unit_test(fails_check_expected_ptr),
        cmocka_unit_test(passes_a_negative_number),
        cmocka_unit_test(fails_a_negative_number_in_a_range),
        cmocka_unit_test(fails_a_range_turned_round),
        cmocka_unit_test(passes_a_not_range_turned_round),
        cmocka_unit_test(passes_a_string_compared_with_what_it_is_when_it_is_taken),
        cmocka_unit_test(passes_memory_compared_with_what_it_was_when_it_was_expected),
        cmocka_unit_test(passes_a_set_compared_with_what_it_was_when_it_was_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
