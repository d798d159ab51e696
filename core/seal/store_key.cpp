#include "core/seal/store_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

#include "core/error/error.h"
#include "core/otp/hmac.h"

namespace warifu {

namespace {

constexpr std::string_view file_prefix = "warifu-key-1 ";
constexpr std::size_t store_id_bytes = 16;
constexpr std::size_t key_bytes = 32;

constexpr char sealed_version = 1;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t gcm_tag_bytes = 16;
constexpr std::size_t sealed_overhead = 1 + nonce_bytes + gcm_tag_bytes;

// What each derived key is for. A name that changes makes every store unreadable.
constexpr std::string_view seal_use = "warifu seal 1";
constexpr std::string_view tag_use = "warifu tag 1";
constexpr std::string_view hash_use = "warifu hash 1";

struct FreeKdf {
    void operator()(EVP_KDF_CTX* context) const noexcept { EVP_KDF_CTX_free(context); }
};
struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

[[noreturn]] void fail(const char* message) {
    ERR_clear_error();
    throw Unavailable(message);
}

constexpr std::string_view hex_digits = "0123456789abcdef";

Secret to_hex(std::span<const std::uint8_t> bytes) {
    Secret text(2 * bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text.writable()[2 * i] = static_cast<std::uint8_t>(hex_digits[bytes[i] >> 4U]);
        text.writable()[2 * i + 1] = static_cast<std::uint8_t>(hex_digits[bytes[i] & 15U]);
    }
    return text;
}

// Lower case only, so that a key has one spelling. An even number of digits.
std::optional<Secret> from_hex(std::string_view text) {
    Secret bytes(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t value = hex_digits.find(text[i]);
        if (value == std::string_view::npos) return std::nullopt;
        std::uint8_t& byte = bytes.writable()[i / 2];
        byte = static_cast<std::uint8_t>(byte * 16U + value);
    }
    return bytes;
}

// HKDF-SHA-256 without salt: the master key is uniformly random (RFC 5869 section 3.1).
Secret derive(const Secret& master, std::string_view use) {
    EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(EVP_KDF_CTX_new(kdf));
    EVP_KDF_free(kdf);  // the context holds it
    std::string digest = "SHA256";
    const std::span<const std::uint8_t> key = master.bytes();
    // OpenSSL takes pointers to non-const, and reads.
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::uint8_t*>(key.data()),
                                          key.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<char*>(use.data()), use.size()),
        OSSL_PARAM_construct_end()};
    Secret derived(key_bytes);
    if (!context || EVP_KDF_derive(context.get(), derived.writable().data(), derived.size(), parameters) != 1)
        fail("OpenSSL cannot derive a key");
    return derived;
}

const EVP_CIPHER* aes_256_gcm() {
    // Looked up once: by name it costs more than sealing a secret does.
    static const EVP_CIPHER* const cipher = [] {
        const EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
        if (fetched == nullptr) fail("OpenSSL has no AES-256-GCM");
        return fetched;
    }();
    return cipher;
}

const std::uint8_t* octets(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* octets(std::string& text) noexcept {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

void append_number(std::string& out, std::uint64_t value) {
    for (unsigned shift = 64; shift > 0; shift -= 8) out.push_back(static_cast<char>(value >> (shift - 8)));
}

// With its length before it, so that no two lists of fields give the same bytes.
void append_field(std::string& out, std::string_view field) {
    append_number(out, field.size());
    out.append(field);
}

void append_parameters(std::string& out, const OtpParameters& otp) {
    // What a HOTP does not use must not tell an authenticator from its copy.
    const bool timed = otp.kind == OtpKind::totp;
    append_field(out, name(otp.kind));
    append_field(out, name(otp.algorithm));
    append_number(out, static_cast<std::uint64_t>(otp.digits));
    append_number(out, timed ? static_cast<std::uint64_t>(otp.period) : 0);
    append_number(out, timed ? static_cast<std::uint64_t>(otp.t0) : 0);
}

// HMAC fills a key up with zero bytes (RFC 2104 section 2): a secret gives the same codes with and without
// those at its end, and has to be the same authenticator.
std::span<const std::uint8_t> without_trailing_zeros(std::span<const std::uint8_t> secret) noexcept {
    while (!secret.empty() && secret.back() == 0) secret = secret.first(secret.size() - 1);
    return secret;
}

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 hmac_sha256(const Secret& key, std::span<const std::uint8_t> message) {
    Sha256 digest;
    hmac(Algorithm::sha256, key.bytes(), message, digest);
    return digest;
}

enum class Direction { decrypt = 0, encrypt = 1 };  // as EVP_CipherInit_ex2 counts them

// Starts AES-256-GCM and feeds it what is authenticated and not encrypted.
CipherContext start_cipher(Direction direction, const Secret& key, std::span<const std::uint8_t> nonce,
                           std::string_view associated) {
    CipherContext context(EVP_CIPHER_CTX_new());
    int written = 0;
    if (!context ||
        EVP_CipherInit_ex2(context.get(), aes_256_gcm(), key.bytes().data(), nonce.data(),
                           static_cast<int>(direction), nullptr) != 1 ||
        EVP_CipherUpdate(context.get(), nullptr, &written, octets(associated),
                         static_cast<int>(associated.size())) != 1)
        fail("OpenSSL cannot start AES-256-GCM");
    return context;
}

}  // namespace

StoreKey::StoreKey(std::string store_id, Secret master)
    : store_id_(std::move(store_id)),
      master_(std::move(master)),
      seal_key_(derive(master_, seal_use)),
      tag_key_(derive(master_, tag_use)),
      hash_key_(derive(master_, hash_use)) {}

Secret StoreKey::derived(std::string_view use) const {
    return derive(master_, use);
}

StoreKey StoreKey::generate() {
    const Secret id = to_hex(Secret::random(store_id_bytes).bytes());
    return StoreKey(std::string(id.text()), Secret::random(key_bytes));
}

StoreKey StoreKey::parse(std::string_view text) {
    constexpr std::size_t id_at = file_prefix.size(), id_digits = 2 * store_id_bytes;
    constexpr std::size_t key_at = id_at + id_digits + 1, key_digits = 2 * key_bytes;
    if (text.size() == key_at + key_digits + 1 && text.starts_with(file_prefix) && text[key_at - 1] == ' ' &&
        text.back() == '\n' && from_hex(text.substr(id_at, id_digits)))
        if (std::optional<Secret> master = from_hex(text.substr(key_at, key_digits)))
            return StoreKey(std::string(text.substr(id_at, id_digits)), std::move(*master));
    throw Unavailable("the store's key is not one line of the form: warifu-key-1 STORE_ID KEY");
}

Secret StoreKey::to_text() const {
    const Secret key = to_hex(master_.bytes());
    Secret text(file_prefix.size() + store_id_.size() + 1 + key.size() + 1);
    auto out = text.writable().begin();
    for (const std::string_view piece : {file_prefix, std::string_view(store_id_), std::string_view(" "),
                                         key.text(), std::string_view("\n")})
        out = std::ranges::copy(piece, out).out;
    return text;
}

std::string StoreKey::seal(std::span<const std::uint8_t> plain, std::string_view associated) const {
    if (plain.size() > Secret::max_size) throw Unavailable("too much to seal");
    const Secret nonce = Secret::random(nonce_bytes);
    const CipherContext context = start_cipher(Direction::encrypt, seal_key_, nonce.bytes(), associated);

    std::string sealed(sealed_overhead + plain.size(), '\0');
    sealed[0] = sealed_version;
    std::ranges::copy(nonce.text(), sealed.begin() + 1);
    std::uint8_t* const ciphertext = octets(sealed) + 1 + nonce_bytes;
    std::uint8_t* const tag = ciphertext + plain.size();
    int written = 0;
    if (EVP_CipherUpdate(context.get(), ciphertext, &written, plain.data(), static_cast<int>(plain.size())) !=
            1 ||
        EVP_CipherFinal_ex(context.get(), tag, &written) != 1 ||  // GCM has no last block: writes nothing
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, gcm_tag_bytes, tag) != 1)
        fail("OpenSSL cannot seal with AES-256-GCM");
    return sealed;
}

Secret StoreKey::unseal(std::string_view sealed, std::string_view associated) const {
    if (sealed.size() < sealed_overhead || sealed.size() - sealed_overhead > Secret::max_size ||
        sealed[0] != sealed_version)
        fail("a sealed record is cut off or of an unknown version");
    const std::span<const std::uint8_t> bytes(octets(sealed), sealed.size());
    const auto nonce = bytes.subspan(1, nonce_bytes);
    const auto ciphertext = bytes.subspan(1 + nonce_bytes, bytes.size() - sealed_overhead);
    std::array<std::uint8_t, gcm_tag_bytes> tag;  // OpenSSL takes it non-const
    std::ranges::copy(bytes.last(gcm_tag_bytes), tag.begin());

    const CipherContext context = start_cipher(Direction::decrypt, seal_key_, nonce, associated);
    Secret plain(ciphertext.size());
    int written = 0;
    // What comes out before the tag has been checked leaves this function only with it.
    if (EVP_CipherUpdate(context.get(), plain.writable().data(), &written, ciphertext.data(),
                         static_cast<int>(ciphertext.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, gcm_tag_bytes, tag.data()) != 1 ||
        EVP_CipherFinal_ex(context.get(), tag.data(), &written) != 1)
        fail("a sealed record was changed, belongs elsewhere, or was sealed under another key");
    return plain;
}

Tag StoreKey::tag(std::string_view realm, std::string_view subject_name, const Secret& secret,
                  const OtpParameters& parameters) const {
    const std::span<const std::uint8_t> significant = without_trailing_zeros(secret.bytes());
    std::string fields;
    append_field(fields, realm);
    append_field(fields, subject_name);
    append_parameters(fields, parameters);
    append_number(fields, significant.size());
    Secret message(fields.size() + significant.size());
    std::ranges::copy(significant, std::ranges::copy(fields, message.writable().begin()).out);
    const Sha256 digest = hmac_sha256(tag_key_, message.bytes());
    Tag tag;
    std::copy_n(digest.begin(), tag.size(), tag.begin());
    return tag;
}

std::uint64_t StoreKey::keyed_hash(std::string_view use, std::string_view text) const {
    std::string message;
    append_field(message, use);
    append_field(message, text);
    const Sha256 digest = hmac_sha256(hash_key_, {octets(message), message.size()});
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest[i];
    return number;
}

std::string associated_data(std::string_view store_id, std::string_view record_type, std::string_view realm,
                            std::string_view subject_name, std::string_view authenticator_id,
                            const OtpParameters& parameters) {
    std::string data;
    for (const std::string_view field : {store_id, record_type, realm, subject_name, authenticator_id})
        append_field(data, field);
    append_parameters(data, parameters);
    return data;
}

}  // namespace warifu
