// The key on offer: scanned or typed, and confirmed with a code.
#pragma once

#include <optional>

#include "enroll_tool/screens/key_view.h"
#include "enroll_tool/screens/plan.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class EnrolScreen final : public Screen {
  public:
    explicit EnrolScreen(Plan plan) : plan_(std::move(plan)) {}

    Page page(const Navigator& navigator) const override;
    void shown(Navigator& navigator) override;
    TextField* field() override { return &code_; }
    void entered(Navigator& navigator) override;
    void pressed(char32_t character, Navigator& navigator) override;

  private:
    void offered(OtpKey key, Navigator& navigator);
    void confirmed(Confirmed confirmed, Navigator& navigator);
    void refused(const Failure& failure, Navigator& navigator);
    std::string how_to_take_it() const;

    Plan plan_;
    std::optional<KeyView> key_;
    TextField code_{Accepts::digits};
    bool asked_ = false;
    int wrong_ = 0;  // codes in a row
};

}  // namespace warifu::screens
