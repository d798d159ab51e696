// A key as a screen shows it: the QR code in the form that the terminal can show, the key for typing, and
// what has to be typed with it.
#pragma once

#include <optional>
#include <string>

#include "core/qr/qr.h"
#include "enroll_tool/key_details.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class KeyView {
  public:
    KeyView(OtpKey key, const Surroundings& surroundings);

    const OtpKey& key() const noexcept { return key_; }
    const KeyDetails& details() const noexcept { return details_; }

    void add_to(Page& page) const;
    void add_countdown_to(Page& page, std::int64_t now) const;
    void add_keys_to(Page& page) const;
    // i, a, s, v; false for any other.
    bool pressed(char32_t character, Navigator& navigator);

  private:
    void save(QrForm form, const char* ending, Navigator& navigator) const;

    OtpKey key_;
    KeyDetails details_;
    std::optional<QrCode> code_;  // none where the URI is too long for one
    QrDrawing drawing_;
    bool inverse_ = false;
};

}  // namespace warifu::screens
