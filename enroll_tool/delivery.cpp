#include "enroll_tool/delivery.h"

#include <unistd.h>

#include <string>

#include "core/error/error.h"
#include "core/qr/image.h"
#include "core/secret/secret.h"
#include "enroll_tool/printable.h"

namespace warifu {

namespace {

bool is_image(QrForm form) noexcept {
    return form == QrForm::svg || form == QrForm::png;
}

std::optional<QrForm> what_is_shown_well(const Session& session) {
    if (session.json() || !session.out().is_terminal()) return std::nullopt;
    return locale_is_utf8() ? QrForm::utf8 : QrForm::ascii;
}

}  // namespace

Delivery::Delivery(Session& session) : session_(session), beside_(STDERR_FILENO) {
    const Invocation& given = session.given();
    if (const auto sheet = given.text("--sheet")) sheet_form_ = parse_sheet_form(*sheet);
    if (const auto qr = given.text("--qr")) {
        const auto form = parse_qr_form(*qr);  // "none" is none of them
        (form && is_image(*form) ? image_ : drawn_) = form;
    } else {
        drawn_ = what_is_shown_well(session);
    }
    check();
    if (const auto path = given.text("--output")) file_.emplace(std::string(*path));
}

void Delivery::check() const {
    const bool to_file = session_.given().has("--output");
    if (image_ && sheet_form_)
        throw Invalid("--sheet", "--sheet: there is a QR code on it already; leave out --qr svg or png");
    if (to_file && !image_ && !sheet_form_)
        throw Invalid("--output", "--output: wants something to be kept: --sheet, or --qr svg or png");
    if (session_.json() && drawn_)
        throw Invalid("--qr", "--qr: no QR code inside JSON; \"uri\" is what it holds");
    if (to_file) return;
    if (session_.json() && image_ == QrForm::png)
        throw Invalid("--qr", "--qr: beside JSON a PNG goes to a file: --output; svg goes into the object");
    if (session_.json() && sheet_form_)
        throw Invalid("--sheet", "--sheet: beside JSON a sheet goes to a file: --output");
    if (image_ && !session_.json() && session_.out().is_terminal())
        throw Invalid("--qr", "--qr: an image goes to a file (--output) or a program, not to a terminal");
    if (sheet_form_ == SheetForm::html && session_.out().is_terminal())
        throw Invalid("--sheet", "--sheet: HTML goes to a file (--output) or a program, not to a terminal");
}

ipc::Reply Delivery::with_image(const ipc::Reply& key) const {
    nlohmann::json object = key.object();
    if (const auto uri = key.maybe_text("uri"); uri && image_in_object()) {
        const Secret drawing = render(QrCode(*uri), *image_);
        object["svg"] = drawing.text();
    }
    return ipc::Reply(std::move(object));
}

void Delivery::hand_over(const Sheet& sheet) {
    if (image_in_object()) return;
    if (image_) {
        const Secret drawing = render_image(QrCode(sheet.key->text("uri")), *image_);
        deliver(drawing.text());
    } else if (sheet_form_) {
        std::string page = write_sheet(sheet, *sheet_form_);
        try {
            deliver(page);
        } catch (...) {
            wipe(page);
            throw;
        }
        wipe(page);
    }
}

void Delivery::deliver(std::string_view content) {
    if (file_)
        file_->keep(content);
    else
        session_.out().text(content);
}

}  // namespace warifu
