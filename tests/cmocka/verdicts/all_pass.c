// A program in which nothing fails, with what main keeps on its stack and does around its group.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char* open_word;

static void passes_with_a_prestate_on_mains_stack(void** state) {
    int* const number = *state;
    assert_int_equal(*number, 6);
}

static void passes_before_main_goes_on(void** state) {
    assert_string_equal(open_word, "tally");
}

static void skips_in_passing(void** state) {
    skip();
}

int main(void) {
    int number = 6;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(passes_with_a_prestate_on_mains_stack, &number),
        cmocka_unit_test(passes_before_main_goes_on),
        cmocka_unit_test(skips_in_passing),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    open_word = "tally";
    int const failed = cmocka_run_group_tests(tests, NULL, NULL);
    open_word = NULL;
    return failed;
}
