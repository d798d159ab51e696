// The configuration file.
#include "core/config/config.h"

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > warifu::max_config_bytes) {
        return -1;
    }
    std::vector<std::string> warnings;
    try {
        const auto config = warifu::parse_config(warifu::fuzz::as_text(data, size), "warifu.conf", &warnings);
        must(config.window >= 0 && config.window <= 10, "the window is within its bounds");
        must(config.look_ahead >= 1 && config.look_ahead <= 100, "the look-ahead is within its bounds");
        must(!config.sources.empty(), "there is a source");
        must(config.window_of("sshd") >= 0 && config.window_of("sshd") <= 10, "a door's window too");
    } catch (const warifu::Invalid& refused) {
        must(refused.field.starts_with("warifu.conf"), "a refusal says where");
    }
    return 0;
}
