// A person's authenticator, enrolled and confirmed through `warifu`, with oathtool for its app.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

enum class PhoneKind { totp, hotp };

class Phone {
  public:
    // Enrols `account`, with warifud or without.
    Phone(const Sandbox& sandbox, const Account& account, PhoneKind kind = PhoneKind::totp);

    // A code that was not shown before: of this time step, or of the one after it (which is accepted as
    // well). Throws if both were shown: a test that needs many codes takes PhoneKind::hotp, or sets the
    // clock.
    std::string code();
    // Six digits that are no code of this phone now or soon.
    std::string wrong_code() const;
    // What the confirmation gave; empty if it was not the person's first.
    const std::vector<std::string>& recovery_codes() const noexcept { return recovery_codes_; }
    const std::string& secret() const noexcept { return secret_; }

  private:
    std::string code_at(std::int64_t place) const;

    const Sandbox& sandbox_;
    PhoneKind kind_;
    std::string secret_;
    std::int64_t next_ = 0;  // time step or counter
    std::vector<std::string> recovery_codes_;
};

}  // namespace warifu::integration
