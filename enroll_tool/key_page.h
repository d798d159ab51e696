// A key as a person takes it over: what to do, what to type, and the QR code.
#pragma once

#include <optional>

#include "core/qr/qr.h"
#include "enroll_tool/output.h"
#include "ipc/client/reply.h"

namespace warifu {

// `key`: a reply with secret, uri and label. The QR code comes last, so that it is on the screen at the
// question that follows it. `form`: none of the images.
void show_key(const ipc::Reply& key, std::optional<QrForm> form, Output& page);

}  // namespace warifu
