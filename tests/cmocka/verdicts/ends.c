// How a test ends but by an assertion: skip, fail, mock_assert and signals.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int number(void) {
    return mock_type(int);
}

static void want_positive(int number) {
    mock_assert(number > 0, "number > 0", __FILE__, __LINE__);
}

static void skips_at_once(void** state) {
    skip();
}

static void skips_whatever_comes_after(void** state) {
    skip();
    assert_true(0);
}

static void skips_with_a_value_left_over(void** state) {
    will_return(number, 1);
    skip();
}

static void skips_with_a_leak(void** state) {
    assert_non_null(test_malloc(8));
    skip();
}

static void passes_after_a_skipped_test(void** state) {
    will_return(number, 2);
    assert_int_equal(number(), 2);
}

static void fails_at_once(void** state) {
    fail();
}

static void fails_with_a_message(void** state) {
    fail_msg("a message");
}

static void fails_with_a_message_of_parts(void** state) {
    fail_msg("%d of %s", 3, "parts");
}

static void passes_what_prints(void** state) {
    print_message("to %s\n", "stdout");
    print_error("to %s\n", "stderr");
}

static void fails_mock_assert(void** state) {
    mock_assert(0, "expression", "file.c", 7);
}

static void passes_mock_assert(void** state) {
    mock_assert(1, "expression", "file.c", 7);
}

static void passes_expect_assert_failure(void** state) {
    expect_assert_failure(want_positive(-1));
}

static void fails_expect_assert_failure(void** state) {
    expect_assert_failure(want_positive(1));
}

static void passes_two_expected_failures(void** state) {
    expect_assert_failure(want_positive(-1));
    expect_assert_failure(want_positive(-2));
    want_positive(1);
}

static void fails_mock_assert_after_an_expected_one(void** state) {
    expect_assert_failure(want_positive(-1));
    want_positive(-1);
}

static void fails_an_assert_inside_expect_assert_failure(void** state) {
    expect_assert_failure(assert_true(0));
}

static void fails_mock_assert_in_the_test_after_one_that_failed_inside(void** state) {
    want_positive(-1);
}

static void passes_the_text_of_the_assert(void** state) {
    expect_assert_failure(want_positive(-1));
    assert_string_equal(global_last_failed_assert, "number > 0");
}

static void fails_on_SIGSEGV(void** state) {
    raise(SIGSEGV);
}

static void fails_on_SIGBUS(void** state) {
    raise(SIGBUS);
}

static void fails_on_SIGFPE(void** state) {
    raise(SIGFPE);
}

static void fails_on_SIGILL(void** state) {
    raise(SIGILL);
}

static void fails_on_SIGSYS(void** state) {
    raise(SIGSYS);
}

static void passes_after_a_crash(void** state) {
    assert_true(1);
}

static void passes_a_nested_call_of_the_mock(void** state) {
    will_return(number, 3);
    assert_in_range(number(), 1, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skips_at_once),
        cmocka_unit_test(skips_whatever_comes_after),
        cmocka_unit_test(skips_with_a_value_left_over),
        cmocka_unit_test(skips_with_a_leak),
        cmocka_unit_test(passes_after_a_skipped_test),
        cmocka_unit_test(fails_at_once),
        cmocka_unit_test(fails_with_a_message),
        cmocka_unit_test(fails_with_a_message_of_parts),
        cmocka_unit_test(passes_what_prints),
        cmocka_unit_test(fails_mock_assert),
        cmocka_unit_test(passes_mock_assert),
        cmocka_unit_test(passes_expect_assert_failure),
        cmocka_unit_test(fails_expect_assert_failure),
        cmocka_unit_test(passes_two_expected_failures),
        cmocka_unit_test(fails_mock_assert_after_an_expected_one),
        cmocka_unit_test(fails_an_assert_inside_expect_assert_failure),
        cmocka_unit_test(fails_mock_assert_in_the_test_after_one_that_failed_inside),
        cmocka_unit_test(passes_the_text_of_the_assert),
        cmocka_unit_test(fails_on_SIGSEGV),
        cmocka_unit_test(fails_on_SIGBUS),
        cmocka_unit_test(fails_on_SIGFPE),
        cmocka_unit_test(fails_on_SIGILL),
        cmocka_unit_test(fails_on_SIGSYS),
        cmocka_unit_test(passes_after_a_crash),
        cmocka_unit_test(passes_a_nested_call_of_the_mock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
