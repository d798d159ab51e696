// What can go wrong, as types. Each carries one line that an administrator can act on; none ever carries a
// secret, a code or a password. Everything else (an allocation that fails, say) is std::exception and is
// treated as Unavailable by whoever meets it last.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace warifu {

// A store, source, key or file could not answer. Never "not enrolled", never success.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Somebody's input is refused: `field` names what was wrong, what() says how to mend it.
struct Invalid : std::runtime_error {
    Invalid(std::string field_name, const std::string& message)
        : std::runtime_error(message), field(std::move(field_name)) {}
    std::string field;
};

struct NotFound : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The caller may not do this, or not without a proof.
struct NotPermitted : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A code was wrong, spent or refused by a limit: `reason` is a verdict's reason.
struct Denied : std::runtime_error {
    Denied(std::string why, const std::string& message, std::int64_t retry = 0)
        : std::runtime_error(message), reason(std::move(why)), retry_at(retry) {}
    std::string reason;
    std::int64_t retry_at;  // Unix seconds, 0: no limit
};

// The object is not in a state that allows this, or somebody else changed it first.
struct Conflict : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace warifu
