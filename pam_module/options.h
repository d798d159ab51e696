// The options of the PAM line. Those that shape the conversation or say where warifud is stay here; all
// others travel verbatim, and warifud refuses by name those it does not know.
#pragma once

#include "ipc/wire/protocol.h"

namespace warifu::pam {

// What is done with a password that an earlier module left in PAM_AUTHTOK.
enum class FirstPass {
    none,     // nothing: always ask
    attempt,  // try_first_pass: take the code from its end; ask where there is none or it is refused
    only,     // use_first_pass: take the code from its end; never ask
};

struct Options {
    const char* socket = nullptr;     // socket=
    const char* config = nullptr;     // config=, for a child
    const char* daemon = nullptr;     // daemon=, the child's program
    const char* prompt = nullptr;     // authtok_prompt=
    const char* completed = nullptr;  // completed=, an SSH authentication method
    FirstPass first_pass = FirstPass::none;
    bool forward_pass = false;
    bool echo = false;   // echo_verification_code
    bool debug = false;  // travels as well
};

// Why an option is refused: the option as it stands in the line, and a reason an administrator can act on.
struct Refusal {
    const char* option = nullptr;
    const char* reason = nullptr;
};

// The views into argv live as long as argv does, which is until the module returns. False: *refusal says why.
bool parse_options(int argc, const char* const* argv, Options* options, Refusal* refusal) noexcept;

// Whether this option of the line goes to warifud.
bool travels(const char* option) noexcept;

}  // namespace warifu::pam
