// One call of the interface io.warifu as it goes over the wire: a JSON object and a NUL byte
// (https://varlink.org/Method-Call). It is written straight into a Secret, since it may carry a code or a
// key: nothing of it is ever in ordinary memory.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/secret/secret.h"
#include "ipc/wire/json_writer.h"
#include "ipc/wire/protocol.h"

namespace warifu::ipc {

class Request {
  public:
    // `method` and the names of parameters are literals: "Enroll", without the interface's name.
    explicit Request(const char* method);

    // One parameter each, named once. text() throws Invalid with its name where the value is not UTF-8. (Five
    // names, and not one overloaded: a literal would be taken for a bool.)
    Request& text(const char* name, std::string_view value);
    Request& secret(const char* name, const Secret& value) { return text(name, value.text()); }
    Request& number(const char* name, std::int64_t value);
    Request& truth(const char* name, bool value);
    Request& texts(const char* name, std::span<const std::string_view> values);

    // The whole message. Throws Invalid where it is longer than wire::max_call_bytes.
    Secret finish() &&;

  private:
    Secret message_{wire::max_call_bytes};
    wire::JsonWriter writer_;
};

}  // namespace warifu::ipc
