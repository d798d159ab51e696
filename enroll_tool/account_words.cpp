#include "enroll_tool/account_words.h"

#include <algorithm>
#include <array>

#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::array<const char*, 5> states{N_("none"), N_("pending"), N_("active"), N_("suspended"),
                                            N_("missing")};

}  // namespace

std::string word_of_state(std::string_view state) {
    const auto known =
        std::ranges::find(states, state, [](const char* word) { return std::string_view(word); });
    return known == states.end() ? printable(state) : tr(*known);
}

}  // namespace warifu
