// The interface of cmocka 1.1.5, as its manual describes it, over GoogleTest: a test file written to that
// interface compiles unchanged, and each of its tests is a GoogleTest case GROUP.FUNCTION. This file stands
// before the system's cmocka.h on the include path.
//
// A failed check ends the test function with longjmp, so between a test and a check there are only C frames,
// or C++ frames that have nothing to destroy. Values are compared as LargestIntegralType: what the casts
// below make of them is part of the interface (assert_true(0.5) fails).
//
// Left out: the interface deprecated in 1.0 (unit_test, run_tests, run_group_tests, run_test), and the
// functions behind the macros, but for those that code under test names itself (mock_assert, _test_malloc and
// its kin).
#pragma once

#include "tests/cmocka/adapter/functions.h"

#define cast_to_largest_integral_type(value) ((LargestIntegralType)(value))
#define cast_to_pointer_integral_type(value) ((uintptr_t)((size_t)(value)))
#define cast_ptr_to_largest_integral_type(value) \
    cast_to_largest_integral_type(cast_to_pointer_integral_type(value))

// Where a macro stands, for the message. Names are made into strings where cmocka makes them, since a name
// that is itself a macro is expanded by each macro on the way.
#define CM_HERE __FILE__, __LINE__

// --- Values that a mock returns, and what it is expected to be given.

// How often an entry serves: so many times, or one of these.
#define WILL_RETURN_ALWAYS (-1)  // at least once
#define WILL_RETURN_ONCE (-2)    // any number of times, none included

#define mock() cm_mock(__func__, CM_HERE)
#define mock_type(type) ((type)mock())
#define mock_ptr_type(type) ((type)(uintptr_t)mock())

#define will_return(function, value) \
    cm_will_return(#function, CM_HERE, cast_to_largest_integral_type(value), 1)
#define will_return_count(function, value, count) \
    cm_will_return(#function, CM_HERE, cast_to_largest_integral_type(value), count)
#define will_return_always(function, value) will_return_count(function, value, WILL_RETURN_ALWAYS)
#define will_return_maybe(function, value) will_return_count(function, value, WILL_RETURN_ONCE)

#ifdef __cplusplus
#define CM_PARAMETER(function, parameter, count) \
    CmParameter {                                \
        function, parameter, CM_HERE, count      \
    }
#else
#define CM_PARAMETER(function, parameter, count) ((struct CmParameter){function, parameter, CM_HERE, count})
#endif

#define expect_value(function, parameter, value) expect_value_count(function, parameter, value, 1)
#define expect_value_count(function, parameter, value, count) \
    cm_expect_value(CM_PARAMETER(#function, #parameter, count), 1, cast_to_largest_integral_type(value))
#define expect_not_value(function, parameter, value) expect_not_value_count(function, parameter, value, 1)
#define expect_not_value_count(function, parameter, value, count) \
    cm_expect_value(CM_PARAMETER(#function, #parameter, count), 0, cast_to_largest_integral_type(value))

#define expect_in_range(function, parameter, minimum, maximum) \
    expect_in_range_count(function, parameter, minimum, maximum, 1)
#define expect_in_range_count(function, parameter, minimum, maximum, count)                                \
    cm_expect_range(CM_PARAMETER(#function, #parameter, count), 1, cast_to_largest_integral_type(minimum), \
                    cast_to_largest_integral_type(maximum))
#define expect_not_in_range(function, parameter, minimum, maximum) \
    expect_not_in_range_count(function, parameter, minimum, maximum, 1)
#define expect_not_in_range_count(function, parameter, minimum, maximum, count)                            \
    cm_expect_range(CM_PARAMETER(#function, #parameter, count), 0, cast_to_largest_integral_type(minimum), \
                    cast_to_largest_integral_type(maximum))

// `values` is an array, whose size counts.
#define expect_in_set(function, parameter, values) expect_in_set_count(function, parameter, values, 1)
#define expect_in_set_count(function, parameter, values, count) \
    cm_expect_set(CM_PARAMETER(#function, #parameter, count), 1, values, sizeof(values) / sizeof((values)[0]))
#define expect_not_in_set(function, parameter, values) expect_not_in_set_count(function, parameter, values, 1)
#define expect_not_in_set_count(function, parameter, values, count) \
    cm_expect_set(CM_PARAMETER(#function, #parameter, count), 0, values, sizeof(values) / sizeof((values)[0]))

#define expect_string(function, parameter, string) expect_string_count(function, parameter, string, 1)
#define expect_string_count(function, parameter, string, count) \
    cm_expect_string(CM_PARAMETER(#function, #parameter, count), 1, (const char*)(string))
#define expect_not_string(function, parameter, string) expect_not_string_count(function, parameter, string, 1)
#define expect_not_string_count(function, parameter, string, count) \
    cm_expect_string(CM_PARAMETER(#function, #parameter, count), 0, (const char*)(string))

#define expect_memory(function, parameter, memory, size) \
    expect_memory_count(function, parameter, memory, size, 1)
#define expect_memory_count(function, parameter, memory, size, count) \
    cm_expect_memory(CM_PARAMETER(#function, #parameter, count), 1, (const void*)(memory), size)
#define expect_not_memory(function, parameter, memory, size) \
    expect_not_memory_count(function, parameter, memory, size, 1)
#define expect_not_memory_count(function, parameter, memory, size, count) \
    cm_expect_memory(CM_PARAMETER(#function, #parameter, count), 0, (const void*)(memory), size)

#define expect_any(function, parameter) expect_any_count(function, parameter, 1)
#define expect_any_count(function, parameter, count) cm_expect_any(CM_PARAMETER(#function, #parameter, count))
#define expect_any_always(function, parameter) expect_any_count(function, parameter, WILL_RETURN_ALWAYS)

#define expect_check(function, parameter, check_function, check_data)         \
    cm_expect_check(CM_PARAMETER(#function, #parameter, 1), (check_function), \
                    cast_to_largest_integral_type(check_data))

#define check_expected(parameter) \
    cm_check_expected(__func__, #parameter, CM_HERE, cast_to_largest_integral_type(parameter))
#define check_expected_ptr(parameter) \
    cm_check_expected(__func__, #parameter, CM_HERE, cast_ptr_to_largest_integral_type(parameter))

// --- Which mock is called when.

#define expect_function_call(function) cm_expect_function_call(#function, CM_HERE, 1)
#define expect_function_calls(function, times) cm_expect_function_call(#function, CM_HERE, times)
#define expect_function_call_any(function) cm_expect_function_call(#function, CM_HERE, WILL_RETURN_ALWAYS)
#define ignore_function_calls(function) cm_expect_function_call(#function, CM_HERE, WILL_RETURN_ONCE)
#define function_called() cm_function_called(__func__, CM_HERE)

// --- Assertions.

#define assert_true(c) cm_assert_true(cast_to_largest_integral_type(c), #c, CM_HERE)
#define assert_false(c) cm_assert_true(!(cast_to_largest_integral_type(c)), "!(" #c ")", CM_HERE)
#define assert_non_null(c) cm_assert_true(cast_ptr_to_largest_integral_type(c), #c " != NULL", CM_HERE)
#define assert_null(c) cm_assert_true(!(cast_ptr_to_largest_integral_type(c)), #c " == NULL", CM_HERE)
#define assert_return_code(rc, error)                                    \
    cm_assert_return_code(cast_to_largest_integral_type(rc), sizeof(rc), \
                          cast_to_largest_integral_type(error), #rc, CM_HERE)

#define assert_int_equal(a, b) \
    cm_assert_int(1, cast_to_largest_integral_type(a), cast_to_largest_integral_type(b), CM_HERE)
#define assert_int_not_equal(a, b) \
    cm_assert_int(0, cast_to_largest_integral_type(a), cast_to_largest_integral_type(b), CM_HERE)
#define assert_ptr_equal(a, b) \
    cm_assert_int(1, cast_ptr_to_largest_integral_type(a), cast_ptr_to_largest_integral_type(b), CM_HERE)
#define assert_ptr_not_equal(a, b) \
    cm_assert_int(0, cast_ptr_to_largest_integral_type(a), cast_ptr_to_largest_integral_type(b), CM_HERE)

#define assert_float_equal(a, b, epsilon) \
    cm_assert_float(1, (float)(a), (float)(b), (float)(epsilon), CM_HERE)
#define assert_float_not_equal(a, b, epsilon) \
    cm_assert_float(0, (float)(a), (float)(b), (float)(epsilon), CM_HERE)

#define assert_string_equal(a, b) cm_assert_string(1, (const char*)(a), (const char*)(b), CM_HERE)
#define assert_string_not_equal(a, b) cm_assert_string(0, (const char*)(a), (const char*)(b), CM_HERE)
#define assert_memory_equal(a, b, size) cm_assert_memory(1, (const void*)(a), (const void*)(b), size, CM_HERE)
#define assert_memory_not_equal(a, b, size) \
    cm_assert_memory(0, (const void*)(a), (const void*)(b), size, CM_HERE)

#define assert_in_range(value, minimum, maximum)                                                     \
    cm_assert_range(1, cast_to_largest_integral_type(value), cast_to_largest_integral_type(minimum), \
                    cast_to_largest_integral_type(maximum), CM_HERE)
#define assert_not_in_range(value, minimum, maximum)                                                 \
    cm_assert_range(0, cast_to_largest_integral_type(value), cast_to_largest_integral_type(minimum), \
                    cast_to_largest_integral_type(maximum), CM_HERE)
#define assert_in_set(value, values, number_of_values) \
    cm_assert_set(1, value, values, number_of_values, CM_HERE)
#define assert_not_in_set(value, values, number_of_values) \
    cm_assert_set(0, value, values, number_of_values, CM_HERE)

// --- How a test ends.

#define fail() cm_fail(CM_HERE, "fail()")
#define fail_msg(...) cm_fail(CM_HERE, __VA_ARGS__)
#define skip() cm_skip()

#define expect_assert_failure(function_call)                               \
    {                                                                      \
        if (setjmp(global_expect_assert_env) == 0) {                       \
            global_expecting_assert = 1;                                   \
            function_call;                                                 \
            global_expecting_assert = 0;                                   \
            cm_fail(CM_HERE, "no assertion failed in %s", #function_call); \
        }                                                                  \
        global_expecting_assert = 0;                                       \
    }

// --- Memory: what a test does not free fails it, and writing beyond a block does when the block is freed.

#define test_malloc(size) _test_malloc(size, CM_HERE)
#define test_calloc(num, size) _test_calloc(num, size, CM_HERE)
#define test_realloc(ptr, size) _test_realloc(ptr, size, CM_HERE)
#define test_free(ptr) _test_free(ptr, CM_HERE)

#ifdef UNIT_TESTING
#define malloc test_malloc
#define realloc test_realloc
#define calloc test_calloc
#define free test_free
#endif

// --- Tests and groups of them.

#define cmocka_unit_test(f) {#f, f, NULL, NULL, NULL}
#define cmocka_unit_test_setup(f, setup) {#f, f, setup, NULL, NULL}
#define cmocka_unit_test_teardown(f, teardown) {#f, f, NULL, teardown, NULL}
#define cmocka_unit_test_setup_teardown(f, setup, teardown) {#f, f, setup, teardown, NULL}
#define cmocka_unit_test_prestate(f, state) {#f, f, NULL, NULL, state}
#define cmocka_unit_test_prestate_setup_teardown(f, setup, teardown, state) {#f, f, setup, teardown, state}

#define cmocka_run_group_tests(group_tests, group_setup, group_teardown) \
    cmocka_run_group_tests_name(#group_tests, group_tests, group_setup, group_teardown)
#define cmocka_run_group_tests_name(group_name, group_tests, group_setup, group_teardown)                    \
    cm_run_group_tests(group_name, group_tests, sizeof(group_tests) / sizeof((group_tests)[0]), group_setup, \
                       group_teardown)
