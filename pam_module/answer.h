// What of a typed line may leave the module, and under which name. Pure: no PAM, no allocation.
#pragma once

#include <cstddef>
#include <string_view>

#include "ipc/wire/protocol.h"

namespace warifu::pam {

// What crosses: one of the protocol's kinds and its text. `text` points into what was typed, or into the
// SingleField that made it.
struct Answer {
    const char* kind = wire::answer_invalid;
    std::string_view text;
};

// An answer to a prompt for a code alone. `password` is PAM_AUTHTOK, or null; an answer that equals it
// crosses as a word, never as itself.
Answer plain_answer(std::string_view typed, const char* password) noexcept;

// A password with a code at its end, or a recovery code behind its last blank: that code is all that crosses.
class SingleField {
  public:
    SingleField() noexcept = default;
    SingleField(const SingleField&) = delete;
    SingleField& operator=(const SingleField&) = delete;

    // `tails`: the lengths that a code may have, in characters, longest first, blank-separated, as in "8 7
    // 6". Every one that the typed line ends with in digits, full-width ones too, is part of the answer, as
    // ASCII.
    Answer read(std::string_view typed, std::string_view tails) noexcept;

    // How many bytes of the typed line are the password, when warifud found its code in the tail of `tail`
    // characters; 0: in none of them, so that a recovery code is cut off with its blank and anything else is
    // all password. False for a tail that was not sent.
    bool password_bytes(long long tail, std::size_t* bytes) const noexcept;

    ~SingleField();

  private:
    void add_tail(std::string_view typed, int characters) noexcept;

    struct Tail {
        int characters;
        std::size_t bytes;  // in the typed line
    };
    Tail tails_[wire::max_tails] = {};
    std::size_t tail_count_ = 0;
    std::size_t typed_bytes_ = 0;
    std::size_t recovery_bytes_ = 0;  // its blank included
    char text_[wire::max_tails * (wire::longest_tail + 1)] = {};
    std::size_t text_bytes_ = 0;
};

// Whether a line may end with a code or a recovery code at all: what try_first_pass asks before it bothers
// warifud with an ordinary password.
bool could_hold_code(std::string_view typed) noexcept;

}  // namespace warifu::pam
