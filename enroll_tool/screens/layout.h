// A page on a grid: the title above, the keys below, and between them the text, beside the QR code where
// there is one.
#pragma once

#include <cstddef>

#include "enroll_tool/screens/page.h"
#include "enroll_tool/screens/picture.h"

namespace warifu::screens {

// What of a page too long for the screen is in sight.
struct Scroll {
    std::size_t top = 0;   // the first line shown
    bool follows = true;   // whatever is selected or typed stays in sight
    std::size_t page = 1;  // how many lines were shown last
};

// Below smallest_size: a notice that says so. `scroll` is brought within bounds.
Picture lay_out(const Page& page, Size size, Scroll& scroll);

}  // namespace warifu::screens
