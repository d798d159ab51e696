// What a group's set-up allocates and nobody frees fails the program, though every test passes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int allocate(void** state) {
    *state = test_malloc(8);
    return 0;
}

static void passes_with_memory_that_stays(void** state) {
    assert_non_null(*state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(passes_with_memory_that_stays)};
    return cmocka_run_group_tests(tests, allocate, NULL);
}
