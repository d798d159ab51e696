// The errors of the interface io.warifu as exceptions. Invalid, NotFound, NotPermitted, Conflict and
// Unavailable are core's own types; here are those that only a client meets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/error/error.h"

namespace warifu::ipc {

// A code was refused, or may not be tried now. what() is the one line for the person.
struct Denied : std::runtime_error {
    Denied(std::string reason_of_it, const std::string& message, std::optional<std::int64_t> retry)
        : std::runtime_error(message), reason(std::move(reason_of_it)), retry_after(retry) {}
    std::string reason;                       // "bad_code", "limited", …
    std::optional<std::int64_t> retry_after;  // seconds
};

// No reply at all: the connection ended, stayed silent, or carried what is no varlink message. Whether the
// call was carried out is unknown.
struct NoReply : Unavailable {
    using Unavailable::Unavailable;
};

// The wait for a reply was ended by who waits.
struct Interrupted : NoReply {
    using NoReply::NoReply;
};

}  // namespace warifu::ipc
