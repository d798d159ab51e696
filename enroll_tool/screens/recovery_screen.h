// How many recovery codes are left, and new ones.
#pragma once

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class RecoveryScreen final : public Screen {
  public:
    explicit RecoveryScreen(const Account& account)
        : user_(account.user), support_(account.support), left_(account.recovery_codes_left) {}

    Page page(const Navigator& navigator) const override;
    void pressed(char32_t character, Navigator& navigator) override;

  private:
    std::string user_, support_;
    std::int64_t left_;
};

}  // namespace warifu::screens
