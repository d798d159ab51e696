// The whole C++ heap of this program is wiped as it is freed: arguments, parsed replies and built text pass
// through ordinary strings, of the libraries too, and some of them hold codes and keys.
#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

namespace {

void wipe_and_free(void* memory) noexcept {
    if (memory == nullptr) return;
    explicit_bzero(memory, malloc_usable_size(memory));
    std::free(memory);
}

}  // namespace

void operator delete(void* memory) noexcept {
    wipe_and_free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    wipe_and_free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
    wipe_and_free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    wipe_and_free(memory);
}
