// One line that is typed. It may hold a code or a key: it never moves in memory and is wiped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "enroll_tool/screens/key.h"
#include "enroll_tool/screens/warifud.h"

namespace warifu::screens {

enum class Accepts : std::uint8_t {
    text,    // anything printable
    digits,  // full-width ones too: an input method left on types them
    code,    // of an app, or a recovery code
    key,     // base32 and blanks
};

class TextField {
  public:
    explicit TextField(Accepts accepts, std::string_view value = {});
    ~TextField();
    TextField(const TextField&) = delete;
    TextField& operator=(const TextField&) = delete;

    // Whether the field took it; otherwise it is the screen's.
    bool key(const Key& key);
    void clear();
    std::string_view text() const noexcept { return text_; }  // UTF-8
    bool empty() const noexcept { return text_.empty(); }
    Accepts accepts() const noexcept { return accepts_; }
    // What was typed; the field is empty after that.
    SharedSecret take();

  private:
    static constexpr std::size_t most_bytes = 256;

    Accepts accepts_;
    std::string text_;
};

}  // namespace warifu::screens
