#include "enroll_tool/recovery_page.h"

#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t column = 32;

std::string numbered(std::size_t index, std::string_view code) {
    const std::string number = std::to_string(index + 1);
    return std::string(number.size() < 4 ? 4 - number.size() : 0, ' ') + number + "  " + printable(code);
}

}  // namespace

void show_recovery_codes(const std::vector<std::string_view>& codes, Output& page) {
    page.text(
        wrapped(tr("Recovery codes: each of them signs you in once when the app is not at hand.\n"
                   "Print them or write them down, and keep them apart from the phone. They are\n"
                   "not shown again; `warifu codes --regenerate` makes new ones.")));
    page.text("\n");
    const std::size_t rows = (codes.size() + 1) / 2;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t right = row + rows;
        page.text(right < codes.size()
                      ? padded(numbered(row, codes[row]), column) + numbered(right, codes[right])
                      : numbered(row, codes[row]));
        page.text("\n");
    }
    page.text("\n");
}

std::string recovery_codes_left(std::int64_t number) {
    return fill(trn("%1 recovery code left.", "%1 recovery codes left.", static_cast<unsigned long>(number)),
                {std::to_string(number)});
}

}  // namespace warifu
