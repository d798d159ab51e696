#include "enroll_tool/screens/enrol_screen.h"

#include <cstdlib>

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/codes_screen.h"
#include "enroll_tool/screens/question_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

constexpr int wrong_codes_in_a_row = 3;

// Somebody else who knows the password may have begun already.
std::unique_ptr<Screen> warning_of(const std::vector<Seen>& others) {
    std::vector<Text> paragraphs = {
        {tr("In the last 24 hours a key was offered for this account from elsewhere:"), Look::warning}};
    std::string list;
    for (const Seen& other : others)
        list.append(list.empty() ? "" : "\n").append(moment(other.at) + "  " + printable(other.source));
    paragraphs.push_back({list, Look::plain});
    paragraphs.push_back(
        {tr("If that was not you, somebody else knows your password: change it before you go "
            "on."),
         Look::plain});
    return std::make_unique<QuestionScreen>(tr("Was that you?"), std::move(paragraphs), tr("go on"),
                                            [](Navigator& navigator) { navigator.back(); });
}

std::string clock_words(std::int64_t off) {
    if (off == 0) return {};
    return fill(tr("Its clock is off by about %1: let the phone set it by itself."),
                {span_of_time(std::abs(off))});
}

}  // namespace

// Left without a key: there was no proof, or no reply.
void EnrolScreen::shown(Navigator& navigator) {
    if (key_) return;
    if (asked_) return navigator.back();
    asked_ = true;
    const auto work = [plan = plan_](Warifud& warifud) {
        return warifud.enroll(plan.user, {plan.label, plan.kind, plan.key});
    };
    const auto done = [this, &navigator](OtpKey key) { offered(std::move(key), navigator); };
    const auto failed = [&navigator](const Failure& failure) {
        navigator.back();
        navigator.tell(words_of(failure), Look::warning);
    };
    navigator.change(work, done, failed);
}

void EnrolScreen::offered(OtpKey key, Navigator& navigator) {
    const std::vector<Seen> others = key.others;
    key_.emplace(std::move(key), navigator.surroundings());
    if (!others.empty()) navigator.push(warning_of(others));
}

std::string EnrolScreen::how_to_take_it() const {
    if (plan_.token) return tr("Put this key into the token:");
    if (plan_.app != nullptr)
        return fill(tr("Scan the code with %1, or type this key into it:"), {plan_.app->title});
    return tr("Scan the code with the app, or type this key into it:");
}

Page EnrolScreen::page(const Navigator& navigator) const {
    Page page;
    page.title = fill(tr("Set up %1"), {printable(plan_.label)});
    page.keys = {{"Enter", tr("check")}};
    if (key_) {
        page.blocks.emplace_back(Text{how_to_take_it()});
        key_->add_to(page);
        if (plan_.app != nullptr)
            for (const AppWarning& warning : warnings(*plan_.app, key_->details()))
                page.blocks.emplace_back(Text{warning.translated(), Look::warning});
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(Text{tr("Then type the code that it shows:")});
        page.blocks.emplace_back(Input{tr("Code:"), std::string(code_.text())});
        key_->add_countdown_to(page, navigator.now());
        key_->add_keys_to(page);
    }
    page.keys.push_back({"Esc", tr("later")});
    return page;
}

void EnrolScreen::pressed(char32_t character, Navigator& navigator) {
    if (key_) key_->pressed(character, navigator);
}

void EnrolScreen::entered(Navigator& navigator) {
    if (!key_ || code_.empty()) return;
    const SharedSecret code = code_.take();
    const auto work = [user = plan_.user, id = key_->key().authenticator, code](Warifud& warifud) {
        return warifud.confirm(user, id, *code);
    };
    const auto done = [this, &navigator](Confirmed result) { confirmed(std::move(result), navigator); };
    const auto failed = [this, &navigator](const Failure& failure) { refused(failure, navigator); };
    navigator.change(work, done, failed);
}

void EnrolScreen::confirmed(Confirmed result, Navigator& navigator) {
    std::string text = fill(tr("%1 is set up: from now on its codes count."), {printable(result.label)});
    if (const std::string clock = clock_words(result.clock_off); !clock.empty()) text += " " + clock;
    if (!result.recovery_codes.empty()) {
        navigator.replace(
            std::make_unique<CodesScreen>(plan_.name, std::move(result.recovery_codes), plan_.support, text));
        return;
    }
    navigator.home();
    navigator.tell(text, Look::bold);
}

void EnrolScreen::refused(const Failure& failure, Navigator& navigator) {
    std::string text = words_of(failure);
    wrong_ = failure.reason == "bad_code" ? wrong_ + 1 : 0;
    if (wrong_ >= wrong_codes_in_a_row) {
        text =
            key_->details().type == "hotp"
                ? tr("Wrong again. Is it this token, with this key? Press it once more and take the new "
                     "code.")
                : tr("Wrong again. Mostly the phone's clock is off: let it set the time by itself. Is it the "
                     "entry that you just added?");
        wrong_ = 0;
    }
    navigator.tell(text, Look::warning);
}

}  // namespace warifu::screens
