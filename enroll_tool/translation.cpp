#include "enroll_tool/translation.h"

#include <libintl.h>

#include <clocale>

namespace warifu {

namespace {

constexpr char domain[] = "warifu";

}  // namespace

void use_locale() {
    std::setlocale(LC_CTYPE, "");
    std::setlocale(LC_MESSAGES, "");
    bindtextdomain(domain, WARIFU_LOCALE_DIRECTORY);
}

const char* tr(const char* text) noexcept {
    return dgettext(domain, text);
}

const char* trn(const char* one, const char* many, unsigned long number) noexcept {
    return dngettext(domain, one, many, number);
}

std::string tr_message(std::string_view message) {
    // The empty text stands for the catalogue's own header.
    return message.empty() ? std::string() : std::string(tr(std::string(message).c_str()));
}

}  // namespace warifu
