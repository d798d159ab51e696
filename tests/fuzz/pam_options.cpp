// The options of a PAM line, one a line, as the module reads them.
#include "pam_module/options.h"

#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = warifu::fuzz::as_text(data, size);
    std::vector<std::string> lines;
    while (!rest.empty()) {
        lines.emplace_back(warifu::fuzz::take_part(rest, '\n'));
    }
    std::vector<const char*> argv;
    for (const auto& line : lines) {
        argv.push_back(line.c_str());
        (void)warifu::pam::travels(argv.back());
    }
    warifu::pam::Options options;
    warifu::pam::Refusal refusal;
    if (!warifu::pam::parse_options(static_cast<int>(argv.size()), argv.data(), &options, &refusal)) {
        must(refusal.option != nullptr && refusal.reason != nullptr, "a refusal says which and why");
    }
    return 0;
}
