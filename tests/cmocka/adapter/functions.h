// The functions and types behind the macros of cmocka.h, which C++ sources of the adapter include alone: the
// macros have names like fail.
#pragma once

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uintmax_t LargestIntegralType;
#define LargestIntegralTypePrintfFormat "%#" PRIxMAX
#define LargestIntegralTypePrintfFormatDecimal "%" PRIuMAX
#define FloatPrintfFormat "%f"

#define CMOCKA_PRINTF_ATTRIBUTE(format, first) __attribute__((__format__(__printf__, format, first)))
#define CMOCKA_DEPRECATED __attribute__((deprecated))

LargestIntegralType cm_mock(const char* function, const char* file, int line);
void cm_will_return(const char* function, const char* file, int line, LargestIntegralType value, int count);

// True: `value` is right.
typedef int (*CheckParameterValue)(const LargestIntegralType value, const LargestIntegralType check_data);

// Which parameter of which mock is meant, how often, and where the test says so.
struct CmParameter {
    const char* function;
    const char* parameter;
    const char* file;
    int line;
    int count;
};

// `wanted` 0 turns an expectation round. Strings are compared with what they are when the mock is called;
// memory and sets are copied here.
void cm_expect_value(struct CmParameter what, int wanted, LargestIntegralType value);
void cm_expect_range(struct CmParameter what, int wanted, LargestIntegralType minimum,
                     LargestIntegralType maximum);
void cm_expect_set(struct CmParameter what, int wanted, const LargestIntegralType* values, size_t count);
void cm_expect_string(struct CmParameter what, int wanted, const char* text);
void cm_expect_memory(struct CmParameter what, int wanted, const void* memory, size_t size);
void cm_expect_any(struct CmParameter what);
void cm_expect_check(struct CmParameter what, CheckParameterValue check, LargestIntegralType check_data);
void cm_check_expected(const char* function, const char* parameter, const char* file, int line,
                       LargestIntegralType value);

// Which mock is called when.
void cm_expect_function_call(const char* function, const char* file, int line, int count);
void cm_function_called(const char* function, const char* file, int line);

// `wanted` 0 turns an assertion round.
void cm_assert_true(LargestIntegralType truth, const char* expression, const char* file, int line);
void cm_assert_return_code(LargestIntegralType code, size_t size, LargestIntegralType error,
                           const char* expression, const char* file, int line);
void cm_assert_int(int wanted, LargestIntegralType a, LargestIntegralType b, const char* file, int line);
void cm_assert_float(int wanted, float a, float b, float epsilon, const char* file, int line);
void cm_assert_string(int wanted, const char* a, const char* b, const char* file, int line);
void cm_assert_memory(int wanted, const void* a, const void* b, size_t size, const char* file, int line);
void cm_assert_range(int wanted, LargestIntegralType value, LargestIntegralType minimum,
                     LargestIntegralType maximum, const char* file, int line);
void cm_assert_set(int wanted, LargestIntegralType value, const LargestIntegralType* values, size_t count,
                   const char* file, int line);

void cm_fail(const char* file, int line, const char* format, ...)
    __attribute__((__noreturn__, __format__(__printf__, 3, 4)));
void cm_skip(void) __attribute__((__noreturn__));

// What code under test calls in place of assert(3). It fails the test, but inside expect_assert_failure,
// which is the other way round and goes on behind `function_call` as soon as an assertion fails.
void mock_assert(const int result, const char* const expression, const char* const file, const int line);

extern int global_expecting_assert;
extern jmp_buf global_expect_assert_env;
extern const char* global_last_failed_assert;

void* _test_malloc(const size_t size, const char* file, const int line);
void* _test_calloc(const size_t number_of_elements, const size_t size, const char* file, const int line);
void* _test_realloc(void* ptr, const size_t size, const char* file, const int line);
void _test_free(void* const ptr, const char* file, const int line);

typedef void (*CMUnitTestFunction)(void** state);
typedef int (*CMFixtureFunction)(void** state);  // 0: done

struct CMUnitTest {
    const char* name;
    CMUnitTestFunction test_func;
    CMFixtureFunction setup_func;
    CMFixtureFunction teardown_func;
    void* initial_state;  // counts where the group's set-up leaves no state
};

// How many tests failed, after the last group of the program; 0 after the others, whose tests run only then.
int cm_run_group_tests(const char* group_name, const struct CMUnitTest* tests, size_t count,
                       CMFixtureFunction group_setup, CMFixtureFunction group_teardown);

// For the groups that come after; `*` and `?` are wildcards, null takes a pattern away. A test that is
// filtered or skipped so is no case at all.
void cmocka_set_test_filter(const char* pattern);
void cmocka_set_skip_filter(const char* pattern);

// What test files print themselves. GoogleTest reports the verdicts, so the form of cmocka's report counts
// for nothing.

void print_message(const char* const format, ...) CMOCKA_PRINTF_ATTRIBUTE(1, 2);
void print_error(const char* const format, ...) CMOCKA_PRINTF_ATTRIBUTE(1, 2);
void vprint_message(const char* const format, va_list args) CMOCKA_PRINTF_ATTRIBUTE(1, 0);
void vprint_error(const char* const format, va_list args) CMOCKA_PRINTF_ATTRIBUTE(1, 0);

enum cm_message_output { CM_OUTPUT_STDOUT, CM_OUTPUT_SUBUNIT, CM_OUTPUT_TAP, CM_OUTPUT_XML };
void cmocka_set_message_output(enum cm_message_output output);

#ifdef __cplusplus
}
#endif
