// A reply to Start or Answer, as the PAM module takes it for a step.
#include "pam_module/step.h"

#include <array>

#include "ipc/wire/utf8.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;
using warifu::pam::Outcome;
using warifu::pam::Step;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::array<char, 512> text{};
    Step step;
    if (!warifu::pam::read_step(warifu::fuzz::as_text(data, size), text.data(), text.size(), &step)) {
        return 0;
    }
    must(warifu::wire::valid_utf8(step.text), "what is shown is UTF-8");
    must(step.kind == Step::Kind::done || step.verdict == Outcome::unavailable,
         "only the last step is a verdict");
    must(!step.refused || (step.verdict != Outcome::success && step.verdict != Outcome::ignored),
         "an error lets nobody in");
    must(step.tail >= 0, "a tail is a length");
    return 0;
}
