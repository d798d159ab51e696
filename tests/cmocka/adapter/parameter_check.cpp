#include "tests/cmocka/adapter/parameter_check.h"

#include <algorithm>
#include <cstring>

namespace warifu::cmocka {
namespace {

// Whether it is so, wanted or not; for what is no null pointer.
bool is_so(const ParameterCheck& check, LargestIntegralType value) {
    const char* const pointer = reinterpret_cast<const char*>(static_cast<uintptr_t>(value));
    switch (check.kind) {
        case ParameterCheck::Kind::any:
            return true;
        case ParameterCheck::Kind::value:
            return value == check.low;
        case ParameterCheck::Kind::range:
            return check.low <= value && value <= check.high;
        case ParameterCheck::Kind::set:
            return std::find(check.set.begin(), check.set.end(), value) != check.set.end();
        case ParameterCheck::Kind::string:
            return std::strcmp(pointer, check.text) == 0;
        case ParameterCheck::Kind::memory:
            return std::memcmp(pointer, check.memory.data(), check.memory.size()) == 0;
        case ParameterCheck::Kind::own:
            return check.own(value, check.own_data) != 0;
    }
    return false;
}

bool points(const ParameterCheck& check) {
    return check.kind == ParameterCheck::Kind::string || check.kind == ParameterCheck::Kind::memory;
}

}  // namespace

bool meets(const ParameterCheck& check, LargestIntegralType value) {
    if (points(check) && value == 0) return false;
    if (check.kind == ParameterCheck::Kind::string && check.text == nullptr) return false;
    return is_so(check, value) == check.wanted;
}

std::string description(const ParameterCheck& check) {
    std::string const negation = check.wanted ? "" : "anything but ";
    switch (check.kind) {
        case ParameterCheck::Kind::any:
            return "anything";
        case ParameterCheck::Kind::value:
            return negation + std::to_string(check.low);
        case ParameterCheck::Kind::range:
            return negation + std::to_string(check.low) + " to " + std::to_string(check.high);
        case ParameterCheck::Kind::set:
            return negation + "one of a set of " + std::to_string(check.set.size());
        case ParameterCheck::Kind::string:
            return negation + "\"" + (check.text == nullptr ? "(null)" : check.text) + "\"";
        case ParameterCheck::Kind::memory:
            return negation + "the " + std::to_string(check.memory.size()) + " bytes given";
        case ParameterCheck::Kind::own:
            return "what the test's own check accepts";
    }
    return "";
}

}  // namespace warifu::cmocka
