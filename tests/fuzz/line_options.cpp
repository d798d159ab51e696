// The options of a PAM line, one a line, as they reach warifud.
#include "core/policy/line_options.h"

#include <algorithm>

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = warifu::fuzz::as_text(data, size);
    std::vector<std::string> options;
    while (!rest.empty()) {
        options.emplace_back(warifu::fuzz::take_part(rest, '\n'));
    }
    try {
        const auto parsed = warifu::parse_line_options(options);
        must(!parsed.grace_seconds || *parsed.grace_seconds >= 0, "a grace period has a length");
        must(!options.empty() || !parsed.nullok, "nobody passes unasked by default");
    } catch (const warifu::Invalid& refused) {
        const bool nameless = std::any_of(options.begin(), options.end(), [](const std::string& option) {
            return option.empty() || option.front() == '=';
        });
        must(!refused.field.empty() || nameless, "a refusal names the option");
    }
    return 0;
}
