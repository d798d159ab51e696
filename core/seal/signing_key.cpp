#include "core/seal/signing_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::size_t ed25519_bytes = 32, signature_bytes = 64, id_bytes = 8;

template <typename T, void (*release)(T*)>
struct Release {
    void operator()(T* object) const noexcept { release(object); }
};
struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};

}  // namespace

std::string base64url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    while (text.ends_with('=')) {
        text.pop_back();
    }
    for (char& character : text) {
        character = character == '+' ? '-' : character == '/' ? '_' : character;
    }
    return text;
}

SigningKey::SigningKey(const StoreKey& key) {
    const Secret seed = key.derived("warifu sign 1");
    key_ = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.size());
    if (key_ == nullptr) {
        throw Unavailable("OpenSSL cannot make the key that signs");
    }
}

SigningKey::~SigningKey() {
    EVP_PKEY_free(key_);
}

std::string SigningKey::sign(std::string_view text) const {
    using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;
    const Context context(EVP_MD_CTX_new());
    std::string signature(signature_bytes, '\0');
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
        throw Unavailable("OpenSSL cannot sign");
    }
    signature.resize(size);
    return signature;
}

std::string SigningKey::public_pem() const {
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
    char* text = nullptr;
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_) != 1) {
        throw Unavailable("OpenSSL cannot write the public key");
    }
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string SigningKey::public_bytes() const {
    std::string bytes(ed25519_bytes, '\0');
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(key_, reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1) {
        throw Unavailable("OpenSSL cannot read the public key");
    }
    return bytes;
}

std::string SigningKey::id() const {
    const std::string bytes = public_bytes();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw Unavailable("OpenSSL cannot hash the public key");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < id_bytes; ++i) {
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 15U];
    }
    return text;
}

}  // namespace warifu
