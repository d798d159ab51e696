#include "enroll_tool/screens/key_view.h"

#include <charconv>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "core/qr/image.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/saved_file.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

std::string upper_case(std::string text) {
    for (char& character : text)
        if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
    return text;
}

std::int64_t number_in(const std::string& text) noexcept {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::optional<QrCode> code_of(const Secret& uri) {
    try {
        return QrCode(uri.text());
    } catch (const Invalid&) {
        return std::nullopt;
    }
}

}  // namespace

KeyView::KeyView(OtpKey key, const Surroundings& surroundings)
    : key_(std::move(key)),
      details_(read_key_details(key_.uri.text())),
      code_(code_of(key_.uri)),
      drawing_(surroundings.half_blocks ? QrDrawing::half_blocks : QrDrawing::ascii) {}

void KeyView::add_to(Page& page) const {
    if (code_) page.qr = QrArea{&*code_, drawing_, inverse_};
    page.blocks.push_back(TypedKey{printable(key_.secret.text())});
    page.blocks.push_back(Gap{});
    if (!details_.issuer.empty()) page.blocks.push_back(Field{tr("Issuer"), printable(details_.issuer)});
    page.blocks.push_back(Field{tr("Account"), printable(details_.account)});
    page.blocks.push_back(Field{tr("Type"), printable(upper_case(details_.type))});
    page.blocks.push_back(Field{tr("Digits"), printable(details_.digits)});
    if (details_.type == "hotp")
        page.blocks.push_back(Field{tr("Counter"), printable(details_.counter)});
    else
        page.blocks.push_back(Field{tr("Period"), fill(tr("%1 seconds"), {printable(details_.period)})});
    page.blocks.push_back(Field{tr("Algorithm"), printable(details_.algorithm)});
}

void KeyView::add_countdown_to(Page& page, std::int64_t now) const {
    const std::int64_t period = number_in(details_.period);
    if (details_.type == "totp" && period > 0)
        page.blocks.push_back(Countdown{period - now % period, period});
}

void KeyView::add_keys_to(Page& page) const {
    if (!code_) return;
    if (drawing_ == QrDrawing::half_blocks) page.keys.push_back({"a", tr("ASCII code")});
    if (drawing_ == QrDrawing::ascii) page.keys.push_back({"a", tr("small code")});
    page.keys.push_back({"i", tr("inverse")});
    page.keys.push_back({"s", tr("save PNG")});
    page.keys.push_back({"v", tr("save SVG")});
}

bool KeyView::pressed(char32_t character, Navigator& navigator) {
    if (!code_) return false;
    switch (character) {
        case U'i':
            inverse_ = !inverse_;
            return true;
        case U'a':
            if (navigator.surroundings().half_blocks)
                drawing_ = drawing_ == QrDrawing::ascii ? QrDrawing::half_blocks : QrDrawing::ascii;
            return true;
        case U's':
            save(QrForm::png, ".png", navigator);
            return true;
        case U'v':
            save(QrForm::svg, ".svg", navigator);
            return true;
        default:
            return false;
    }
}

void KeyView::save(QrForm form, const char* ending, Navigator& navigator) const {
    try {
        const Secret image = render_image(*code_, form);
        const std::string path =
            save_file(navigator.surroundings().home, "warifu-qr-code", ending, image.text());
        navigator.tell(fill(tr("Saved as %1. Whoever reads it has your key: remove it once it is scanned."),
                            {printable(path)}));
    } catch (const Unavailable& failure) {
        navigator.tell(printable(tr_message(failure.what())), Look::warning);
    }
}

}  // namespace warifu::screens
