// My devices: where the tool begins.
#pragma once

#include <optional>

#include "enroll_tool/screens/plan.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class HomeScreen final : public Screen {
  public:
    Page page(const Navigator& navigator) const override;
    void shown(Navigator& navigator) override;
    Menu* menu() override { return &menu_; }
    void entered(Navigator& navigator) override;
    void pressed(char32_t character, Navigator& navigator) override;
    void left(Navigator&) override {}

  private:
    enum class Action : std::uint8_t { device, add, codes, accounts, again };
    struct Line {
        Action action;
        std::size_t device = 0;  // of Action::device
    };

    void load(Navigator& navigator);
    std::vector<Line> lines(const Navigator& navigator) const;
    Choice choice(const Line& line) const;
    void carry_out(const Line& line, Navigator& navigator);

    std::optional<Account> account_;
    std::optional<std::string> failure_;
    Menu menu_;
};

// What the account's state means, in a sentence.
std::string explain_state(const std::string& state);
// What both pages of an account say below its devices: limits, notes, sign-ins.
void add_circumstances(const Account& account, std::int64_t now, Page& page);
Plan plan_for(const Account& account, std::string user);

}  // namespace warifu::screens
