#include "core/recovery/scrypt.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>

#include "core/error/error.h"

namespace warifu {

namespace {

struct FreeContext {
    void operator()(EVP_KDF_CTX* context) const noexcept { EVP_KDF_CTX_free(context); }
};

}  // namespace

void scrypt(std::string_view password, std::span<const std::uint8_t> salt, const ScryptCost& cost,
            std::span<std::uint8_t> out) {
    // Beside the memory this takes, looking the algorithm up by name costs nothing.
    EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "SCRYPT", nullptr);
    const std::unique_ptr<EVP_KDF_CTX, FreeContext> context(EVP_KDF_CTX_new(kdf));
    EVP_KDF_free(kdf);  // the context holds it

    // OpenSSL takes pointers to non-const, and reads. An empty octet string may not be null.
    const auto octets = [](const char* key, const void* data, std::size_t size) {
        return OSSL_PARAM_construct_octet_string(
            key, size == 0 ? const_cast<char*>("") : const_cast<void*>(data), size);
    };
    ScryptCost given = cost;
    std::uint64_t memory = max_scrypt_memory;
    const OSSL_PARAM parameters[] = {octets(OSSL_KDF_PARAM_PASSWORD, password.data(), password.size()),
                                     octets(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
                                     OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &given.cost),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &given.block_size),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &given.parallel),
                                     OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
                                     OSSL_PARAM_construct_end()};
    if (!context || EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) != 1) {
        ERR_clear_error();
        throw Unavailable("scrypt cannot be computed; most likely there is too little memory");
    }
}

}  // namespace warifu
