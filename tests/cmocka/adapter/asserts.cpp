// The assertions. None of them holds anything with a destructor, since it may end the test early.
#include <algorithm>
#include <cerrno>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstring>

#include "tests/cmocka/adapter/functions.h"

namespace {

// As assert_return_code has it: a code passes below the largest value of its type; of a type of one byte, as
// if that were unsigned.
LargestIntegralType largest_code(size_t size) {
    switch (size) {
        case 1:
            return UCHAR_MAX;
        case 2:
            return SHRT_MAX;
        case 4:
            return INT_MAX;
        default:
            return LONG_MAX;
    }
}

// Different means: by more than epsilon and by more than the precision of the larger one. What is no number
// differs from nothing.
bool differ(float a, float b, float epsilon) {
    float const difference = std::fabs(a - b);
    float const precision = std::max(std::fabs(a), std::fabs(b)) * FLT_EPSILON;
    return !(difference <= epsilon) && difference > precision;
}

bool contains(const LargestIntegralType* values, size_t count, LargestIntegralType value) {
    return std::find(values, values + count, value) != values + count;
}

const char* shown(const char* text) {
    return text == nullptr ? "(null)" : text;
}

}  // namespace

extern "C" {

void cm_assert_true(LargestIntegralType truth, const char* expression, const char* file, int line) {
    if (truth == 0) cm_fail(file, line, "%s", expression);
}

void cm_assert_return_code(LargestIntegralType code, size_t size, LargestIntegralType error,
                           const char* expression, const char* file, int line) {
    if (code < largest_code(size)) return;
    cm_fail(file, line, "%s returned %jd: %s", expression, static_cast<intmax_t>(code),
            std::strerror(static_cast<int>(error)));
}

void cm_assert_int(int wanted, LargestIntegralType a, LargestIntegralType b, const char* file, int line) {
    if ((a == b) == (wanted != 0)) return;
    cm_fail(file, line, "%jd %s %jd (%#jx, %#jx)", static_cast<intmax_t>(a),
            wanted ? "!=" : "==", static_cast<intmax_t>(b), a, b);
}

void cm_assert_float(int wanted, float a, float b, float epsilon, const char* file, int line) {
    if (differ(a, b, epsilon) == (wanted == 0)) return;
    cm_fail(file, line, "%g %s %g, within %g", static_cast<double>(a),
            wanted ? "!=" : "==", static_cast<double>(b), static_cast<double>(epsilon));
}

void cm_assert_string(int wanted, const char* a, const char* b, const char* file, int line) {
    bool const both = a != nullptr && b != nullptr;
    if (both && (std::strcmp(a, b) == 0) == (wanted != 0)) return;
    cm_fail(file, line, "\"%s\" %s \"%s\"", shown(a), wanted ? "!=" : "==", shown(b));
}

void cm_assert_memory(int wanted, const void* a, const void* b, size_t size, const char* file, int line) {
    if ((std::memcmp(a, b, size) == 0) == (wanted != 0)) return;
    cm_fail(file, line, "%zu bytes are %s", size, wanted ? "not equal" : "equal");
}

void cm_assert_range(int wanted, LargestIntegralType value, LargestIntegralType minimum,
                     LargestIntegralType maximum, const char* file, int line) {
    if ((minimum <= value && value <= maximum) == (wanted != 0)) return;
    cm_fail(file, line, "%ju is %s %ju to %ju", value, wanted ? "not in" : "in", minimum, maximum);
}

void cm_assert_set(int wanted, LargestIntegralType value, const LargestIntegralType* values, size_t count,
                   const char* file, int line) {
    if (contains(values, count, value) == (wanted != 0)) return;
    cm_fail(file, line, "%ju is %s a set of %zu", value, wanted ? "not in" : "in", count);
}
}
