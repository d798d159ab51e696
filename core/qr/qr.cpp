#include "core/qr/qr.h"

#include <openssl/crypto.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "core/error/error.h"

namespace warifu {

namespace {

struct FreeCode {
    void operator()(QRcode* code) const noexcept {
        OPENSSL_cleanse(code->data,
                        static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width));
        QRcode_free(code);
    }
};
using Encoded = std::unique_ptr<QRcode, FreeCode>;

// Bytes, but for runs of capitals and digits, which take less room (the secret, percent-encoding).
Encoded encode(const Secret& terminated_text, QRecLevel level) {
    const char* text = reinterpret_cast<const char*>(terminated_text.bytes().data());
    constexpr int smallest_version = 0, case_sensitive = 1;
    Encoded code(QRcode_encodeString(text, smallest_version, level, QR_MODE_8, case_sensitive));
    if (!code) throw std::bad_alloc();  // nothing else is left: the text has been bounded
    return code;
}

Encoded encode_smallest(const Secret& terminated_text) {
    Encoded low = encode(terminated_text, QR_ECLEVEL_L);
    Encoded medium = encode(terminated_text, QR_ECLEVEL_M);
    return medium->version > low->version ? std::move(low) : std::move(medium);
}

Secret terminated(std::string_view text) {
    if (text.empty() || text.size() > max_qr_text_bytes)
        throw Invalid("qr", "a QR code takes 1 to " + std::to_string(max_qr_text_bytes) + " bytes");
    if (text.find('\0') != std::string_view::npos) throw Invalid("qr", "no QR code of text with a NUL in it");
    Secret copy(text.size() + 1);
    std::ranges::copy(text, copy.writable().begin());
    return copy;
}

}  // namespace

QrCode::QrCode(std::string_view text) {
    const Encoded code = encode_smallest(terminated(text));
    size_ = code->width;
    modules_ = Secret(static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_));
    constexpr unsigned dark_bit = 1;  // the others say what a module is for
    std::transform(code->data, code->data + modules_.size(), modules_.writable().begin(),
                   [](unsigned char module) { return static_cast<std::uint8_t>(module & dark_bit); });
}

bool QrCode::dark(int x, int y) const noexcept {
    if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
    return modules_.bytes()[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) +
                            static_cast<std::size_t>(x)] != 0;
}

}  // namespace warifu
