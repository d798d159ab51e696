#include "enroll_tool/screens/new_phone_screen.h"

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

void NewPhoneScreen::shown(Navigator& navigator) {
    if (key_) return;
    if (asked_) return navigator.back();
    asked_ = true;
    navigator.change(
        [user = user_, id = device_.id](Warifud& warifud) { return warifud.show(user, id); },
        [this, &navigator](OtpKey key) { key_.emplace(std::move(key), navigator.surroundings()); },
        [&navigator](const Failure& failure) {
            navigator.back();
            navigator.tell(words_of(failure), Look::warning);
        });
}

Page NewPhoneScreen::page(const Navigator& navigator) const {
    Page page;
    page.title = fill(tr("%1 on a new phone"), {printable(device_.label)});
    page.keys = {{"Enter", tr("check")}};
    if (key_) {
        page.blocks.emplace_back(Text{tr("Scan this with the new phone, or type the key:")});
        key_->add_to(page);
        page.blocks.emplace_back(Gap{});
        page.blocks.emplace_back(
            Text{tr("Keep the entry on the old phone until a code from the new one is right."), Look::bold});
        page.blocks.emplace_back(Text{tr("Then type a code from the new phone:")});
        page.blocks.emplace_back(Input{tr("Code:"), std::string(code_.text())});
        key_->add_countdown_to(page, navigator.now());
        key_->add_keys_to(page);
    }
    page.keys.push_back({"Esc", tr("stop")});
    return page;
}

void NewPhoneScreen::pressed(char32_t character, Navigator& navigator) {
    if (key_) key_->pressed(character, navigator);
}

void NewPhoneScreen::entered(Navigator& navigator) {
    if (!key_ || code_.empty()) return;
    const SharedSecret code = code_.take();
    navigator.ask([user = user_, code](Warifud& warifud) { return warifud.verify(user, *code); },
                  [this, &navigator](const Checked& result) { checked(result, navigator); });
}

void NewPhoneScreen::checked(const Checked& result, Navigator& navigator) {
    if (result.verdict == "success" && (result.authenticator.empty() || result.authenticator == device_.id)) {
        navigator.home();
        navigator.tell(
            tr("The new phone works. Now you may delete the entry on the old one, or keep both: they "
               "share each code, so a code that one has used is spent for the other too."),
            Look::bold);
        return;
    }
    if (result.verdict == "success")
        return navigator.tell(tr("That code is of another device of yours. Take one from the new phone."),
                              Look::warning);
    if (result.reason == "replayed")
        return navigator.tell(tr("That code was used already. Wait until the phone shows the next one."),
                              Look::warning);
    std::string text = tr("That code is wrong. The old entry must stay.");
    if (result.retry_after)
        text = fill(tr("Too many wrong codes. Try again in %1. The old entry must stay."),
                    {span_of_time(*result.retry_after)});
    navigator.tell(text, Look::warning);
}

void NewPhoneScreen::left(Navigator& navigator) {
    navigator.back();
    if (key_)
        navigator.tell(tr("No code came from the new phone yet: do not delete the entry on the old one."),
                       Look::warning);
}

}  // namespace warifu::screens
