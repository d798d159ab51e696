// A file in somebody's home, from the descriptor to the credentials.
#include "core/source/home_file.h"

#include <unistd.h>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "core/source/owned_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/store/temporary_directory.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const warifu::testing::TemporaryDirectory home;
    const auto content = warifu::fuzz::as_text(data, size);
    warifu::testing::write_file(home / ".warifu", content);
    try {
        const auto read = warifu::read_home(home.path(), ::geteuid(), ".warifu");
        must(read && read->text() == content, "a home's file is read whole");
        must(size <= warifu::max_owned_file_bytes, "what is read is bounded");
        (void)warifu::from_plain_json(read->text(), {"host", "alice"});
    } catch (const warifu::Unavailable&) {
    }
    return 0;
}
