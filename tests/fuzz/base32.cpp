// A key as somebody typed it.
#include "core/otp/base32.h"

#include <algorithm>
#include <string>

#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > warifu::Secret::max_size) {
        return -1;
    }
    const auto text = warifu::fuzz::as_text(data, size);
    const auto bytes = warifu::base32_decode(text);
    if (!bytes) {
        return 0;
    }
    std::string plain;
    for (const char c : text) {
        if ((c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7')) {
            plain += c;
        } else if (c >= 'a' && c <= 'z') {
            plain += static_cast<char>(c - 'a' + 'A');
        }
    }
    must(warifu::base32_encode(bytes->bytes()).text() == plain, "what is read re-encodes to itself");
    return 0;
}
