#include "enroll_tool/screens/home_screen.h"

#include <algorithm>

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/accounts_screen.h"
#include "enroll_tool/screens/adding.h"
#include "enroll_tool/screens/device_screen.h"
#include "enroll_tool/screens/recovery_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

constexpr std::size_t most_sign_ins = 3;

bool is_on(const Account& account) {
    return account.state == "active";
}

bool has_own_codes(const Account& account) {
    return is_on(account) && !account.shared;
}

bool can_add(const Account& account) {
    return is_on(account) || account.state == "none" || account.state == "pending";
}

std::size_t active_devices(const Account& account) {
    return static_cast<std::size_t>(std::ranges::count_if(account.devices, &Device::active));
}

}  // namespace

std::string explain_state(const std::string& state) {
    if (state == "none")
        return tr(
            "Nothing but your password protects this account. Setting up a second factor takes a minute: "
            "have your phone at hand.");
    if (state == "pending")
        return tr(
            "A key was offered and no code has confirmed it yet, so it does not count. Set it up once more: "
            "it is the same key for a while.");
    if (state == "active") return tr("The second factor is on.");
    if (state == "suspended")
        return tr(
            "An administrator has suspended the second factor: no code signs you in. Ask them to resume it.");
    if (state == "missing")
        return tr(
            "This account had a second factor, and its record is gone. Sign-ins that want a code are refused "
            "until an administrator resets the account.");
    return printable(state);
}

void add_circumstances(const Account& account, std::int64_t now, Page& page) {
    if (account.limited_until && *account.limited_until > now)
        page.blocks.emplace_back(Text{fill(tr("Too many wrong codes: some sign-ins are limited until %1."),
                                           {moment(*account.limited_until)}),
                                      Look::warning});
    for (const std::string& note : account.notes)
        page.blocks.emplace_back(Text{printable(tr_message(note)), Look::warning});
    if (!account.sign_ins.empty()) {
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(Text{tr("Last sign-ins"), Look::dim});
        const std::size_t shown = std::min(account.sign_ins.size(), most_sign_ins);
        for (std::size_t i = 0; i < shown; ++i)
            page.blocks.emplace_back(
                Field{moment(account.sign_ins[i].at), cut(printable(account.sign_ins[i].source), 50)});
    }
    if (!account.support.empty()) {
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(Text{printable(account.support), Look::dim});
    }
}

Plan plan_for(const Account& account, std::string user) {
    Plan plan;
    plan.user = std::move(user);
    plan.name = account.user;
    plan.enrolled = is_on(account);
    plan.support = account.support;
    for (const Device& device : account.devices)
        if (device.active) plan.taken.push_back(device.label);
    return plan;
}

void HomeScreen::shown(Navigator& navigator) {
    load(navigator);
}

void HomeScreen::load(Navigator& navigator) {
    navigator.ask([](Warifud& warifud) { return warifud.status(""); },
                  [this, &navigator](Account account) {
                      account_ = std::move(account);
                      failure_.reset();
                      menu_.resize(lines(navigator).size());
                  },
                  [this, &navigator](const Failure& failure) {
                      account_.reset();
                      failure_ = words_of(failure);
                      menu_.resize(lines(navigator).size());
                  });
}

std::vector<HomeScreen::Line> HomeScreen::lines(const Navigator& navigator) const {
    std::vector<Line> lines;
    if (account_) {
        for (std::size_t i = 0; i < account_->devices.size(); ++i)
            if (account_->devices[i].active && !account_->shared) lines.push_back({Action::device, i});
        if (can_add(*account_)) lines.push_back({Action::add});
        if (has_own_codes(*account_)) lines.push_back({Action::codes});
    }
    if (navigator.surroundings().administrator) lines.push_back({Action::accounts});
    if (failure_) lines.push_back({Action::again});
    return lines;
}

Choice HomeScreen::choice(const Line& line) const {
    switch (line.action) {
        case Action::device: {
            const Device& device = account_->devices[line.device];
            return {cut(printable(device.label), 30), type_of(device) + ", " + last_use_of(device)};
        }
        case Action::add:
            return {is_on(*account_) ? tr("Add a device") : tr("Set up the second factor"), ""};
        case Action::codes:
            return {tr("Recovery codes"),
                    fill(trn("%1 left", "%1 left", static_cast<unsigned long>(account_->recovery_codes_left)),
                         {std::to_string(account_->recovery_codes_left)})};
        case Action::accounts:
            return {tr("Accounts of this host"), ""};
        case Action::again:
            return {tr("Try again"), ""};
    }
    return {};
}

Page HomeScreen::page(const Navigator& navigator) const {
    Page page;
    page.title = account_ ? fill(tr("Warifu: sign-in of %1 on %2"),
                                 {printable(account_->user), printable(navigator.surroundings().host)})
                          : "Warifu";
    if (account_)
        page.blocks = {Text{explain_state(account_->state), is_on(*account_) ? Look::bold : Look::plain},
                       Gap{}};
    if (failure_) page.blocks = {Text{*failure_, Look::warning}, Gap{}};
    Choices choices;
    for (const Line& line : lines(navigator)) choices.choices.push_back(choice(line));
    choices.selected = menu_.selected();
    page.blocks.emplace_back(std::move(choices));
    if (account_) add_circumstances(*account_, navigator.now(), page);
    page.keys = {{"Up Down", tr("choose")}, {"Enter", tr("open")}};
    if (account_ && can_add(*account_)) page.keys.push_back({"a", tr("add a device")});
    if (account_ && has_own_codes(*account_)) page.keys.push_back({"c", tr("recovery codes")});
    page.keys.push_back({"q", tr("quit")});
    return page;
}

void HomeScreen::entered(Navigator& navigator) {
    const auto all = lines(navigator);
    if (menu_.selected() < all.size()) carry_out(all[menu_.selected()], navigator);
}

void HomeScreen::pressed(char32_t character, Navigator& navigator) {
    if (character == U'q') navigator.quit();
    for (const Line& line : lines(navigator)) {
        const bool meant = (character == U'a' && line.action == Action::add) ||
                           (character == U'c' && line.action == Action::codes);
        if (meant) return carry_out(line, navigator);
    }
}

void HomeScreen::carry_out(const Line& line, Navigator& navigator) {
    switch (line.action) {
        case Action::device:
            return navigator.push(std::make_unique<DeviceScreen>("", account_->devices[line.device],
                                                                 active_devices(*account_) == 1));
        case Action::add:
            return navigator.push(begin_adding(plan_for(*account_, "")));
        case Action::codes:
            return navigator.push(std::make_unique<RecoveryScreen>(*account_));
        case Action::accounts:
            return navigator.push(std::make_unique<AccountsScreen>());
        case Action::again:
            return load(navigator);
    }
}

}  // namespace warifu::screens
