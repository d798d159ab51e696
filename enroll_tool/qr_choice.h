// How a command that shows a key draws its QR code.
#pragma once

#include <optional>

#include "core/qr/qr.h"
#include "enroll_tool/session.h"

namespace warifu {

// --qr; where it is missing what the terminal can show, and nothing where there is none or with --json.
// Throws Invalid for an image on a terminal and for a code inside JSON.
std::optional<QrForm> choose_qr(const Session& session);

// An image has standard output for itself.
bool is_image(std::optional<QrForm> form) noexcept;

}  // namespace warifu
