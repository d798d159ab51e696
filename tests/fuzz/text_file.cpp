// The text file that configuration management writes, read for one name and for all.
#include "core/source/text_file.h"

#include <algorithm>

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/store/temporary_directory.h"

using warifu::fuzz::must;

namespace {

constexpr std::size_t most_names = 10'000;
const warifu::Subject alice{"host", "alice"};

void read(const std::string& path) {
    const auto names = warifu::names_in_text_file(path, most_names);
    const bool listed = std::find(names.begin(), names.end(), alice.name) != names.end();
    const auto credentials = warifu::read_text_file(path, alice);
    must(credentials.has_value() == listed, "whoever is listed has a key, and nobody else");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const warifu::testing::TemporaryDirectory directory;
    const auto path = directory / "users.keys";
    warifu::testing::write_file(path, warifu::fuzz::as_text(data, size));
    try {
        read(path);
    } catch (const warifu::Unavailable&) {
    }
    return 0;
}
