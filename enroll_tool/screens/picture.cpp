#include "enroll_tool/screens/picture.h"

#include <algorithm>
#include <cwchar>

#include "enroll_tool/printable.h"

namespace warifu::screens {

namespace {

void add_combining(Cell& cell, wchar_t character) noexcept {
    const auto end = std::find(cell.text.begin(), cell.text.end() - 1, L'\0');
    if (end != cell.text.end() - 1) *end = character;
}

}  // namespace

void Picture::put_character(std::size_t row, std::size_t& column, wchar_t character, Ink ink) {
    const int width = wcwidth(character);
    if (width == 0 && column > 0) {
        add_combining(cells_[index(row, column - 1)], character);
        return;
    }
    const auto taken = static_cast<std::size_t>(width < 1 ? 1 : width);
    if (column + taken > size_.columns) {
        column = size_.columns;
        return;
    }
    cells_[index(row, column)] = {{character}, ink};
    if (taken == 2) cells_[index(row, column + 1)] = {{L'\0'}, ink};
    column += taken;
}

std::size_t Picture::put(std::size_t row, std::size_t column, std::string_view text, Ink ink) {
    if (row >= size_.rows) return column;
    for (const char32_t character : code_points(text)) {
        if (column >= size_.columns) break;
        put_character(row, column, static_cast<wchar_t>(character), ink);
    }
    return column;
}

void Picture::fill_row(std::size_t row, Ink ink) {
    for (std::size_t column = 0; row < size_.rows && column < size_.columns; ++column)
        cells_[index(row, column)] = {{L' '}, ink};
}

std::string Picture::row(std::size_t row) const {
    std::string text;
    for (std::size_t column = 0; column < size_.columns; ++column)
        for (const wchar_t character : at(row, column).text) {
            if (character == L'\0') break;
            text += utf8_of(static_cast<char32_t>(character));
        }
    return text;
}

}  // namespace warifu::screens
