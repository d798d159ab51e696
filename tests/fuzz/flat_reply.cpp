// A message from whoever answers in warifud's place, as the PAM module reads it.
#include "ipc/wire/flat_reply.h"

#include <array>

#include "ipc/wire/utf8.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;
using Field = warifu::wire::FlatReply::Field;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto message = warifu::fuzz::as_text(data, size);
    warifu::wire::FlatReply reply;
    if (!reply.parse(message)) {
        return 0;
    }
    must(reply.error().empty() || message.find(reply.error()) != message.npos,
         "the error stands in the message");
    for (const char* const key : {"step", "text", "echo", "tail", "verdict", ""}) {
        for (const std::size_t capacity : {std::size_t{1}, std::size_t{16}, std::size_t{4'096}}) {
            std::array<char, 4'097> out{};
            out[capacity] = 'x';
            std::size_t length = 0;
            if (reply.text(key, out.data(), capacity, &length) == Field::present) {
                must(std::string_view(out.data()).size() == length, "text ends where it says");
                must(warifu::wire::valid_utf8({out.data(), length}), "text is UTF-8");
            }
            must(out[capacity] == 'x', "nothing is written behind the buffer");
        }
        long long number = 0;
        bool word = false;
        const bool is_number = reply.integer(key, &number) == Field::present;
        const bool is_word = reply.boolean(key, &word) == Field::present;
        must(!is_number || !is_word, "a value is of one type");
    }
    return 0;
}
