// What a parameter of a mock is expected to be.
#pragma once

#include <string>
#include <vector>

#include "tests/cmocka/adapter/functions.h"

namespace warifu::cmocka {

struct ParameterCheck {
    enum class Kind { any, value, range, set, string, memory, own } kind = Kind::any;
    bool wanted = true;            // false: it must not be so
    LargestIntegralType low = 0;   // the value, or the range's minimum
    LargestIntegralType high = 0;  // the range's maximum
    std::vector<LargestIntegralType> set = {};
    const char* text = nullptr;  // the test's; it may change until the mock is called
    std::string memory = {};
    CheckParameterValue own = nullptr;
    LargestIntegralType own_data = 0;
};

// A null string or null memory meets no expectation. The test's own check may end the test instead of
// returning.
bool meets(const ParameterCheck& check, LargestIntegralType value);

// What was expected, for the message.
std::string description(const ParameterCheck& check);

}  // namespace warifu::cmocka
