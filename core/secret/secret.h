// A run of secret bytes: on OpenSSL's secure heap (locked, guarded, kept out of core dumps) where that has
// been set up, wiped when it dies. It can be moved, and it can be neither copied nor printed by accident.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace warifu {

class Secret {
  public:
    // Largest size accepted, in bytes. Larger throws std::length_error.
    static constexpr std::size_t max_size = 64 * 1024;

    Secret() noexcept = default;
    explicit Secret(std::size_t size);  // zero-filled; throws std::bad_alloc
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    // The one way to a second copy, spelled out where it happens.
    static Secret copy_of(std::span<const std::uint8_t> bytes);
    static Secret copy_of(std::string_view text);
    // `size` bytes from the operating system's generator; throws Unavailable if it cannot answer.
    static Secret random(std::size_t size);

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    // Both views end with the Secret's life or its next change.
    std::span<const std::uint8_t> bytes() const noexcept { return {data_, size_}; }
    std::span<std::uint8_t> writable() noexcept { return {data_, size_}; }
    std::string_view text() const noexcept;
    // Keeps the first `size` bytes and wipes the rest; `size` above size() is ignored.
    void truncate(std::size_t size) noexcept;

  private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Sets up the secure heap, once for each process, before the first Secret: `bytes` is a power of two. Returns
// false where memory could not be locked (RLIMIT_MEMLOCK); secrets are wiped all the same. Secrets take three
// quarters of it, what OpenSSL needs the rest, and further secrets the ordinary heap.
bool lock_secrets(std::size_t bytes = 4 * 1024 * 1024) noexcept;

// Equal in content, in a time that depends on the lengths alone (CRYPTO_memcmp).
bool constant_time_equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept;
bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

// Overwrites text that held a secret in an ordinary string, and empties it.
void wipe(std::string& text) noexcept;

}  // namespace warifu
