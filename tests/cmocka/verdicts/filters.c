// cmocka_set_test_filter and cmocka_set_skip_filter: what they leave out is not reported at all.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void passes_one(void** state) {}

static void passes_two(void** state) {}

static void fails_three(void** state) {
    fail();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_one),
        cmocka_unit_test(passes_two),
        cmocka_unit_test(fails_three),
    };
    cmocka_set_test_filter("*_t*");
    int failed = cmocka_run_group_tests_name("filtered", tests, NULL, NULL);
    cmocka_set_skip_filter("passes_tw?");
    failed += cmocka_run_group_tests_name("filtered and skipped", tests, NULL, NULL);
    cmocka_set_test_filter(NULL);
    failed += cmocka_run_group_tests_name("skipped", tests, NULL, NULL);
    return failed;
}
