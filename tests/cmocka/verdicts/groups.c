// Several groups in one program, with set-ups and tear-downs that fail too. "fails_when_" is what neither
// runs: the group's set-up failed.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int shared = 1;
static int given = 2;
static int torn_down;

static int set_up(void** state) {
    *state = &shared;
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

static int return_less(void** state) {
    return -1;
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
    will_return(nobody, 1);
    return 0;
}

static int note(void** state) {
    ++torn_down;
    return 0;
}

static void passes_with_the_groups_state(void** state) {
    assert_ptr_equal(*state, &shared);
    *state = &given;
}

static void passes_with_the_groups_state_again(void** state) {
    assert_ptr_equal(*state, &shared);
}

static void passes_with_the_groups_state_over_prestate(void** state) {
    assert_ptr_equal(*state, &shared);
}

static void fails_in_a_good_group(void** state) {
    assert_ptr_equal(*state, &given);
}

static void passes_with_memory_of_the_group(void** state) {
    assert_non_null(*state);
}

static void fails_for_a_leak_beside_the_groups(void** state) {
    assert_non_null(test_malloc(8));
}

static void passes_in_a_group_that_is_torn_down(void** state) {
    assert_int_equal(torn_down, 0);
}

static void passes_after_a_group_that_was_torn_down(void** state) {
    assert_int_equal(torn_down, 1);
}

static void fails_when_the_set_up_returns_less(void** state) {}

static void fails_when_the_set_up_returns_less_as_well(void** state) {}

static void fails_when_the_set_up_asserts(void** state) {}

static void fails_when_the_set_up_crashes(void** state) {}

static void fails_when_the_set_up_leaves_a_value(void** state) {}

static void passes_after_groups_that_were_not_set_up(void** state) {
    assert_int_equal(torn_down, 2);
}

static void passes_before_a_tear_down_that_fails(void** state) {}

int main(void) {
    int prestate = given;
    const struct CMUnitTest with_state[] = {
        cmocka_unit_test(passes_with_the_groups_state),
        cmocka_unit_test(passes_with_the_groups_state_again),
        cmocka_unit_test_prestate(passes_with_the_groups_state_over_prestate, &prestate),
        cmocka_unit_test(fails_in_a_good_group),
    };
    const struct CMUnitTest with_memory[] = {
        cmocka_unit_test(passes_with_memory_of_the_group),
        cmocka_unit_test(fails_for_a_leak_beside_the_groups),
    };
    const struct CMUnitTest torn_down_once[] = {cmocka_unit_test(passes_in_a_group_that_is_torn_down)};
    const struct CMUnitTest after_that[] = {cmocka_unit_test(passes_after_a_group_that_was_torn_down)};
    const struct CMUnitTest returns_less[] = {
        cmocka_unit_test(fails_when_the_set_up_returns_less),
        cmocka_unit_test(fails_when_the_set_up_returns_less_as_well),
    };
    const struct CMUnitTest asserts[] = {cmocka_unit_test(fails_when_the_set_up_asserts)};
    const struct CMUnitTest crashes[] = {cmocka_unit_test(fails_when_the_set_up_crashes)};
    const struct CMUnitTest leaves[] = {cmocka_unit_test(fails_when_the_set_up_leaves_a_value)};
    const struct CMUnitTest after_those[] = {cmocka_unit_test(passes_after_groups_that_were_not_set_up)};
    const struct CMUnitTest returns_less_at_its_end[] = {
        cmocka_unit_test(passes_before_a_tear_down_that_fails)};
    int failed = cmocka_run_group_tests_name("with a state", with_state, set_up, NULL);
    failed += cmocka_run_group_tests(with_memory, allocate, release);
    failed += cmocka_run_group_tests(torn_down_once, NULL, note);
    failed += cmocka_run_group_tests(after_that, NULL, NULL);
    failed += cmocka_run_group_tests(returns_less, return_less, note);
    failed += cmocka_run_group_tests(asserts, assert_something_wrong, NULL);
    failed += cmocka_run_group_tests(crashes, crash, NULL);
    failed += cmocka_run_group_tests(leaves, leave_a_value, NULL);
    failed += cmocka_run_group_tests(after_those, NULL, NULL);
    failed += cmocka_run_group_tests(returns_less_at_its_end, NULL, return_less);
    return failed;
}
