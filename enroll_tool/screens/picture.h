// A picture of a screen: a grid of cells, each with one character or the second half of a wide one.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/screens/page.h"

namespace warifu::screens {

struct Size {
    std::size_t rows = 0, columns = 0;
    bool operator==(const Size&) const = default;
};

inline constexpr Size smallest_size{24, 80};

// Ink says how a cell is drawn: `qr` is light on a dark ground wherever the terminal can be told so.
enum class Ink : std::uint8_t { plain, bold, dim, reverse, warning, qr };

struct Cell {
    // A character and what combines with it, ended by a NUL; nothing in the second half of a wide one.
    std::array<wchar_t, 5> text{L' '};
    Ink ink = Ink::plain;
};

class Picture {
  public:
    explicit Picture(Size size) : size_(size), cells_(size.rows * size.columns) {}

    Size size() const noexcept { return size_; }
    const Cell& at(std::size_t row, std::size_t column) const { return cells_.at(index(row, column)); }

    // Printable text from this cell on; cut at the right edge. Returns the column after it.
    std::size_t put(std::size_t row, std::size_t column, std::string_view text, Ink ink = Ink::plain);
    void fill_row(std::size_t row, Ink ink);

    // The row as text, blanks at its end too.
    std::string row(std::size_t row) const;

    struct Cursor {
        std::size_t row = 0, column = 0;
    };
    std::optional<Cursor> cursor;  // where something is typed

  private:
    std::size_t index(std::size_t row, std::size_t column) const noexcept {
        return row * size_.columns + column;
    }
    void put_character(std::size_t row, std::size_t& column, wchar_t character, Ink ink);

    Size size_;
    std::vector<Cell> cells_;
};

}  // namespace warifu::screens
