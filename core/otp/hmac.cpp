#include "core/otp/hmac.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <string>

#include "core/error/error.h"

namespace warifu {

namespace {

struct FreeContext {
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

[[noreturn]] void fail() {
    ERR_clear_error();
    throw Unavailable("OpenSSL cannot compute an HMAC");
}

// A context that knows its digest and no key. Looking both up by name costs more than an HMAC, so one is kept
// for each algorithm, never written again, and every computation starts from a duplicate.
EVP_MAC_CTX* make_template(std::string digest) {
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (mac == nullptr) fail();
    Context context(EVP_MAC_CTX_new(mac));
    EVP_MAC_free(mac);  // the context holds it
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), parameters) != 1) fail();
    return context.release();
}

const EVP_MAC_CTX* template_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::sha1: {
            static const EVP_MAC_CTX* const sha1 = make_template("SHA1");
            return sha1;
        }
        case Algorithm::sha256: {
            static const EVP_MAC_CTX* const sha256 = make_template("SHA256");
            return sha256;
        }
        case Algorithm::sha512: {
            static const EVP_MAC_CTX* const sha512 = make_template("SHA512");
            return sha512;
        }
    }
    throw Unavailable("unknown HMAC algorithm");
}

}  // namespace

std::size_t digest_bytes(Algorithm algorithm) noexcept {
    switch (algorithm) {
        case Algorithm::sha1:
            return 20;
        case Algorithm::sha256:
            return 32;
        case Algorithm::sha512:
            break;
    }
    return 64;
}

void hmac(Algorithm algorithm, std::span<const std::uint8_t> key, std::span<const std::uint8_t> message,
          std::span<std::uint8_t> out) {
    if (key.empty()) throw Unavailable("the secret is not here");
    const Context context(EVP_MAC_CTX_dup(template_of(algorithm)));
    std::size_t written = 0;
    if (!context || out.size() != digest_bytes(algorithm) ||
        EVP_MAC_init(context.get(), key.data(), key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), message.data(), message.size()) != 1 ||
        EVP_MAC_final(context.get(), out.data(), &written, out.size()) != 1 || written != out.size())
        fail();
}

}  // namespace warifu
