// A code sent by mail as a factor of its own: asked for at the door, good once and for ten minutes. Whoever
// may have none mailed costs the same and hears the same.
#pragma once

#include <string>

#include "core/engine/approvals.h"

namespace warifu {

class MailedCode {
  public:
    explicit MailedCode(Engine& engine) : engine_(engine), approvals_(engine) {}

    // Mails one to the subject, unless `in_vain`, or too many went out within the hour. Throws nothing.
    Task<bool> send(Subject subject, Caller caller, bool in_vain);
    // Whether `code` is the one that is out; it is spent then.
    Task<bool> redeem(Subject subject, std::string code);

  private:
    std::uint64_t hash_of(const Subject& subject, const std::string& code) const;

    Engine& engine_;
    Approvals approvals_;
};

}  // namespace warifu
