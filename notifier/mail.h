// A message as mail (RFC 5322, MIME): UTF-8 in base64, a subject in encoded words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "notifier/document.h"

namespace warifu::notifier {

// now: Unix seconds. id: what makes the Message-ID unique, letters and digits. Lines end in CR LF and have at
// most 78 characters but for the addresses.
std::string mail(const Channel& channel, const Message& message, std::int64_t now, std::string_view id);

}  // namespace warifu::notifier
