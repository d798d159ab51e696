// A sheet of paper for one person: the QR code, the key for typing with its parameters, the recovery codes,
// the ways to lock oneself out and the ways back; in the language of the caller's locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/client/reply.h"

namespace warifu {

enum class SheetForm : std::uint8_t {
    html,  // one page with the QR code and the style inside; it fetches nothing and runs nothing
    text,  // the QR code in half blocks, dark on light, where the locale is UTF-8
};

std::optional<SheetForm> parse_sheet_form(std::string_view text) noexcept;

struct Sheet {
    std::string_view user;            // empty: not said
    const ipc::Reply* key = nullptr;  // with secret, uri and label; null: not on this sheet
    std::vector<std::string_view> recovery_codes;
    bool waits_for_code = false;  // the key counts only once a code has confirmed it
    bool shared = false;          // many have the same key, and nothing of it is one person's
};

// Holds what is on the sheet: whoever keeps it wipes it.
std::string write_sheet(const Sheet& sheet, SheetForm form);

}  // namespace warifu
