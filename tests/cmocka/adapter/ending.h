// Ending a function of a test file early. longjmp and signals stand in a C file of their own: nothing with a
// destructor may live in the frames that they leave.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ended_by_itself = 0,
    ended_early = -1,  // by cm_end_early
    // else the signal that ended it: SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGSYS
};

// Calls body(argument), one at a time.
int cm_run_to_its_end(void (*body)(void* argument), void* argument);

// Leaves cm_run_to_its_end; outside of one, ends the program.
void cm_end_early(void) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif
