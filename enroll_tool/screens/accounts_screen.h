// For administrators: everybody's accounts, and what can be done to one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class AccountsScreen final : public Screen {
  public:
    Page page(const Navigator& navigator) const override;
    void shown(Navigator& navigator) override;
    Menu* menu() override { return &menu_; }
    TextField* field() override { return &search_; }
    void typed(Navigator& navigator) override;
    void entered(Navigator& navigator) override;
    void pressed(char32_t character, Navigator& navigator) override;

  private:
    void load(Navigator& navigator);
    void add_list(Page& page) const;

    TextField search_{Accepts::text};
    std::size_t filter_ = 0;
    std::optional<AccountList> list_;  // none: not asked yet
    Menu menu_;
};

class AccountScreen final : public Screen {
  public:
    explicit AccountScreen(std::string user) : user_(std::move(user)) {}

    Page page(const Navigator& navigator) const override;
    void shown(Navigator& navigator) override;
    Menu* menu() override { return &menu_; }
    void entered(Navigator& navigator) override;

  private:
    enum class Action : std::uint8_t { enrol, unlock, suspend, resume, require, reset };

    void load(Navigator& navigator);
    std::vector<Action> actions() const;
    void carry_out(Action action, Navigator& navigator);

    std::string user_;
    std::optional<Account> account_;
    Menu menu_;
};

}  // namespace warifu::screens
