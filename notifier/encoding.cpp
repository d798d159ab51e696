#include "notifier/encoding.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <span>
#include <vector>

#include "notifier/document.h"

namespace warifu::notifier {

namespace {

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::vector<unsigned char> out((bytes.size() + 2) / 3 * 4 + 1);
    const int size = EVP_EncodeBlock(out.data(), octets(bytes), static_cast<int>(bytes.size()));
    return {out.begin(), out.begin() + size};
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    std::size_t size = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(), octets(bytes),
                  bytes.size(), out.data(), out.size(), &size) == nullptr) {
        throw Problem("OpenSSL has no HMAC-SHA-256");
    }
    return hex({out.data(), size});
}

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> out(bytes);
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
        throw Problem("OpenSSL has no random bytes");
    }
    return hex(out);
}

}  // namespace warifu::notifier
