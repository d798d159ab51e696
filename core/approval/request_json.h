// A request as it is kept: one JSON document of the store.
#pragma once

#include <string>
#include <string_view>

#include "core/approval/request.h"

namespace warifu {

std::string encode_request(const Request& request);
// Throws Unavailable for a document that is damaged, has another id, or was written by a newer Warifu.
Request decode_request(std::string_view document, std::string_view id);

}  // namespace warifu
