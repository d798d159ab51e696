// test_malloc and its kin: leaks and overruns, and the standard names under UNIT_TESTING.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UNIT_TESTING 1
#include <cmocka.h>

static void passes_allocation(void** state) {
    char* const text = test_malloc(8);
    assert_non_null(text);
    test_free(text);
}

static void fails_a_leak(void** state) {
    assert_non_null(test_malloc(8));
}

static void fails_a_leak_of_calloc(void** state) {
    assert_non_null(test_calloc(2, 8));
}

static void passes_calloc_of_zeroes(void** state) {
    char* const text = test_calloc(2, 4);
    assert_memory_equal(text, "\0\0\0\0\0\0\0", 8);
    test_free(text);
}

static void passes_realloc(void** state) {
    char* text = test_malloc(4);
    memcpy(text, "abc", 4);
    text = test_realloc(text, 4096);
    assert_string_equal(text, "abc");
    test_free(text);
}

static void passes_realloc_smaller(void** state) {
    char* text = test_malloc(4096);
    memcpy(text, "abc", 4);
    text = test_realloc(text, 4);
    assert_string_equal(text, "abc");
    test_free(text);
}

static void passes_realloc_of_null(void** state) {
    char* const text = test_realloc(NULL, 4);
    assert_non_null(text);
    test_free(text);
}

static void passes_realloc_to_nothing(void** state) {
    char* const text = test_malloc(4);
    assert_null(test_realloc(text, 0));
}

static void fails_a_leak_of_realloc(void** state) {
    char* const text = test_malloc(4);
    assert_non_null(test_realloc(text, 8));
}

static void passes_free_of_null(void** state) {
    test_free(NULL);
}

static void passes_malloc_of_nothing(void** state) {
    test_free(test_malloc(0));
}

static void fails_an_overrun(void** state) {
    volatile char* const text = test_malloc(8);
    text[8] = '!';
    test_free((char*)text);
}

static void fails_an_underrun(void** state) {
    volatile char* const text = test_malloc(8);
    *(text - 1) = '!';
    test_free((char*)text);
}

static void fails_an_overrun_found_by_realloc(void** state) {
    volatile char* const text = test_malloc(8);
    text[8] = '!';
    test_free(test_realloc((char*)text, 16));
}

static void passes_after_tests_that_leaked(void** state) {
    test_free(test_malloc(8));
}

static void fails_a_leak_through_the_standard_name(void** state) {
    assert_non_null(malloc(8));
}

static void fails_a_leak_through_calloc(void** state) {
    assert_non_null(calloc(1, 8));
}

static void passes_the_standard_names(void** state) {
    free(realloc(malloc(8), 16));
    free(calloc(2, 8));
}

static void passes_the_functions_that_code_under_test_may_name(void** state) {
    char* text = _test_malloc(8, "file.c", 1);
    text = _test_realloc(text, 16, "file.c", 2);
    _test_free(text, "file.c", 3);
    _test_free(_test_calloc(2, 8, "file.c", 4), "file.c", 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_allocation),
        cmocka_unit_test(fails_a_leak),
        cmocka_unit_test(fails_a_leak_of_calloc),
        cmocka_unit_test(passes_calloc_of_zeroes),
        cmocka_unit_test(passes_realloc),
        cmocka_unit_test(passes_realloc_smaller),
        cmocka_unit_test(passes_realloc_of_null),
        cmocka_unit_test(passes_realloc_to_nothing),
        cmocka_unit_test(fails_a_leak_of_realloc),
        cmocka_unit_test(passes_free_of_null),
        cmocka_unit_test(passes_malloc_of_nothing),
        cmocka_unit_test(fails_an_overrun),
        cmocka_unit_test(fails_an_underrun),
        cmocka_unit_test(fails_an_overrun_found_by_realloc),
        cmocka_unit_test(passes_after_tests_that_leaked),
        cmocka_unit_test(fails_a_leak_through_the_standard_name),
        cmocka_unit_test(fails_a_leak_through_calloc),
        cmocka_unit_test(passes_the_standard_names),
        cmocka_unit_test(passes_the_functions_that_code_under_test_may_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
