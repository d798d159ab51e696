// A key URI out of somebody's QR code, export or text file.
#include "core/otp/key_uri.h"

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    warifu::KeyUri key;
    try {
        key = warifu::parse_uri(warifu::fuzz::as_text(data, size));
    } catch (const warifu::Invalid&) {
        return 0;
    }
    const auto again = warifu::parse_uri(warifu::to_uri(key).text());
    must(again.issuer == key.issuer && again.account == key.account, "the label comes back");
    must(again.secret.text() == key.secret.text(), "the secret comes back");
    must(again.otp == key.otp || key.otp.kind == warifu::OtpKind::hotp, "the parameters come back");
    must(again.counter == key.counter || key.otp.kind == warifu::OtpKind::totp, "the counter comes back");
    return 0;
}
