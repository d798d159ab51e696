// The blocks of a page as lines of a given width.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "enroll_tool/screens/page.h"
#include "enroll_tool/screens/picture.h"

namespace warifu::screens {

struct Span {
    std::string text;
    Ink ink = Ink::plain;
};

struct Line {
    std::vector<Span> spans;
    bool focus = false;                 // has to be in sight: what is selected or typed
    std::optional<std::size_t> cursor;  // the column where typing goes on

    std::string text() const;
};

Ink ink_of(Look look) noexcept;

// Every line takes at most `width` columns, 20 or more.
std::vector<Line> compose(const std::vector<Block>& blocks, std::size_t width);

// "Enter open   q quit", on as many lines as it takes.
std::vector<Line> compose(const std::vector<KeyHint>& keys, std::size_t width);

}  // namespace warifu::screens
