// Set-ups and tear-downs of single tests, and the state that they hand on. (A set-up or tear-down that calls
// skip() is not among them: libcmocka 1.1.5 then takes later failures for skips.)
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int number(void) {
    return mock_type(int);
}

static int prepared = 1;
static int given = 2;
static int torn_down;

static int set_up(void** state) {
    *state = &prepared;
    return 0;
}

static int set_up_on_top(void** state) {
    assert_ptr_equal(*state, &given);
    *state = &prepared;
    return 0;
}

static int do_nothing(void** state) {
    return 0;
}

static int return_less(void** state) {
    return -1;
}

static int return_more(void** state) {
    return 1;
}

static int assert_something_wrong(void** state) {
    assert_true(0);
    return 0;
}

static int crash(void** state) {
    raise(SIGSEGV);
    return 0;
}

static int leave_a_value(void** state) {
    will_return(number, 1);
    return 0;
}

static int use_a_value(void** state) {
    will_return(number, 1);
    return number() - 1;
}

static int ask_for_a_value(void** state) {
    number();
    return 0;
}

static int allocate(void** state) {
    *state = test_malloc(8);
    return 0;
}

static int release(void** state) {
    test_free(*state);
    return 0;
}

static int note(void** state) {
    ++torn_down;
    return 0;
}

static int want_prepared(void** state) {
    assert_ptr_equal(*state, &prepared);
    return 0;
}

static void passes_with_the_set_ups_state(void** state) {
    assert_ptr_equal(*state, &prepared);
}

static void passes_with_the_prestate(void** state) {
    assert_ptr_equal(*state, &given);
}

static void passes_with_set_up_over_prestate(void** state) {
    assert_ptr_equal(*state, &prepared);
}

static void passes_without_a_state(void** state) {
    assert_null(*state);
}

static void passes_with_the_tests_state_in_the_tear_down(void** state) {
    *state = &prepared;
}

static void fails_for_a_set_up_that_returns_less(void** state) {}

static void fails_for_a_set_up_that_returns_more(void** state) {}

static void fails_for_a_set_up_that_asserts(void** state) {}

static void fails_for_a_set_up_that_crashes(void** state) {}

static void passes_when_nothing_was_torn_down_after_those(void** state) {
    assert_int_equal(torn_down, 0);
}

static void fails_before_its_tear_down(void** state) {
    fail();
}

static void passes_when_that_was_torn_down(void** state) {
    assert_int_equal(torn_down, 1);
}

static void skips_before_its_tear_down(void** state) {
    skip();
}

static void passes_when_that_was_torn_down_too(void** state) {
    assert_int_equal(torn_down, 2);
}

static void fails_for_a_tear_down_that_returns_less(void** state) {}

static void fails_for_a_tear_down_that_returns_more(void** state) {}

static void fails_for_a_tear_down_that_asserts(void** state) {}

static void fails_for_a_tear_down_that_crashes(void** state) {}

static void fails_for_a_value_that_the_set_up_left(void** state) {
    number();
}

static void fails_for_a_value_that_the_tear_down_left(void** state) {}

static void passes_a_set_up_that_uses_a_value(void** state) {}

static void fails_for_a_tear_down_that_asks_for_the_tests_value(void** state) {
    will_return(number, 1);
}

static void passes_memory_of_the_set_up_freed_by_the_tear_down(void** state) {}

static void passes_memory_of_the_set_up_freed_by_the_test(void** state) {
    test_free(*state);
}

static void fails_for_memory_of_the_set_up_that_the_tear_down_keeps(void** state) {}

static void passes_after_that(void** state) {}

static void fails_for_memory_of_its_own_beside_the_set_ups(void** state) {
    assert_non_null(test_malloc(8));
}

static void fails_for_memory_of_its_own_before_the_tear_down(void** state) {
    assert_non_null(test_malloc(8));
}

static void fails_for_memory_of_the_tear_down(void** state) {}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(passes_with_the_set_ups_state, set_up),
        cmocka_unit_test_prestate(passes_with_the_prestate, &given),
        cmocka_unit_test_prestate_setup_teardown(passes_with_set_up_over_prestate, set_up_on_top,
                                                 want_prepared, &given),
        cmocka_unit_test(passes_without_a_state),
        cmocka_unit_test_teardown(passes_with_the_tests_state_in_the_tear_down, want_prepared),
        cmocka_unit_test_setup_teardown(fails_for_a_set_up_that_returns_less, return_less, note),
        cmocka_unit_test_setup_teardown(fails_for_a_set_up_that_returns_more, return_more, note),
        cmocka_unit_test_setup_teardown(fails_for_a_set_up_that_asserts, assert_something_wrong, note),
        cmocka_unit_test_setup_teardown(fails_for_a_set_up_that_crashes, crash, note),
        cmocka_unit_test(passes_when_nothing_was_torn_down_after_those),
        cmocka_unit_test_teardown(fails_before_its_tear_down, note),
        cmocka_unit_test(passes_when_that_was_torn_down),
        cmocka_unit_test_teardown(skips_before_its_tear_down, note),
        cmocka_unit_test(passes_when_that_was_torn_down_too),
        cmocka_unit_test_teardown(fails_for_a_tear_down_that_returns_less, return_less),
        cmocka_unit_test_teardown(fails_for_a_tear_down_that_returns_more, return_more),
        cmocka_unit_test_teardown(fails_for_a_tear_down_that_asserts, assert_something_wrong),
        cmocka_unit_test_teardown(fails_for_a_tear_down_that_crashes, crash),
        cmocka_unit_test_setup(fails_for_a_value_that_the_set_up_left, leave_a_value),
        cmocka_unit_test_teardown(fails_for_a_value_that_the_tear_down_left, leave_a_value),
        cmocka_unit_test_setup(passes_a_set_up_that_uses_a_value, use_a_value),
        cmocka_unit_test_teardown(fails_for_a_tear_down_that_asks_for_the_tests_value, ask_for_a_value),
        cmocka_unit_test_setup_teardown(passes_memory_of_the_set_up_freed_by_the_tear_down, allocate,
                                        release),
        cmocka_unit_test_setup(passes_memory_of_the_set_up_freed_by_the_test, allocate),
        cmocka_unit_test_setup_teardown(fails_for_memory_of_the_set_up_that_the_tear_down_keeps, allocate,
                                        do_nothing),
        cmocka_unit_test(passes_after_that),
        cmocka_unit_test_setup_teardown(fails_for_memory_of_its_own_beside_the_set_ups, allocate, release),
        cmocka_unit_test_teardown(fails_for_memory_of_its_own_before_the_tear_down, do_nothing),
        cmocka_unit_test_teardown(fails_for_memory_of_the_tear_down, allocate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
