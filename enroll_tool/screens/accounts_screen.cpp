#include "enroll_tool/screens/accounts_screen.h"

#include <array>

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/adding.h"
#include "enroll_tool/screens/device_screen.h"
#include "enroll_tool/screens/home_screen.h"
#include "enroll_tool/screens/question_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

// What Tab goes through; the first is everybody.
constexpr std::array<const char*, 6> filters{"", "active", "pending", "none", "suspended", "missing"};

std::string name_of_state(const std::string& state) {
    if (state.empty()) return tr("all");
    if (state == "active") return tr("on");
    if (state == "pending") return tr("not confirmed");
    if (state == "none") return tr("none");
    if (state == "suspended") return tr("suspended");
    if (state == "missing") return tr("record missing");
    return printable(state);
}

Choice line_of(const AccountLine& account) {
    const std::string used = account.last_used ? fill(tr("last used %1"), {moment(*account.last_used)})
                                               : std::string(tr("never used"));
    return {cut(printable(account.user), 30), name_of_state(account.state) + ", " + used};
}

}  // namespace

// ---- The list

void AccountsScreen::shown(Navigator& navigator) {
    load(navigator);
}

void AccountsScreen::typed(Navigator& navigator) {
    load(navigator);
}

void AccountsScreen::load(Navigator& navigator) {
    navigator.ask([search = std::string(search_.text()), state = std::string(filters[filter_])](
                      Warifud& warifud) { return warifud.list(search, state, ""); },
                  [this](AccountList list) {
                      list_ = std::move(list);
                      menu_.resize(list_->accounts.size());
                  });
}

Page AccountsScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("Accounts of this host");
    page.blocks = {
        Input{fill(tr("Search (%1):"), {name_of_state(filters[filter_])}), printable(search_.text())}, Gap{}};
    if (list_) add_list(page);
    page.keys = {
        {"Up Down", tr("choose")}, {"Enter", tr("open")}, {"Tab", tr("next state")}, {"Esc", tr("back")}};
    return page;
}

void AccountsScreen::add_list(Page& page) const {
    Choices choices;
    for (const AccountLine& account : list_->accounts) choices.choices.push_back(line_of(account));
    choices.selected = menu_.selected();
    if (choices.choices.empty()) page.blocks.emplace_back(Text{tr("Nobody.")});
    page.blocks.emplace_back(std::move(choices));
    if (!list_->cursor.empty())
        page.blocks.emplace_back(Text{tr("There are more: type a part of the name."), Look::dim});
}

void AccountsScreen::entered(Navigator& navigator) {
    if (!list_) return;
    if (menu_.selected() < list_->accounts.size())
        navigator.push(std::make_unique<AccountScreen>(list_->accounts[menu_.selected()].user));
    else if (!search_.empty())
        // Whoever has no record yet is in no list.
        navigator.push(std::make_unique<AccountScreen>(std::string(search_.text())));
}

void AccountsScreen::pressed(char32_t character, Navigator& navigator) {
    if (character != U'\t') return;
    filter_ = (filter_ + 1) % filters.size();
    load(navigator);
}

// ---- One account

void AccountScreen::shown(Navigator& navigator) {
    load(navigator);
}

void AccountScreen::load(Navigator& navigator) {
    navigator.ask([user = user_](Warifud& warifud) { return warifud.status(user); },
                  [this](Account account) {
                      account_ = std::move(account);
                      menu_.resize(actions().size());
                  },
                  [&navigator](const Failure& failure) {
                      navigator.back();
                      navigator.tell(words_of(failure), Look::warning);
                  });
}

std::vector<AccountScreen::Action> AccountScreen::actions() const {
    if (!account_) return {};
    const std::string& state = account_->state;
    std::vector<Action> actions;
    if (state != "suspended" && state != "missing") actions.push_back(Action::enrol);
    actions.push_back(Action::unlock);
    if (state == "active") actions.push_back(Action::suspend);
    if (state == "suspended") actions.push_back(Action::resume);
    actions.push_back(Action::require);
    if (state != "none") actions.push_back(Action::reset);
    return actions;
}

Page AccountScreen::page(const Navigator& navigator) const {
    Page page;
    page.title = printable(user_);
    page.keys = {{"Up Down", tr("choose")}, {"Enter", tr("go on")}, {"Esc", tr("back")}};
    if (!account_) return page;
    page.blocks.emplace_back(Field{tr("State"), name_of_state(account_->state)});
    for (const Device& device : account_->devices)
        page.blocks.emplace_back(
            Field{cut(printable(device.label), 20), type_of(device) + ", " + last_use_of(device)});
    page.blocks.emplace_back(Field{tr("Recovery codes"), std::to_string(account_->recovery_codes_left)});
    page.blocks.emplace_back(Field{tr("Wrong codes"), std::to_string(account_->failures)});
    page.blocks.emplace_back(Gap{});
    Choices choices;
    for (const Action action : actions()) switch (action) {
            case Action::enrol:
                choices.choices.push_back({tr("Set up a device for them"), ""});
                break;
            case Action::unlock:
                choices.choices.push_back({tr("Unlock"), tr("ends the limits that wrong codes brought")});
                break;
            case Action::suspend:
                choices.choices.push_back({tr("Suspend"), tr("no code signs them in until it is resumed")});
                break;
            case Action::resume:
                choices.choices.push_back({tr("Resume"), tr("their codes count again")});
                break;
            case Action::require:
                choices.choices.push_back({tr("Require"), tr("no sign-in without a second factor")});
                break;
            case Action::reset:
                choices.choices.push_back({tr("Reset"), tr("takes all devices and recovery codes off")});
                break;
        }
    choices.selected = menu_.selected();
    page.blocks.emplace_back(std::move(choices));
    add_circumstances(*account_, navigator.now(), page);
    return page;
}

void AccountScreen::entered(Navigator& navigator) {
    const auto all = actions();
    if (menu_.selected() < all.size()) carry_out(all[menu_.selected()], navigator);
}

void AccountScreen::carry_out(Action action, Navigator& navigator) {
    const std::string user = user_, name = printable(user_);
    const auto call = [&navigator, this](auto work, std::string said) {
        navigator.ask(std::move(work), [&navigator, this, said = std::move(said)](Nothing) {
            load(navigator);
            navigator.tell(said, Look::bold);
        });
    };
    const auto asked = [&navigator](std::string title, std::string text, std::string yes, auto work,
                                    std::string said) {
        navigator.push(std::make_unique<QuestionScreen>(
            std::move(title), std::vector<Text>{{std::move(text), Look::plain}}, std::move(yes),
            [work, said = std::move(said)](Navigator& then) {
                then.ask(work, [&then, said](Nothing) {
                    then.back();
                    then.tell(said, Look::bold);
                });
            }));
    };
    switch (action) {
        case Action::enrol:
            return navigator.push(begin_adding(plan_for(*account_, user_)));
        case Action::unlock:
            return call([user](Warifud& warifud) { return warifud.unlock(user); }, tr("The limits are off."));
        case Action::resume:
            return call([user](Warifud& warifud) { return warifud.resume(user); }, tr("It is resumed."));
        case Action::require:
            return call([user](Warifud& warifud) { return warifud.require(user); },
                        tr("A second factor is required of them now."));
        case Action::suspend:
            return asked(
                fill(tr("Suspend %1?"), {name}),
                tr("No code and no recovery code will sign them in until it is resumed. Nothing is lost."),
                tr("suspend"), [user](Warifud& warifud) { return warifud.suspend(user); },
                tr("It is suspended."));
        case Action::reset:
            return asked(
                fill(tr("Reset %1?"), {name}),
                tr("Every device and recovery code of theirs ends at once. They set up the second factor "
                   "anew."),
                tr("reset"), [user](Warifud& warifud) { return warifud.reset(user); }, tr("It is reset."));
    }
}

}  // namespace warifu::screens
