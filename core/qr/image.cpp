#include "core/qr/image.h"

#include <openssl/crypto.h>
#include <png.h>

#include <array>
#include <cstdint>
#include <vector>

#include "core/error/error.h"

namespace warifu {

namespace {

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

}  // namespace

Secret render_image(const QrCode& code, QrForm form) {
    return form == QrForm::png ? png(code) : render(code, form);
}

}  // namespace warifu
