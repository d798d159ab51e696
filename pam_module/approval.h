// The conversation about one action: warifud says what is shown while somebody else decides, and how it
// ended.
#pragma once

#include <sudo_plugin.h>

#include <cstddef>
#include <optional>

#include "ipc/wire/message.h"
#include "ipc/wire/protocol.h"
#include "pam_module/action_message.h"
#include "pam_module/interruption.h"
#include "pam_module/link.h"
#include "pam_module/options.h"
#include "pam_module/step.h"

namespace warifu::sudo {

// As sudo's approval plugins return them.
enum class Verdict : int {
    failed = -1,   // nobody could be asked, or nothing was understood
    refused = 0,   // also: given up by who asked
    approved = 1,  // also: policy asks for no approval
};

// One line for sudo's log and the person: "Warifu: refused: not now".
struct Reason {
    char text[512] = {};
};

// Shows one text on the person's terminal, or where there is none on standard error: standard output is the
// command's.
void show(sudo_conv_t conversation, const char* text) noexcept;

// Everything large, in one allocation.
struct ApprovalBuffers {
    char call[wire::max_call_bytes];
    char inbox[wire::max_step_bytes];
    char text[wire::max_step_bytes];
};

class Approval {
  public:
    // All outlive this.
    Approval(sudo_conv_t conversation, const pam::Options& options, ApprovalBuffers* buffers,
             Reason* reason) noexcept;

    // Asks, and waits until it is decided. Anything but approved: *reason says why.
    Verdict run(const Action& action) noexcept;

  private:
    // nullopt: the connection was lost; nothing is decided, and the same may be asked again.
    std::optional<Verdict> carry_steps(const char* reply) noexcept;
    bool next(const char** reply) noexcept;
    Verdict finish(const pam::Step& step) noexcept;
    Verdict give_up() noexcept;
    Verdict fail(const char* why) noexcept;
    static void keep_reason(void* approval, int priority, const char* line) noexcept;

    sudo_conv_t conversation_;
    ApprovalBuffers& buffers_;
    Reason& reason_;
    Interruption interruption_;
    wire::Inbox inbox_;
    pam::Link link_;
    wire::Deadline end_;
};

}  // namespace warifu::sudo
