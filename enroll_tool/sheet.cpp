#include "enroll_tool/sheet.h"

#include <langinfo.h>

#include "core/qr/qr.h"
#include "enroll_tool/key_fields.h"
#include "enroll_tool/lockouts.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t indent = 4;

std::string title(const Sheet& sheet) {
    return sheet.user.empty() ? tr("Two-factor authentication")
                              : fill(tr("Two-factor authentication: %1"), {printable(sheet.user)});
}

const char* about_key(const Sheet& sheet) {
    if (sheet.shared)
        return tr(
            "Scan the QR code with an authenticator app, or type the key into it. Many people share this "
            "key: "
            "whoever has this sheet can make the codes of all. Give it to nobody else, and destroy it once "
            "the "
            "apps show codes. Who loses a phone with it tells an administrator at once, who replaces the "
            "key.");
    return tr(
        "Scan the QR code with an authenticator app, or type the key into it. Whoever has this sheet can "
        "make your "
        "codes: keep it locked away, or destroy this part once the app shows codes.");
}

const char* about_confirming() {
    return tr("The key counts once a code from the app confirms it: `warifu confirm CODE`.");
}

const char* about_recovery_codes() {
    return tr(
        "Each of these codes signs you in once when the app is not at hand. Strike out what you have used, "
        "and keep "
        "them apart from the phone.");
}

struct Named {
    const char* name;
    std::string value;
};

std::vector<Named> named(const KeyFields& fields) {
    std::vector<Named> all;
    if (!fields.issuer.empty()) all.push_back({tr("Issuer"), fields.issuer});
    all.push_back({tr("Account"), fields.account});
    all.push_back({tr("Key"), fields.key});
    all.push_back({tr("Type"), fields.type});
    all.push_back({tr("Label"), fields.label});
    return all;
}

// ---- HTML

// For content and for attributes in quotation marks.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char character : text) switch (character) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += character;
        }
    return result;
}

std::string element(std::string_view tag, std::string_view text) {
    return std::string("<")
        .append(tag)
        .append(">")
        .append(escaped(text))
        .append("</")
        .append(tag)
        .append(">\n");
}

constexpr std::string_view style =
    "body{font:11pt/1.4 sans-serif;color:#000;background:#fff;max-width:18cm;margin:1cm auto}\n"
    "h1{font-size:16pt}h2{font-size:12pt;margin-bottom:.2em}\n"
    "section{break-inside:avoid;border-top:1px solid #000;margin-top:1em}\n"
    "svg{width:6cm;height:6cm;float:right;margin:0 0 .5cm .5cm}\n"
    "dt{font-weight:bold;float:left;width:3cm}dd{margin-left:3cm;overflow-wrap:anywhere}\n"
    ".code,.key{font-family:monospace}ol.code{columns:2}\n"
    "@page{margin:1.5cm}\n"
    "@media print{body{margin:0;max-width:none}}\n";

// A locale that is no UTF-8 has ASCII in it, or a character set that browsers know by the same name.
std::string character_set() {
    const std::string_view codeset = nl_langinfo(CODESET);
    return codeset == "ANSI_X3.4-1968" ? "UTF-8" : std::string(codeset);
}

std::string html_head(const Sheet& sheet) {
    // Translators: the language of your translation, as in HTML's lang attribute.
    const std::string language = escaped(tr("en"));
    return "<!DOCTYPE html>\n<html lang=\"" + language + "\">\n<head>\n<meta charset=\"" +
           escaped(character_set()) +
           "\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n" +
           element("title", title(sheet)) + "<style>\n" + std::string(style) + "</style>\n</head>\n<body>\n" +
           element("h1", title(sheet));
}

std::string html_key(const Sheet& sheet) {
    const Secret drawing = render(QrCode(sheet.key->text("uri")), QrForm::svg);
    std::string html = "<section>\n" + element("h2", tr("The key")) + std::string(drawing.text());
    html += element("p", about_key(sheet));
    if (sheet.waits_for_code) html += element("p", about_confirming());
    html += "<dl>\n";
    for (const Named& field : named(read_key_fields(*sheet.key)))
        html += element("dt", field.name) + element("dd", printable(field.value));
    return html + "</dl>\n</section>\n";
}

std::string html_recovery_codes(const Sheet& sheet) {
    std::string html = "<section>\n" + element("h2", tr("Recovery codes")) +
                       element("p", about_recovery_codes()) + "<ol class=\"code\">\n";
    for (const std::string_view code : sheet.recovery_codes) html += element("li", printable(code));
    return html + "</ol>\n</section>\n";
}

std::string html_lockouts() {
    std::string html =
        "<section>\n" + element("h2", tr("Three ways to lock yourself out, and the ways back")) + "<ol>\n";
    for (const Lockout& lockout : lockouts())
        html += "<li><strong>" + escaped(tr(lockout.cause)) + "</strong> " + escaped(tr(lockout.way_back)) +
                "</li>\n";
    html += "</ol>\n<ul>\n";
    for (const char* way : ways_back()) html += element("li", tr(way));
    return html + "</ul>\n</section>\n";
}

std::string write_html(const Sheet& sheet) {
    std::string html = html_head(sheet);
    if (sheet.key != nullptr) html += html_key(sheet);
    if (!sheet.recovery_codes.empty()) html += html_recovery_codes(sheet);
    if (!sheet.shared) html += html_lockouts();
    return html + "</body>\n</html>\n";
}

// ---- Text

std::string heading(std::string_view text) {
    return "\n" + std::string(text) + "\n\n";
}

std::string text_key(const Sheet& sheet) {
    std::string text = heading(tr("The key")) + wrapped(about_key(sheet));
    if (sheet.waits_for_code) text += wrapped(about_confirming());
    text += "\n";
    for (const Named& field : named(read_key_fields(*sheet.key)))
        text += std::string(field.name) + "\n" + wrapped(printable(field.value), indent);
    if (!locale_is_utf8()) return text;
    const Secret drawing = render(QrCode(sheet.key->text("uri")), QrForm::utf8_inverse);
    return text.append("\n").append(drawing.text());
}

std::string text_recovery_codes(const Sheet& sheet) {
    std::string text = heading(tr("Recovery codes")) + wrapped(about_recovery_codes()) + "\n";
    for (const std::string_view code : sheet.recovery_codes) text += "    [ ] " + printable(code) + "\n";
    return text;
}

std::string text_lockouts() {
    std::string text = heading(tr("Three ways to lock yourself out, and the ways back"));
    for (const Lockout& lockout : lockouts())
        text += wrapped(tr(lockout.cause)) + wrapped(tr(lockout.way_back), indent);
    text += "\n";
    for (const char* way : ways_back()) text += wrapped(tr(way));
    return text;
}

std::string write_text(const Sheet& sheet) {
    std::string text = title(sheet) + "\n";
    if (sheet.key != nullptr) text += text_key(sheet);
    if (!sheet.recovery_codes.empty()) text += text_recovery_codes(sheet);
    return sheet.shared ? text : text + text_lockouts();
}

}  // namespace

std::optional<SheetForm> parse_sheet_form(std::string_view text) noexcept {
    if (text == "html") return SheetForm::html;
    if (text == "text") return SheetForm::text;
    return std::nullopt;
}

std::string write_sheet(const Sheet& sheet, SheetForm form) {
    return form == SheetForm::html ? write_html(sheet) : write_text(sheet);
}

}  // namespace warifu
