// What test files print themselves.
#include <cstdio>

#include "tests/cmocka/adapter/functions.h"

extern "C" {

void vprint_message(const char* const format, va_list args) {
    std::vprintf(format, args);
}

void vprint_error(const char* const format, va_list args) {
    std::vfprintf(stderr, format, args);
}

void print_message(const char* const format, ...) {
    va_list args;
    va_start(args, format);
    vprint_message(format, args);
    va_end(args);
}

void print_error(const char* const format, ...) {
    va_list args;
    va_start(args, format);
    vprint_error(format, args);
    va_end(args);
}

// GoogleTest reports.
void cmocka_set_message_output(cm_message_output) {}
}
