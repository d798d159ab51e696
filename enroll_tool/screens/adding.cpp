#include "enroll_tool/screens/adding.h"

#include <algorithm>

#include "core/phrase/fill.h"
#include "enroll_tool/lockouts.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/enrol_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

std::string free_label(const Plan& plan) {
    const std::string wanted = plan.token ? tr("token") : tr("phone");
    std::string label = wanted;
    for (int number = 2; std::ranges::find(plan.taken, label) != plan.taken.end(); ++number)
        label = wanted + " " + std::to_string(number);
    return label;
}

std::vector<KeyHint> keys_of_choices() {
    return {{"Up Down", tr("choose")}, {"Enter", tr("go on")}, {"Esc", tr("back")}};
}

}  // namespace

std::unique_ptr<Screen> begin_adding(Plan plan) {
    if (plan.enrolled) return std::make_unique<AppScreen>(std::move(plan));
    return std::make_unique<BeforeScreen>(std::move(plan));
}

// ---- Before it turns on

Page BeforeScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("Before it turns on");
    page.blocks = {
        Text{
            tr("From then on this host asks for a code from your phone after the password. Three things lock "
               "people out:")},
        Gap{},
    };
    for (const Lockout& lockout : lockouts())
        page.blocks.emplace_back(Text{std::string("- ") + tr(lockout.cause)});
    const std::vector<Block> back{
        Gap{},
        Text{tr("Three ways lead back in:")},
        Gap{},
        Text{tr("- Recovery codes: you get them in a moment. Keep them apart from the phone.")},
        Text{tr("- A second device: add a tablet or another phone while the first one works.")},
        Text{tr("- The administrator of this host, who can reset it.")},
    };
    page.blocks.insert(page.blocks.end(), back.begin(), back.end());
    if (!plan_.support.empty()) {
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(Text{printable(plan_.support), Look::bold});
    }
    page.keys = {{"Enter", tr("go on")}, {"Esc", tr("back")}};
    return page;
}

void BeforeScreen::entered(Navigator& navigator) {
    navigator.push(std::make_unique<AppScreen>(plan_));
}

// ---- Which app

AppScreen::AppScreen(Plan plan) : plan_(std::move(plan)) {
    menu_.resize(apps().size() + 2);
}

Page AppScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("Which app will show the codes?");
    page.blocks = {Text{tr("Install one of these on the phone first, if it has none.")}, Gap{}};
    Choices choices;
    for (const warifu::App& app : apps()) choices.choices.push_back({std::string(app.title), ""});
    choices.choices.push_back({tr("Another app"), ""});
    choices.choices.push_back({tr("A hardware token, or a key that I type in"), ""});
    choices.selected = menu_.selected();
    page.blocks.emplace_back(std::move(choices));
    page.keys = keys_of_choices();
    return page;
}

void AppScreen::entered(Navigator& navigator) {
    Plan plan = plan_;
    const std::size_t chosen = menu_.selected(), known = apps().size();
    plan.app = chosen < known ? &apps()[chosen] : nullptr;
    plan.token = chosen == known + 1;
    if (plan.token)
        navigator.push(std::make_unique<TokenScreen>(std::move(plan)));
    else
        navigator.push(std::make_unique<NameScreen>(std::move(plan)));
}

// ---- Tokens

TokenScreen::TokenScreen(Plan plan) : plan_(std::move(plan)) {
    menu_.resize(2);
}

Page TokenScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("How does the token count?");
    page.blocks = {Choices{{{tr("By the clock: it shows another code every 30 seconds (TOTP)"), ""},
                            {tr("By a counter: it shows another code at each press (HOTP)"), ""}},
                           menu_.selected()}};
    page.keys = keys_of_choices();
    return page;
}

void TokenScreen::entered(Navigator& navigator) {
    Plan plan = plan_;
    plan.kind = menu_.selected() == 0 ? "totp" : "hotp";
    navigator.push(std::make_unique<TokenKeyScreen>(std::move(plan)));
}

Page TokenKeyScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("The token's key");
    page.blocks = {
        Text{tr(
            "Type the key that came with the token, in base32 (letters A to Z and digits 2 to 7; blanks do "
            "not matter). Leave it empty if the token takes a key that this host makes.")},
        Gap{},
        Input{tr("Key:"), std::string(key_.text())},
    };
    page.keys = {{"Enter", tr("go on")}, {"Esc", tr("back")}};
    return page;
}

void TokenKeyScreen::entered(Navigator& navigator) {
    Plan plan = plan_;
    if (!key_.empty()) plan.key = std::make_shared<const Secret>(Secret::copy_of(key_.text()));
    navigator.push(std::make_unique<NameScreen>(std::move(plan)));
}

// ---- Its name

NameScreen::NameScreen(Plan plan) : plan_(std::move(plan)), label_(Accepts::text, free_label(plan_)) {}

Page NameScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("What is it called?");
    page.blocks = {
        Text{tr("A name by which you will know this device among others.")},
        Gap{},
        Input{tr("Name:"), printable(label_.text())},
    };
    if (!plan_.token) {
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(Text{tr("What comes next is a QR code:")});
        page.blocks.emplace_back(Text{tr(steps_in(plan_.app))});
    }
    page.keys = {{"Enter", tr("show the code to scan")}, {"Esc", tr("back")}};
    return page;
}

void NameScreen::entered(Navigator& navigator) {
    if (label_.empty()) return navigator.tell(tr("It needs a name."), Look::warning);
    Plan plan = plan_;
    plan.label = label_.text();
    navigator.push(std::make_unique<EnrolScreen>(std::move(plan)));
}

}  // namespace warifu::screens
