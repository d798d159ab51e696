// A state row. An input shorter than a row is the beginning of one whose rest is zero.
#include "core/account/state.h"

#include <string>

#include "core/error/error.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string row(warifu::fuzz::as_text(data, size));
    if (!row.empty() && row.size() < warifu::state_document_bytes) {
        row.resize(warifu::state_document_bytes);
    }
    warifu::State state;
    try {
        state = warifu::decode_state(row);
    } catch (const warifu::Unavailable&) {
        return 0;
    }
    const auto written = warifu::encode(state);
    must(written.size() == warifu::state_document_bytes, "a row has one size");
    must(warifu::decode_state(written) == state, "what is read can be written, and read again");
    return 0;
}
