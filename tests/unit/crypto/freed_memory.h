// What a block of OpenSSL's ordinary heap holds when it is given back: seen from OpenSSL's own free hook
// (CRYPTO_set_mem_functions), while the block is still alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace warifu {

// The next block freed that begins at `block` is copied, `size` bytes of it.
void watch_freed(const void* block, std::size_t size);

// The copy; empty if the block has not been freed since.
std::vector<std::uint8_t> seen_when_freed();

}  // namespace warifu
