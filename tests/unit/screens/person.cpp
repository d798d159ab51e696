#include "tests/unit/screens/person.h"

#include <clocale>
#include <stdexcept>

#include "enroll_tool/printable.h"
#include "enroll_tool/screens/home_screen.h"

namespace warifu::screens::test {

namespace {

// Widths of characters are the locale's.
std::unique_ptr<Screen> first_screen() {
    if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) throw std::runtime_error("no locale C.UTF-8");
    return std::make_unique<HomeScreen>();
}

}  // namespace

Person::Person(Warifud& warifud, Surroundings surroundings)
    : warifud_(warifud), app_(std::move(surroundings), first_screen(), noon) {
    settle();
}

void Person::settle() {
    while (app_.waiting()) {
        app_.work(warifud_);
        app_.deliver();
    }
}

void Person::press(KeyName name) {
    app_.key({name});
    settle();
}

void Person::type(std::string_view text) {
    for (const char32_t character : code_points(text)) {
        app_.key(key_of(character));
        settle();
    }
}

std::string Person::screen(Size size) {
    const Picture picture = app_.picture(size);
    std::string text;
    for (std::size_t row = 0; row < size.rows; ++row) text += picture.row(row) + "\n";
    return text;
}

std::string Person::flowing(Size size) {
    constexpr std::u32string_view of_qr_codes = U"█▀▄";
    std::string text;
    for (const char32_t character : code_points(screen(size))) {
        const bool skipped = character == U'\n' || of_qr_codes.find(character) != of_qr_codes.npos;
        const std::string next = skipped ? " " : utf8_of(character);
        if (next != " " || !text.ends_with(' ')) text += next;
    }
    return text;
}

}  // namespace warifu::screens::test
