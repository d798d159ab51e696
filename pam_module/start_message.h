// The Start message: who signs in, where and from where, as PAM's items have it.
#pragma once

#include <security/pam_modules.h>

#include <cstddef>

namespace warifu::pam {

// What the host called the module with.
struct Call {
    pam_handle_t* handle;
    int flags;
    int argc;
    const char* const* argv;
    const char* user;
};

// PAM's item as text; null when it is not set. It lives until the host or a module sets it again, which may
// be during any conversation.
const char* item_text(pam_handle_t* handle, int item) noexcept;

// Whether sshd says that the authentication method `method` is done (SSH_AUTH_INFO_0: a line for each, its
// first word the method).
bool ssh_method_done(pam_handle_t* handle, const char* method) noexcept;

// Writes the message and returns its size, NUL included, or 0 when the options of the line make it too long.
// Items are cut at bounds above every valid value's, and then hold U+FFFD, which is in no valid name.
std::size_t write_start(const Call& call, bool single_field, char* buffer, std::size_t capacity) noexcept;

}  // namespace warifu::pam
