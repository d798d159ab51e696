// A program whose main leaves out one of its groups.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void P05_is_run(void** state) {
    assert_non_null(state);
}

static void P05_is_left_out(void** state) {
    assert_non_null(state);
}

int main(int argc, char** argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(P05_is_run)};
    const struct CMUnitTest others[] = {cmocka_unit_test(P05_is_left_out)};
    assert_non_null(argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (argc < 0) failed += cmocka_run_group_tests(others, NULL, NULL);
    return failed;
}
