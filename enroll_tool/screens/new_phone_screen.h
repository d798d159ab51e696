// An existing key once more, for another phone. It ends with a code from that phone.
#pragma once

#include <optional>

#include "enroll_tool/screens/key_view.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class NewPhoneScreen final : public Screen {
  public:
    NewPhoneScreen(std::string user, Device device) : user_(std::move(user)), device_(std::move(device)) {}

    Page page(const Navigator& navigator) const override;
    void shown(Navigator& navigator) override;
    TextField* field() override { return &code_; }
    void entered(Navigator& navigator) override;
    void pressed(char32_t character, Navigator& navigator) override;
    void left(Navigator& navigator) override;

  private:
    void checked(const Checked& checked, Navigator& navigator);

    std::string user_;
    Device device_;
    std::optional<KeyView> key_;
    TextField code_{Accepts::digits};
    bool asked_ = false;
};

}  // namespace warifu::screens
