// A sentence as the checks make it: its pattern, which can be translated, apart from the values that fill it.
#pragma once

#include <string>
#include <utility>

#include "core/phrase/fill.h"

namespace warifu::doctor {

struct Sentence {
    // `sentence`: a literal, with holes %1 and %2 for as many values. Texts of others are Sentence("%1",
    // text). NOLINTNEXTLINE(google-explicit-constructor): a literal is a sentence.
    Sentence(const char* sentence, std::string first_value = {}, std::string second_value = {})
        : pattern(sentence), first(std::move(first_value)), second(std::move(second_value)) {}

    std::string english() const { return fill(pattern, {first, second}); }
    bool operator==(const Sentence& other) const { return english() == other.english(); }

    const char* pattern;
    std::string first, second;
};

}  // namespace warifu::doctor
