// What a call was refused with, for the tests of the configuration.
#pragma once

#include <optional>
#include <string>

#include "core/error/error.h"

namespace warifu::test {

struct Refusal {
    std::string field, message;
};

// nullopt: it was not refused.
template <typename Call>
std::optional<Refusal> refusal_of(Call call) {
    try {
        call();
    } catch (const Invalid& invalid) {
        return Refusal{invalid.field, invalid.what()};
    }
    return std::nullopt;
}

}  // namespace warifu::test
