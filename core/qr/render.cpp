#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "core/error/error.h"
#include "core/qr/image.h"
#include "core/qr/qr.h"

namespace warifu {

namespace {

constexpr int terminal_quiet_zone = 2;  // four would not fit a usual key into 24 lines

// Text that grows inside a Secret: nothing is left behind where it grew.
class Drawing {
  public:
    // Texts and numbers, one after the other.
    template <typename... Parts>
    void put(const Parts&... parts) {
        (append(parts), ...);
    }
    Secret take() && {
        return Secret::copy_of(drawn_.bytes().first(size_));  // what is kept should not cost the largest size
    }

  private:
    void append(std::string_view text) {
        if (size_ + text.size() > drawn_.size()) throw std::length_error("QR code too large to draw");
        std::ranges::copy(text, drawn_.writable().begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += text.size();
    }
    void append(int number) { append(std::to_string(number)); }

    Secret drawn_{Secret::max_size};
    std::size_t size_ = 0;
};

enum class Ink { light, dark };  // which modules are drawn, which are left to the ground

Secret half_blocks(const QrCode& code, Ink ink) {
    const auto inked = [&](int x, int y) { return code.dark(x, y) == (ink == Ink::dark); };
    constexpr int first = -terminal_quiet_zone;
    const int end = code.size() + terminal_quiet_zone;
    Drawing drawing;
    // A code has an odd number of rows: one quiet row below it fills the last line, two would begin another.
    for (int y = first; y < code.size(); y += 2) {
        for (int x = first; x < end; ++x) {
            const bool upper = inked(x, y), lower = inked(x, y + 1);
            drawing.put(upper ? (lower ? "█" : "▀") : (lower ? "▄" : " "));
        }
        drawing.put("\n");
    }
    return std::move(drawing).take();
}

Secret ascii(const QrCode& code) {
    constexpr int first = -terminal_quiet_zone;
    const int end = code.size() + terminal_quiet_zone;
    Drawing drawing;
    for (int y = first; y < end; ++y) {
        for (int x = first; x < end; ++x) drawing.put(code.dark(x, y) ? "  " : "##");
        drawing.put("\n");
    }
    return std::move(drawing).take();
}

// A stroke for each run of dark modules: the first of a row is placed, the others say the gap before them.
void draw_row(const QrCode& code, int y, Drawing& drawing) {
    int pen = -1;
    for (int x = 0; x < code.size(); ++x) {
        if (!code.dark(x, y)) continue;
        const int from = x;
        while (code.dark(x, y)) ++x;
        if (pen < 0)
            drawing.put("M", from + image_quiet_zone, " ", y + image_quiet_zone, ".5h", x - from);
        else
            drawing.put("m", from - pen, " 0h", x - from);
        pen = x;
    }
}

Secret svg(const QrCode& code) {
    const int side = code.size() + 2 * image_quiet_zone;
    const int pixels = side * pixels_a_module;
    Drawing drawing;
    drawing.put(R"(<svg xmlns="http://www.w3.org/2000/svg" width=")", pixels, R"(" height=")", pixels,
                R"(" viewBox="0 0 )", side, " ", side, R"(" shape-rendering="crispEdges">)");
    drawing.put(R"(<path fill="#fff" d="M0 0h)", side, "v", side, R"(H0z"/><path stroke="#000" d=")");
    for (int y = 0; y < code.size(); ++y) draw_row(code, y, drawing);
    drawing.put("\"/></svg>\n");
    return std::move(drawing).take();
}

constexpr std::array<std::string_view, 5> names = {"utf8", "utf8-inverse", "ascii", "svg", "png"};

}  // namespace

std::string_view name(QrForm form) noexcept {
    return names[static_cast<std::size_t>(form)];
}

std::optional<QrForm> parse_qr_form(std::string_view text) noexcept {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<QrForm>(found - names.begin());
}

Secret render(const QrCode& code, QrForm form) {
    switch (form) {
        case QrForm::utf8:
            return half_blocks(code, Ink::light);
        case QrForm::utf8_inverse:
            return half_blocks(code, Ink::dark);
        case QrForm::ascii:
            return ascii(code);
        case QrForm::svg:
            return svg(code);
        case QrForm::png:
            break;
    }
    throw Invalid("qr", "no drawing in text");
}

}  // namespace warifu
