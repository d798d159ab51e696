#include "enroll_tool/jws.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>

#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

[[noreturn]] void no_assertion() {
    throw Invalid("assertion", "is none: three parts of base64url with dots between them (RFC 7515)");
}

std::string decoded(std::string_view part) {
    std::string text(part);
    if (text.find_first_of("+/=") != std::string::npos || text.size() % 4 == 1) no_assertion();
    for (char& character : text) character = character == '-' ? '+' : character == '_' ? '/' : character;
    const std::size_t padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) no_assertion();
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::unique_ptr<EVP_PKEY, Free> key_in(std::string_view pem) {
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::unique_ptr<EVP_PKEY, Free> key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)
                                            : nullptr);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        throw Invalid("key", "is no Ed25519 public key in PEM: see `warifu assertion key`");
    return key;
}

bool signed_by(EVP_PKEY* key, std::string_view text, const std::string& signature) {
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

}  // namespace

json verified_claims(std::string_view jws, std::string_view public_pem) {
    const auto key = key_in(public_pem);
    const std::size_t first = jws.find('.'), last = jws.rfind('.');
    if (jws.size() > max_jws_bytes || first == jws.npos || first == last) no_assertion();
    const json header = json::parse(decoded(jws.substr(0, first)), nullptr, false);
    const json claims = json::parse(decoded(jws.substr(first + 1, last - first - 1)), nullptr, false);
    const std::string signature = decoded(jws.substr(last + 1));
    if (!header.is_object() || !claims.is_object()) no_assertion();
    // The algorithm is not the header's to choose.
    if (header.value("alg", json()) != "EdDSA" || !signed_by(key.get(), jws.substr(0, last), signature))
        throw Denied("not_signed", "this assertion was not signed by that key");
    return claims;
}

}  // namespace warifu
