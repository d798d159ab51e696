// Text for logs and audit rows: what comes from outside is escaped, so that one event is one line and no
// terminal is driven by it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/engine/sign_in.h"

namespace warifu {

inline constexpr std::uint64_t audit_rows = 10'000;

// At most 256 bytes of `text`, with control characters, bytes that are not UTF-8, blanks, '"', '=' and '\' as
// \xNN.
std::string escape_for_log(std::string_view text);

// One JSON object: when, who, what, to whom.
std::string audit_row(std::int64_t now, const Caller& caller, const Subject& subject, std::string_view action,
                      std::string_view detail);

// "sign-in: user=… service=… rhost=… tty=… verdict=… reason=… authenticator=…"
std::string sign_in_line(const Subject& subject, const Caller& caller, const AttemptResult& result);

}  // namespace warifu
