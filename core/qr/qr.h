// QR codes (ISO/IEC 18004, by libqrencode): what a phone scans to take over a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/secret/secret.h"

namespace warifu {

// As long as a key URI can be. At this length every form below still fits a Secret.
inline constexpr std::size_t max_qr_text_bytes = 2048;

// The modules of one code, without a quiet zone. It holds the secret that the text holds, and is wiped. What
// libqrencode allocates on its way is not.
class QrCode {
  public:
    // The smallest version that holds `text`, with error correction L, or M where that costs no larger one.
    // Throws Invalid("qr") for text that is empty, longer than max_qr_text_bytes, or has a NUL in it;
    // std::bad_alloc.
    explicit QrCode(std::string_view text);

    // Modules on a side: 17 + 4 * version.
    int size() const noexcept { return size_; }
    // False, which is light, for every module outside: the quiet zone.
    bool dark(int x, int y) const noexcept;

  private:
    int size_ = 0;
    Secret modules_;  // row by row, 1 is dark
};

// utf8, utf8_inverse and ascii are for terminals: lines that end in '\n', all equally wide, no escape
// sequences, a quiet zone of two modules (below the half blocks of one, which saves a line: up to version 7,
// about 155 bytes, a code fits 24). utf8 draws the light modules as blocks, for light text on a dark ground,
// two modules a character; ascii the same as "##", a module two characters; utf8_inverse draws the dark ones,
// for dark text on a light ground. svg and png are images, dark on light, eight pixels a module, a quiet zone
// of four.
enum class QrForm : std::uint8_t { utf8, utf8_inverse, ascii, svg, png };

std::string_view name(QrForm form) noexcept;  // "utf8", "utf8-inverse", "ascii", "svg", "png"
std::optional<QrForm> parse_qr_form(std::string_view text) noexcept;

// Every form that is text: not png, for which see image.h. Throws Invalid("qr") for that.
Secret render(const QrCode& code, QrForm form);

}  // namespace warifu
