// QR codes as files of pixels. Apart from the drawings in text, since libpng is not for warifud, which is
// started anew for each sign-in where it does not run.
#pragma once

#include "core/qr/qr.h"

namespace warifu {

inline constexpr int image_quiet_zone = 4;  // modules; ISO/IEC 18004 section 5.3.8
inline constexpr int pixels_a_module = 8;

// Every form, PNG too. Throws Unavailable where libpng fails.
Secret render_image(const QrCode& code, QrForm form);

}  // namespace warifu
