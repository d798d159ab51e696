// A line typed at a prompt, on its way out of the PAM module. The input is the line, then, behind a line
// feed, the tail lengths that warifud named, then the password.
#include <cstring>
#include <string>

#include "ipc/wire/utf8.h"
#include "pam_module/answer.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;
using warifu::fuzz::take_part;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace wire = warifu::wire;
    auto rest = warifu::fuzz::as_text(data, size);
    const std::string typed(take_part(rest, '\n'));
    const auto tails = take_part(rest, '\n');
    const std::string password(rest);

    const auto plain = warifu::pam::plain_answer(typed, password.c_str());
    must(typed != password.c_str() || plain.text != typed || typed.empty(), "the password never crosses");
    must(plain.text.size() <= wire::max_answer_bytes && wire::valid_utf8(plain.text),
         "an answer is bounded UTF-8");

    warifu::pam::SingleField field;
    const auto answer = field.read(typed, tails);
    must(answer.text.size() <= wire::max_answer_bytes && wire::valid_utf8(answer.text),
         "tails are bounded UTF-8");
    if (std::strcmp(answer.kind, wire::answer_tails) == 0) {
        must(answer.text.find_first_not_of("0123456789 ") == answer.text.npos, "tails are digits");
    }
    for (long long tail = -1; tail <= wire::longest_tail + 1; ++tail) {
        std::size_t bytes = 0;
        if (field.password_bytes(tail, &bytes)) {
            must(bytes <= typed.size(), "the password is a part of the line");
        }
    }
    (void)warifu::pam::could_hold_code(typed);
    return 0;
}
