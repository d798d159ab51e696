// Credentials as JSON: plain, as a file of the owner's holds them, and sealed, as the store does.
#include "core/account/credentials_json.h"

#include <string>

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

namespace {

const warifu::Subject alice{"host", "alice"};

void read_plain(std::string_view document) {
    warifu::Credentials credentials;
    try {
        credentials = warifu::from_plain_json(document, alice);
    } catch (const warifu::Unavailable&) {
        return;
    }
    const auto written = warifu::to_plain_json(credentials);
    const auto again = warifu::from_plain_json(written.text(), alice);
    must(warifu::to_plain_json(again).text() == written.text(),
         "what is read can be written, and read again");
}

void read_sealed(std::string_view document, const warifu::StoreKey* key) {
    try {
        (void)warifu::from_sealed_json(document, alice, key);
    } catch (const warifu::Unavailable&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto key =
        warifu::StoreKey::parse("warifu-key-1 " + std::string(32, '1') + " " + std::string(64, '2') + "\n");
    const auto document = warifu::fuzz::as_text(data, size);
    read_plain(document);
    read_sealed(document, &key);
    read_sealed(document, nullptr);
    return 0;
}
