#include "enroll_tool/translation.h"

#include <libintl.h>

#include <clocale>

#include "enroll_tool/messages.h"
#include "enroll_tool/printable.h"

namespace warifu {

namespace {

constexpr char domain[] = "warifu";

}  // namespace

void use_locale() {
    std::setlocale(LC_CTYPE, "");
    // Text is measured and escaped as UTF-8: in another character set there is English, which is ASCII.
    std::setlocale(LC_MESSAGES, locale_is_utf8() ? "" : "C");
    bindtextdomain(domain, WARIFU_LOCALE_DIRECTORY);
}

const char* tr(const char* text) noexcept {
    return dgettext(domain, text);
}

const char* trn(const char* one, const char* many, unsigned long number) noexcept {
    return dngettext(domain, one, many, number);
}

std::string tr_text(std::string_view text) {
    // The empty text stands for the catalogue's own header.
    return text.empty() ? std::string() : std::string(tr(std::string(text).c_str()));
}

std::string tr_message(std::string_view message) {
    const auto recognised = recognise(message);
    if (!recognised) return tr_text(message);
    const auto& values = recognised->values;
    return fill(tr(recognised->pattern), {values[0], values[1], values[2]});
}

}  // namespace warifu
