#include "enroll_tool/qr_choice.h"

#include "core/error/error.h"
#include "enroll_tool/printable.h"

namespace warifu {

namespace {

std::optional<QrForm> what_is_shown_well(const Session& session) {
    if (session.json() || !session.out().is_terminal()) return std::nullopt;
    return locale_is_utf8() ? QrForm::utf8 : QrForm::ascii;
}

}  // namespace

std::optional<QrForm> choose_qr(const Session& session) {
    const auto wanted = session.given().text("--qr");
    if (!wanted) return what_is_shown_well(session);
    const auto form = parse_qr_form(*wanted);  // "none" is none of them
    if (form && session.json())
        throw Invalid("--qr", "--qr: no QR code inside JSON; \"uri\" is what it holds");
    if (is_image(form) && session.out().is_terminal())
        throw Invalid("--qr", "--qr: an image goes to a file or a program, not to a terminal");
    return form;
}

bool is_image(std::optional<QrForm> form) noexcept {
    return form == QrForm::svg || form == QrForm::png;
}

}  // namespace warifu
