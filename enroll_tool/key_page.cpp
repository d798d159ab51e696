#include "enroll_tool/key_page.h"

#include <unistd.h>

#include <string>

#include "enroll_tool/key_details.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/qr_choice.h"

namespace warifu {

namespace {

constexpr std::size_t name_width = 9, group_size = 4, groups_in_a_line = 12;

void show_field(std::string_view name, std::string_view value, Output& page) {
    page.text("  ");
    page.text(padded(name, name_width));
    page.text("  ");
    page.text(cut(printable(value), 80 - 2 - name_width - 2));
    page.text("\n");
}

// Groups of four, twelve a line: what an eye can keep while the hand types.
void show_groups(std::string_view key, Output& page) {
    std::string_view name = "Key";
    while (!key.empty()) {
        page.text("  ");
        page.text(padded(name, name_width));
        page.text(" ");
        for (std::size_t group = 0; group < groups_in_a_line && !key.empty(); ++group) {
            page.text(" ");
            page.text(printable(key.substr(0, group_size)));
            key.remove_prefix(std::min(group_size, key.size()));
        }
        page.text("\n");
        name = "";
    }
}

std::string describe_type(const KeyDetails& details) {
    const std::string steps =
        details.type == "hotp" ? "counter " + details.counter : "every " + details.period + " seconds";
    std::string type;
    for (const char character : details.type)
        type += character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
    return type + ", " + details.digits + " digits, " + steps + ", " + details.algorithm;
}

void show_text(const ipc::Reply& key, std::optional<QrForm> form, Output& page) {
    const KeyDetails details = read_key_details(key.text("uri"));
    page.text(form ? "Scan the QR code with an authenticator app, or type the key into it.\n\n"
                   : "Type this key into an authenticator app.\n\n");
    if (!details.issuer.empty()) show_field("Issuer", details.issuer, page);
    show_field("Account", details.account, page);
    show_groups(key.text("secret"), page);
    show_field("Type", describe_type(details), page);
    show_field("Label", key.text("label"), page);
    page.text("\n");
}

}  // namespace

void show_key(const ipc::Reply& key, std::optional<QrForm> form, Output& out) {
    if (is_image(form)) {
        Output beside(STDERR_FILENO);
        show_text(key, form, beside);
        beside.flush();
    } else {
        show_text(key, form, out);
    }
    if (!form) return;
    const Secret drawing = render(QrCode(key.text("uri")), *form);
    out.text(drawing.text());
    if (!is_image(form)) out.text("\n");
}

}  // namespace warifu
