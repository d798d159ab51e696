// "It is you": a code or recovery code, before something is changed or shown.
#pragma once

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class ProofScreen final : public Screen {
  public:
    Page page(const Navigator& navigator) const override;
    TextField* field() override { return &code_; }
    void entered(Navigator& navigator) override;

  private:
    TextField code_{Accepts::code};
};

}  // namespace warifu::screens
