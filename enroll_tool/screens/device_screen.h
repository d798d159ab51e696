// One device: what can be done with it.
#pragma once

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class DeviceScreen final : public Screen {
  public:
    // `last`: no other device is set up.
    DeviceScreen(std::string user, Device device, bool last);

    Page page(const Navigator& navigator) const override;
    Menu* menu() override { return &menu_; }
    void entered(Navigator& navigator) override;
    void pressed(char32_t character, Navigator& navigator) override;

  private:
    std::unique_ptr<Screen> removal(bool administrator) const;

    std::string user_;
    Device device_;
    bool last_;
    Menu menu_;
};

class RenameScreen final : public Screen {
  public:
    RenameScreen(std::string user, Device device)
        : user_(std::move(user)), device_(std::move(device)), label_(Accepts::text, device_.label) {}

    Page page(const Navigator& navigator) const override;
    TextField* field() override { return &label_; }
    void entered(Navigator& navigator) override;

  private:
    std::string user_;
    Device device_;
    TextField label_;
};

// Two codes in a row from a clock or counter that is far off.
class ResyncScreen final : public Screen {
  public:
    ResyncScreen(std::string user, Device device) : user_(std::move(user)), device_(std::move(device)) {}

    Page page(const Navigator& navigator) const override;
    TextField* field() override { return &code_; }
    void entered(Navigator& navigator) override;

  private:
    std::string user_;
    Device device_;
    SharedSecret first_;
    TextField code_{Accepts::digits};
};

// "TOTP, 6 digits", and when it was last used.
std::string type_of(const Device& device);
std::string last_use_of(const Device& device);

}  // namespace warifu::screens
