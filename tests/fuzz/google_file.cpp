// A file of google-authenticator's, which whoever signs in may have written.
#include "core/source/google_file.h"

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view content = warifu::fuzz::as_text(data, size);
    try {
        const auto read = warifu::parse_google_file(content, {"host", "alice"}, "/file");
        must(read.authenticators.size() == 1, "one authenticator");
        const auto& key = read.authenticators[0];
        must(key.secret.size() >= warifu::min_secret_bytes && key.secret.size() <= warifu::max_secret_bytes,
             "the secret is within its bounds");
        must(key.otp.period >= 1 && key.otp.period <= warifu::max_google_period,
             "the time step is within its bounds");
        must(key.window_codes >= 1 && key.window_codes <= warifu::max_google_window,
             "the window is within its bounds");
        must(read.scratch.size() <= warifu::max_scratch_codes,
             "no more scratch codes than there is room for");
        (void)warifu::code_at(key.secret, key.otp, static_cast<std::int64_t>(key.counter));
    } catch (const warifu::Unavailable&) {
    }
    return 0;
}
