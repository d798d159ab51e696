#include <openssl/crypto.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "core/qr/qr.h"

namespace warifu {

namespace {

constexpr int terminal_quiet_zone = 2;  // four would not fit a usual key into 24 lines
constexpr int image_quiet_zone = 4;     // ISO/IEC 18004 section 5.3.8
constexpr int pixels_a_module = 8;

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

// A pixel a byte, wiped when it dies: larger than a Secret may be.
class Pixels {
  public:
    explicit Pixels(const QrCode& code)
        : side_((code.size() + 2 * image_quiet_zone) * pixels_a_module),
          pixels_(static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_)) {
        auto out = pixels_.begin();
        for (int y = 0; y < side_; ++y)
            for (int x = 0; x < side_; ++x)
                *out++ =
                    code.dark(x / pixels_a_module - image_quiet_zone, y / pixels_a_module - image_quiet_zone);
    }
    Pixels(const Pixels&) = delete;
    Pixels& operator=(const Pixels&) = delete;
    ~Pixels() { OPENSSL_cleanse(pixels_.data(), pixels_.size()); }

    png_uint_32 side() const noexcept { return static_cast<png_uint_32>(side_); }
    const std::uint8_t* data() const noexcept { return pixels_.data(); }

  private:
    int side_;
    std::vector<std::uint8_t> pixels_;
};

// With a palette of two libpng writes one bit a pixel.
Secret png(const QrCode& code) {
    const Pixels pixels(code);
    constexpr std::array<png_byte, 2> palette = {255, 0};  // what 0, light, and 1, dark, look like
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = image.height = pixels.side();
    image.format = PNG_FORMAT_FLAG_COLORMAP;
    image.colormap_entries = palette.size();
    Secret written(Secret::max_size);
    png_alloc_size_t size = written.size();
    constexpr int no_conversion = 0, row_by_row = 0;
    const int done = png_image_write_to_memory(&image, written.writable().data(), &size, no_conversion,
                                               pixels.data(), row_by_row, palette.data());
    png_image_free(&image);
    if (done == 0) throw Unavailable("libpng cannot write an image");
    return Secret::copy_of(written.bytes().first(size));
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
            return png(code);
    }
    throw Invalid("qr", "no such form");
}

}  // namespace warifu
