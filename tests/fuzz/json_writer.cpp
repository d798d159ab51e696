// Names and lines of strangers, on their way to warifud: whatever they are, the call is JSON and has the
// parameters it was given.
#include "ipc/wire/json_writer.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "ipc/wire/utf8.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return -1;
    }
    const std::size_t capacity = 8U * data[0], most = data[1];
    const auto text = warifu::fuzz::as_text(data + 2, size - 2);
    std::vector<char> buffer(capacity);
    warifu::wire::JsonWriter writer(buffer.data(), buffer.size());
    writer.object();
    writer.string("text", text, most);
    writer.array("list");
    writer.string(nullptr, text, most);
    writer.close();
    writer.boolean("end", true);
    writer.close();
    const std::size_t written = writer.finish();
    if (written == 0) {
        return 0;
    }
    must(written <= capacity && buffer[written - 1] == '\0', "a call ends with a NUL inside its buffer");
    const auto call = nlohmann::json::parse(std::string_view(buffer.data(), written - 1), nullptr, false);
    must(call.is_object() && call.size() == 3 && call["end"] == true && call["list"].size() == 1,
         "a call is JSON");
    must(call["list"][0] == call["text"], "the same text twice");
    const bool whole = text.size() <= most && warifu::wire::valid_utf8(text);
    must(!whole || call["text"] == text, "what can cross crosses as it is");
    return 0;
}
