#include "tests/unit/crypto/freed_memory.h"

#include <openssl/crypto.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace warifu {

namespace {

// OpenSSL's hooks are for the process and carry no argument: what they watch has to be static.
struct Watch {
    std::mutex mutex;
    const void* block = nullptr;
    std::size_t size = 0;
    std::vector<std::uint8_t> seen;
};
Watch& watch() {
    static Watch only;
    return only;
}

void* allocate(std::size_t size, const char*, int) {
    return size == 0 ? nullptr : std::malloc(size);
}

void* reallocate(void* block, std::size_t size, const char*, int) {
    return std::realloc(block, size);
}

void release(void* block, const char*, int) {
    {
        Watch& watched = watch();
        const std::scoped_lock lock(watched.mutex);
        if (block != nullptr && block == watched.block) {
            const auto* bytes = static_cast<const std::uint8_t*>(block);
            watched.seen.assign(bytes, bytes + watched.size);
            watched.block = nullptr;
        }
    }
    std::free(block);
}

// Before main, since OpenSSL refuses once it has allocated anything.
const bool installed = [] {
    watch();
    if (CRYPTO_set_mem_functions(allocate, reallocate, release) == 1) return true;
    std::fputs("OpenSSL has allocated memory before the tests could watch it\n", stderr);
    std::abort();
}();

}  // namespace

void watch_freed(const void* block, std::size_t size) {
    Watch& watched = watch();
    const std::scoped_lock lock(watched.mutex);
    watched.block = block;
    watched.size = size;
    watched.seen.clear();
}

std::vector<std::uint8_t> seen_when_freed() {
    Watch& watched = watch();
    const std::scoped_lock lock(watched.mutex);
    return watched.seen;
}

}  // namespace warifu
