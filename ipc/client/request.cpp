#include "ipc/client/request.h"

#include <string>
#include <utility>

#include "core/error/error.h"
#include "ipc/wire/utf8.h"

namespace warifu::ipc {

Request::Request(const char* method)
    : writer_(reinterpret_cast<char*>(message_.writable().data()), message_.size()) {
    const std::string full_name = std::string("io.warifu.") + method;
    writer_.object();
    writer_.string("method", full_name, full_name.size());
    writer_.object("parameters");
}

Request& Request::text(const char* name, std::string_view value) {
    if (!wire::valid_utf8(value)) throw Invalid(name, std::string(name) + " is not UTF-8");
    writer_.string(name, value, value.size());
    return *this;
}

Request& Request::number(const char* name, std::int64_t value) {
    writer_.integer(name, value);
    return *this;
}

Request& Request::truth(const char* name, bool value) {
    writer_.boolean(name, value);
    return *this;
}

Request& Request::texts(const char* name, std::span<const std::string_view> values) {
    writer_.array(name);
    for (const std::string_view value : values) {
        if (!wire::valid_utf8(value)) throw Invalid(name, std::string(name) + " is not UTF-8");
        writer_.string(nullptr, value, value.size());
    }
    writer_.close();
    return *this;
}

Secret Request::finish() && {
    writer_.close();
    writer_.close();
    const std::size_t size = writer_.finish();
    if (size == 0) throw Invalid("", "what was given is longer than warifud takes (16 KiB)");
    message_.truncate(size);
    return std::move(message_);
}

}  // namespace warifu::ipc
