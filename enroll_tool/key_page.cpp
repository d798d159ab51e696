#include "enroll_tool/key_page.h"

#include <algorithm>
#include <string>

#include "enroll_tool/key_fields.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t least_name_width = 9, key_line_width = 60;  // twelve groups of the key a line

std::size_t name_width() {
    std::size_t width = least_name_width;
    for (const char* name : {tr("Issuer"), tr("Account"), tr("Key"), tr("Type"), tr("Label")})
        width = std::max(width, columns(name));
    return width;
}

void show_field(std::string_view name, std::string_view value, Output& page) {
    page.text("  ");
    page.text(padded(name, name_width()));
    page.text("  ");
    page.text(cut(printable(value), 80 - 2 - name_width() - 2));
    page.text("\n");
}

void show_groups(std::string_view groups, Output& page) {
    std::string_view name = tr("Key");
    while (!groups.empty()) {
        std::string_view line = groups.substr(0, key_line_width);
        groups.remove_prefix(line.size());
        if (line.ends_with(' ')) line.remove_suffix(1);
        show_field(name, line, page);
        name = "";
    }
}

}  // namespace

void show_key(const ipc::Reply& key, std::optional<QrForm> form, Output& page) {
    const KeyFields fields = read_key_fields(key);
    page.text(wrapped(form ? tr("Scan the QR code with an authenticator app, or type the key into it.")
                           : tr("Type this key into an authenticator app.")) +
              "\n");
    if (!fields.issuer.empty()) show_field(tr("Issuer"), fields.issuer, page);
    show_field(tr("Account"), fields.account, page);
    show_groups(fields.key, page);
    show_field(tr("Type"), fields.type, page);
    show_field(tr("Label"), fields.label, page);
    page.text("\n");
    if (!form) return;
    const Secret drawing = render(QrCode(key.text("uri")), *form);
    page.text(drawing.text());
    page.text("\n");
}

}  // namespace warifu
