#include "tests/cmocka/adapter/heap.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>

namespace warifu::cmocka {
namespace {

// On either side of a block. As long as malloc's alignment, which the block keeps so.
constexpr std::size_t guard_bytes = alignof(std::max_align_t);
constexpr int guard_filling = 0xA5;
constexpr int fresh_filling = 0xC3;  // what nobody has written yet

struct Block {
    std::size_t size;
    const char* file;
    int line;
    Moment born;
};

std::map<char*, Block>& blocks() {
    static std::map<char*, Block> all;
    return all;
}

Moment clock_ticks = 0;

// Null where there is no memory.
char* allocate(std::size_t size, const char* file, int line) {
    if (size > SIZE_MAX - 2 * guard_bytes) return nullptr;
    auto* const whole = static_cast<char*>(std::malloc(size + 2 * guard_bytes));
    if (whole == nullptr) return nullptr;
    char* const block = whole + guard_bytes;
    std::memset(whole, guard_filling, guard_bytes);
    std::memset(block, fresh_filling, size);
    std::memset(block + size, guard_filling, guard_bytes);
    blocks()[block] = {size, file, line, ++clock_ticks};
    return block;
}

bool untouched(const char* guard) {
    return std::all_of(guard, guard + guard_bytes,
                       [](char byte) { return static_cast<unsigned char>(byte) == guard_filling; });
}

void release(char* block) {
    blocks().erase(block);
    std::free(block - guard_bytes);
}

// A block that somebody is about to give back; ends the test where it is none or was overrun.
std::size_t checked_size(char* block, const char* file, int line) {
    auto const found = blocks().find(block);
    if (found == blocks().end())
        cm_fail(file, line, "%p is no block of test_malloc", static_cast<void*>(block));
    const Block& known = found->second;
    if (!untouched(block - guard_bytes) || !untouched(block + known.size))
        cm_fail(file, line, "written beyond the block of %zu bytes from %s:%d", known.size, known.file,
                known.line);
    return known.size;
}

}  // namespace

Moment heap_now() {
    return clock_ticks;
}

std::vector<Failure> reclaim_since(Moment moment) {
    std::vector<char*> young;
    std::vector<Failure> failures;
    for (const auto& [block, known] : blocks()) {
        if (known.born <= moment) continue;
        young.push_back(block);
        failures.push_back(
            {known.file, known.line, "never freed: a block of " + std::to_string(known.size) + " bytes"});
    }
    for (char* const block : young) release(block);
    return failures;
}

}  // namespace warifu::cmocka

extern "C" {

using warifu::cmocka::allocate;
using warifu::cmocka::checked_size;
using warifu::cmocka::release;

void* _test_malloc(const size_t size, const char* file, const int line) {
    return allocate(size, file, line);
}

void* _test_calloc(const size_t number_of_elements, const size_t size, const char* file, const int line) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(number_of_elements, size, &bytes)) return nullptr;
    void* const block = allocate(bytes, file, line);
    return block == nullptr ? nullptr : std::memset(block, 0, bytes);
}

void* _test_realloc(void* ptr, const size_t size, const char* file, const int line) {
    if (ptr == nullptr) return allocate(size, file, line);
    size_t const before = checked_size(static_cast<char*>(ptr), file, line);
    char* const block = size == 0 ? nullptr : allocate(size, file, line);
    if (size != 0 && block == nullptr) return nullptr;
    if (block != nullptr) std::memcpy(block, ptr, std::min(before, size));
    release(static_cast<char*>(ptr));
    return block;
}

void _test_free(void* const ptr, const char* file, const int line) {
    if (ptr == nullptr) return;
    checked_size(static_cast<char*>(ptr), file, line);
    release(static_cast<char*>(ptr));
}
}
