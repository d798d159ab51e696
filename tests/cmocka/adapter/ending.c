#include "tests/cmocka/adapter/ending.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/cmocka/adapter/functions.h"

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS};
enum { deadly_count = sizeof deadly / sizeof deadly[0] };

static sigjmp_buf end;
static volatile sig_atomic_t running;

int global_expecting_assert;
jmp_buf global_expect_assert_env;
const char* global_last_failed_assert;

static void end_by_signal(int signal) {
    if (running) siglongjmp(end, signal);
    _Exit(128 + signal);
}

static void catch_signals(struct sigaction* before) {
    struct sigaction action = {.sa_handler = end_by_signal};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < deadly_count; ++i) sigaction(deadly[i], &action, &before[i]);
}

int cm_run_to_its_end(void (*body)(void* argument), void* argument) {
    struct sigaction before[deadly_count];
    catch_signals(before);
    global_expecting_assert = 0;
    running = 1;
    int const how = sigsetjmp(end, 1);
    if (how == ended_by_itself) body(argument);
    running = 0;
    for (int i = 0; i < deadly_count; ++i) sigaction(deadly[i], &before[i], NULL);
    return how;
}

void cm_end_early(void) {
    if (running) siglongjmp(end, ended_early);
    fprintf(stderr, "cmocka: a check failed outside of any test\n");
    exit(EXIT_FAILURE);
}

void mock_assert(const int result, const char* const expression, const char* const file, const int line) {
    if (result) return;
    global_last_failed_assert = expression;
    if (global_expecting_assert) longjmp(global_expect_assert_env, 1);
    cm_fail(file, line, "the code's own assertion failed: %s", expression);
}
