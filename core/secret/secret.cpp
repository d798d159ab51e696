#include "core/secret/secret.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/error/error.h"

namespace warifu {

namespace {

// Smallest block of the secure heap: a TOTP secret of 160 bits fits, and so does any key of 256.
constexpr std::size_t secure_heap_unit = 32;

// How much of the secure heap secrets may take: 0 without one. It is the process's, as the heap is. OpenSSL
// keeps its random generator's seed there too, and fails where it cannot: what is left over is for that.
std::atomic<std::size_t> secure_share = 0;

std::uint8_t* allocate_zeroed(std::size_t size) {
    const std::size_t share = secure_share;
    void* memory = nullptr;
    if (share != 0 && CRYPTO_secure_used() + size <= share) memory = OPENSSL_secure_zalloc(size);
    // A secret that is wiped but not locked is better than a sign-in that fails.
    if (memory == nullptr) memory = OPENSSL_zalloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<std::uint8_t*>(memory);
}

}  // namespace

Secret::Secret(std::size_t size) {
    if (size > max_size) throw std::length_error("secret longer than 64 KiB");
    if (size == 0) return;
    data_ = allocate_zeroed(size);
    size_ = capacity_ = size;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    Secret taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(capacity_, taken.capacity_);
    return *this;
}

Secret::~Secret() {
    // Knows by the address which heap it came from, and cleanses either way.
    OPENSSL_secure_clear_free(data_, capacity_);
}

Secret Secret::copy_of(std::span<const std::uint8_t> bytes) {
    Secret copy(bytes.size());
    std::ranges::copy(bytes, copy.data_);
    return copy;
}

Secret Secret::copy_of(std::string_view text) {
    Secret copy(text.size());
    std::ranges::copy(text, copy.data_);
    return copy;
}

Secret Secret::random(std::size_t size) {
    Secret bytes(size);
    for (std::size_t filled = 0; filled < size;) {
        const ssize_t got = getrandom(bytes.data_ + filled, size - filled, 0);
        if (got > 0)
            filled += static_cast<std::size_t>(got);
        else if (errno != EINTR)
            throw Unavailable("the kernel gives no random numbers (getrandom)");
    }
    return bytes;
}

std::string_view Secret::text() const noexcept {
    return {reinterpret_cast<const char*>(data_), size_};
}

void Secret::truncate(std::size_t size) noexcept {
    if (size >= size_) return;
    OPENSSL_cleanse(data_ + size, size_ - size);
    size_ = size;
}

bool lock_secrets(std::size_t bytes) noexcept {
    // 1 is locked; 2 is a heap that could not be locked or guarded, and is of use all the same.
    const int outcome = CRYPTO_secure_malloc_init(bytes, secure_heap_unit);
    if (outcome == 0)
        ERR_clear_error();
    else
        secure_share = bytes / 4 * 3;
    return outcome == 1;
}

bool constant_time_equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& text) noexcept {
    // The capacity too: a shorter value may have been assigned over a longer one.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

}  // namespace warifu
