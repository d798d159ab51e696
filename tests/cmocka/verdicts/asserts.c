// Every assert_* of cmocka, passing and failing.
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static LargestIntegralType odd[] = {3, 5, 7};

static void passes_assert_true(void** state) {
    assert_true(1);
    assert_true(-1);
    assert_true(2 > 1);
}

static void fails_assert_true(void** state) {
    assert_true(0);
}

static void fails_assert_true_of_a_fraction(void** state) {
    assert_true(0.5);
}

static void passes_assert_false(void** state) {
    assert_false(0);
    assert_false(0.5);
}

static void fails_assert_false(void** state) {
    assert_false(7);
}

static void passes_assert_null(void** state) {
    assert_null(NULL);
}

static void fails_assert_null(void** state) {
    assert_null(state);
}

static void passes_assert_non_null(void** state) {
    assert_non_null(state);
}

static void fails_assert_non_null(void** state) {
    assert_non_null(NULL);
}

static void passes_assert_ptr_equal(void** state) {
    assert_ptr_equal(state, state);
    assert_ptr_equal(NULL, NULL);
}

static void fails_assert_ptr_equal(void** state) {
    assert_ptr_equal(state, NULL);
}

static void passes_assert_ptr_not_equal(void** state) {
    assert_ptr_not_equal(state, NULL);
}

static void fails_assert_ptr_not_equal(void** state) {
    assert_ptr_not_equal(state, state);
}

static void passes_assert_int_equal(void** state) {
    assert_int_equal(-1, -1);
    assert_int_equal(UINT64_MAX, UINT64_MAX);
    assert_int_equal(-1, UINT64_MAX);
}

static void fails_assert_int_equal(void** state) {
    assert_int_equal(1, 2);
}

static void fails_assert_int_equal_of_other_widths(void** state) {
    assert_int_equal(-1, 0xffffffffU);
}

static void passes_assert_int_not_equal(void** state) {
    assert_int_not_equal(1, 2);
    assert_int_not_equal(-1, 0xffffffffU);
}

static void fails_assert_int_not_equal(void** state) {
    assert_int_not_equal(2, 2);
}

static void passes_assert_return_code(void** state) {
    assert_return_code(0, 0);
    assert_return_code(7, EINVAL);
    assert_return_code(INT_MAX - 1, 0);
}

static void fails_assert_return_code(void** state) {
    assert_return_code(-1, EINVAL);
}

static void fails_assert_return_code_without_errno(void** state) {
    assert_return_code(-1, 0);
}

static void fails_assert_return_code_of_a_long(void** state) {
    assert_return_code(-1L, 0);
}

static void fails_assert_return_code_of_a_short(void** state) {
    short const code = -1;
    assert_return_code(code, 0);
}

static void fails_assert_return_code_of_a_char(void** state) {
    signed char const code = -1;
    assert_return_code(code, 0);
}

static void fails_assert_return_code_of_int_max(void** state) {
    assert_return_code(INT_MAX, 0);
}

static void fails_assert_return_code_of_long_max(void** state) {
    assert_return_code(LONG_MAX, 0);
}

static void passes_assert_return_code_of_almost_long_max(void** state) {
    assert_return_code(LONG_MAX - 1, 0);
}

static void fails_assert_return_code_of_unsigned_max(void** state) {
    assert_return_code(UINT_MAX, 0);
}

static void fails_assert_return_code_of_short_max(void** state) {
    short const code = SHRT_MAX;
    assert_return_code(code, 0);
}

static void passes_assert_return_code_of_almost_short_max(void** state) {
    short const code = SHRT_MAX - 1;
    assert_return_code(code, 0);
}

static void passes_assert_return_code_of_char_max(void** state) {
    signed char const code = SCHAR_MAX;
    assert_return_code(code, 0);
}

static void passes_assert_return_code_of_an_octet(void** state) {
    unsigned char const code = 254;
    assert_return_code(code, 0);
}

static void fails_assert_return_code_of_the_last_octet(void** state) {
    unsigned char const code = 255;
    assert_return_code(code, 0);
}

static void passes_assert_float_equal(void** state) {
    assert_float_equal(1.0F, 1.0F, 0.0F);
    assert_float_equal(1.0F, 1.05F, 0.1F);
    assert_float_equal(-1.0F, -1.05F, 0.1F);
}

static void fails_assert_float_equal(void** state) {
    assert_float_equal(1.0F, 1.2F, 0.1F);
}

static void passes_assert_float_equal_of_neighbours(void** state) {
    assert_float_equal(1e10F, nextafterf(1e10F, 2e10F), 0.0F);
}

static void fails_assert_float_equal_of_large_ones(void** state) {
    assert_float_equal(1e10F, 1.001e10F, 0.1F);
}

static void fails_assert_float_equal_of_signs(void** state) {
    assert_float_equal(1.0F, -1.0F, 0.5F);
}

static void passes_assert_float_equal_of_nan(void** state) {
    assert_float_equal(NAN, NAN, 1.0F);
}

static void passes_assert_float_equal_of_infinity(void** state) {
    assert_float_equal(INFINITY, INFINITY, 1.0F);
}

static void passes_assert_float_equal_of_infinity_and_one(void** state) {
    assert_float_equal(INFINITY, 1.0F, 1.0F);
}

static void fails_assert_float_equal_of_two_steps(void** state) {
    assert_float_equal(1.0F, 1.0F + 2 * FLT_EPSILON, 0.0F);
}

static void passes_assert_float_equal_of_one_step(void** state) {
    assert_float_equal(1.0F, 1.0F + FLT_EPSILON, 0.0F);
}

static void passes_assert_float_equal_of_one_step_below(void** state) {
    assert_float_equal(1.0F, 1.0F - FLT_EPSILON / 2, 0.0F);
}

static void passes_assert_float_equal_of_two_steps_below(void** state) {
    assert_float_equal(1.0F, 1.0F - FLT_EPSILON, 0.0F);
}

static void fails_assert_float_equal_of_three_steps_below(void** state) {
    assert_float_equal(1.0F, 1.0F - 1.5F * FLT_EPSILON, 0.0F);
}

static void passes_assert_float_equal_at_epsilon(void** state) {
    assert_float_equal(1.0F, 1.5F, 0.5F);
}

static void fails_assert_float_equal_of_a_negative_epsilon(void** state) {
    assert_float_equal(1.0F, 1.5F, -0.5F);
}

static void passes_assert_float_not_equal(void** state) {
    assert_float_not_equal(1.0F, 1.2F, 0.1F);
    assert_float_not_equal(1.0F, -1.0F, 0.5F);
}

static void fails_assert_float_not_equal(void** state) {
    assert_float_not_equal(1.0F, 1.05F, 0.1F);
}

static void fails_assert_float_not_equal_of_nan(void** state) {
    assert_float_not_equal(NAN, NAN, 1.0F);
}

static void fails_assert_float_not_equal_of_neighbours(void** state) {
    assert_float_not_equal(1e10F, nextafterf(1e10F, 2e10F), 0.0F);
}

static void passes_assert_string_equal(void** state) {
    assert_string_equal("", "");
    assert_string_equal("tally", "tally");
}

static void fails_assert_string_equal(void** state) {
    assert_string_equal("tally", "tallies");
}

static void fails_assert_string_equal_with_null(void** state) {
    assert_string_equal("tally", NULL);
}

static void fails_assert_string_equal_of_nulls(void** state) {
    assert_string_equal(NULL, NULL);
}

static void passes_assert_string_not_equal(void** state) {
    assert_string_not_equal("tally", "Tally");
}

static void fails_assert_string_not_equal(void** state) {
    assert_string_not_equal("tally", "tally");
}

static void fails_assert_string_not_equal_with_null(void** state) {
    assert_string_not_equal("tally", NULL);
}

static void passes_assert_memory_equal(void** state) {
    assert_memory_equal("ab\0c", "ab\0c", 5);
    assert_memory_equal("ab", "ac", 1);
    assert_memory_equal("a", "b", 0);
}

static void fails_assert_memory_equal(void** state) {
    assert_memory_equal("ab\0c", "ab\0d", 5);
}

static void passes_assert_memory_not_equal(void** state) {
    assert_memory_not_equal("ab\0c", "ab\0d", 5);
}

static void fails_assert_memory_not_equal(void** state) {
    assert_memory_not_equal("ab\0c", "ab\0c", 5);
}

static void fails_assert_memory_not_equal_of_nothing(void** state) {
    assert_memory_not_equal("a", "b", 0);
}

static void passes_assert_in_range(void** state) {
    assert_in_range(1, 1, 3);
    assert_in_range(3, 1, 3);
    assert_in_range(UINT64_MAX, 1, UINT64_MAX);
}

static void fails_assert_in_range_below(void** state) {
    assert_in_range(0, 1, 3);
}

static void fails_assert_in_range_above(void** state) {
    assert_in_range(4, 1, 3);
}

static void fails_assert_in_range_turned_round(void** state) {
    assert_in_range(2, 3, 1);
}

static void fails_assert_in_range_of_a_negative_value(void** state) {
    assert_in_range(-1, 0, 3);
}

static void passes_assert_not_in_range(void** state) {
    assert_not_in_range(0, 1, 3);
    assert_not_in_range(4, 1, 3);
    assert_not_in_range(-1, 0, 3);
}

static void fails_assert_not_in_range_at_minimum(void** state) {
    assert_not_in_range(1, 1, 3);
}

static void fails_assert_not_in_range_at_maximum(void** state) {
    assert_not_in_range(3, 1, 3);
}

static void passes_assert_in_set(void** state) {
    assert_in_set(7, odd, 3);
}

static void fails_assert_in_set(void** state) {
    assert_in_set(4, odd, 3);
}

static void fails_assert_in_set_beyond_its_count(void** state) {
    assert_in_set(7, odd, 2);
}

static void fails_assert_in_set_of_none(void** state) {
    assert_in_set(7, odd, 0);
}

static void passes_assert_not_in_set(void** state) {
    assert_not_in_set(4, odd, 3);
    assert_not_in_set(7, odd, 2);
}

static void passes_assert_not_in_set_of_none(void** state) {
    assert_not_in_set(7, odd, 0);
}

static void fails_assert_not_in_set(void** state) {
    assert_not_in_set(7, odd, 3);
}

static void fails_at_the_first_assert_and_goes_no_further(void** state) {
    assert_true(0);
    abort();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_assert_true),
        cmocka_unit_test(fails_assert_true),
        cmocka_unit_test(fails_assert_true_of_a_fraction),
        cmocka_unit_test(passes_assert_false),
        cmocka_unit_test(fails_assert_false),
        cmocka_unit_test(passes_assert_null),
        cmocka_unit_test(fails_assert_null),
        cmocka_unit_test(passes_assert_non_null),
        cmocka_unit_test(fails_assert_non_null),
        cmocka_unit_test(passes_assert_ptr_equal),
        cmocka_unit_test(fails_assert_ptr_equal),
        cmocka_unit_test(passes_assert_ptr_not_equal),
        cmocka_unit_test(fails_assert_ptr_not_equal),
        cmocka_unit_test(passes_assert_int_equal),
        cmocka_unit_test(fails_assert_int_equal),
        cmocka_unit_test(fails_assert_int_equal_of_other_widths),
        cmocka_unit_test(passes_assert_int_not_equal),
        cmocka_unit_test(fails_assert_int_not_equal),
        cmocka_unit_test(passes_assert_return_code),
        cmocka_unit_test(fails_assert_return_code),
        cmocka_unit_test(fails_assert_return_code_without_errno),
        cmocka_unit_test(fails_assert_return_code_of_a_long),
        cmocka_unit_test(fails_assert_return_code_of_a_short),
        cmocka_unit_test(fails_assert_return_code_of_a_char),
        cmocka_unit_test(fails_assert_return_code_of_int_max),
        cmocka_unit_test(fails_assert_return_code_of_long_max),
        cmocka_unit_test(passes_assert_return_code_of_almost_long_max),
        cmocka_unit_test(fails_assert_return_code_of_unsigned_max),
        cmocka_unit_test(fails_assert_return_code_of_short_max),
        cmocka_unit_test(passes_assert_return_code_of_almost_short_max),
        cmocka_unit_test(passes_assert_return_code_of_char_max),
        cmocka_unit_test(passes_assert_return_code_of_an_octet),
        cmocka_unit_test(fails_assert_return_code_of_the_last_octet),
        cmocka_unit_test(passes_assert_float_equal),
        cmocka_unit_test(fails_assert_float_equal),
        cmocka_unit_test(passes_assert_float_equal_of_neighbours),
        cmocka_unit_test(fails_assert_float_equal_of_large_ones),
        cmocka_unit_test(fails_assert_float_equal_of_signs),
        cmocka_unit_test(passes_assert_float_equal_of_nan),
        cmocka_unit_test(passes_assert_float_equal_of_infinity),
        cmocka_unit_test(passes_assert_float_equal_of_infinity_and_one),
        cmocka_unit_test(fails_assert_float_equal_of_two_steps),
        cmocka_unit_test(passes_assert_float_equal_of_one_step),
        cmocka_unit_test(passes_assert_float_equal_of_one_step_below),
        cmocka_unit_test(passes_assert_float_equal_of_two_steps_below),
        cmocka_unit_test(fails_assert_float_equal_of_three_steps_below),
        cmocka_unit_test(passes_assert_float_equal_at_epsilon),
        cmocka_unit_test(fails_assert_float_equal_of_a_negative_epsilon),
        cmocka_unit_test(passes_assert_float_not_equal),
        cmocka_unit_test(fails_assert_float_not_equal),
        cmocka_unit_test(fails_assert_float_not_equal_of_nan),
        cmocka_unit_test(fails_assert_float_not_equal_of_neighbours),
        cmocka_unit_test(passes_assert_string_equal),
        cmocka_unit_test(fails_assert_string_equal),
        cmocka_unit_test(fails_assert_string_equal_with_null),
        cmocka_unit_test(fails_assert_string_equal_of_nulls),
        cmocka_unit_test(passes_assert_string_not_equal),
        cmocka_unit_test(fails_assert_string_not_equal),
        cmocka_unit_test(fails_assert_string_not_equal_with_null),
        cmocka_unit_test(passes_assert_memory_equal),
        cmocka_unit_test(fails_assert_memory_equal),
        cmocka_unit_test(passes_assert_memory_not_equal),
        cmocka_unit_test(fails_assert_memory_not_equal),
        cmocka_unit_test(fails_assert_memory_not_equal_of_nothing),
        cmocka_unit_test(passes_assert_in_range),
        cmocka_unit_test(fails_assert_in_range_below),
        cmocka_unit_test(fails_assert_in_range_above),
        cmocka_unit_test(fails_assert_in_range_turned_round),
        cmocka_unit_test(fails_assert_in_range_of_a_negative_value),
        cmocka_unit_test(passes_assert_not_in_range),
        cmocka_unit_test(fails_assert_not_in_range_at_minimum),
        cmocka_unit_test(fails_assert_not_in_range_at_maximum),
        cmocka_unit_test(passes_assert_in_set),
        cmocka_unit_test(fails_assert_in_set),
        cmocka_unit_test(fails_assert_in_set_beyond_its_count),
        cmocka_unit_test(fails_assert_in_set_of_none),
        cmocka_unit_test(passes_assert_not_in_set),
        cmocka_unit_test(passes_assert_not_in_set_of_none),
        cmocka_unit_test(fails_assert_not_in_set),
        cmocka_unit_test(fails_at_the_first_assert_and_goes_no_further),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
