#include "enroll_tool/screens/device_screen.h"

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/new_phone_screen.h"
#include "enroll_tool/screens/question_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

std::string type_of(const Device& device) {
    return fill(tr("%1, %2 digits"),
                {device.kind == "hotp" ? "HOTP" : "TOTP", std::to_string(device.digits)});
}

std::string last_use_of(const Device& device) {
    if (!device.active) return tr("not confirmed yet");
    return device.last_used ? fill(tr("last used %1"), {moment(*device.last_used)}) : tr("never used");
}

// ---- The device

DeviceScreen::DeviceScreen(std::string user, Device device, bool last)
    : user_(std::move(user)), device_(std::move(device)), last_(last) {
    menu_.resize(4);
}

Page DeviceScreen::page(const Navigator&) const {
    Page page;
    page.title = printable(device_.label);
    page.blocks = {
        Text{type_of(device_) + ", " + printable(device_.algorithm) + "; " + last_use_of(device_)},
        Gap{},
        Choices{{{tr("Set it up on a new phone"), tr("its QR code once more")},
                 {tr("Rename it"), ""},
                 {tr("Bring it back in step"), tr("its codes are always wrong")},
                 {tr("Remove it"), ""}},
                menu_.selected()},
        Gap{},
        Text{tr("To change apps, set it up in the new app before you delete it in the old one: the second "
                "factor "
                "stays on all the time."),
             Look::dim},
    };
    page.keys = {{"Up Down", tr("choose")}, {"Enter", tr("go on")}, {"Esc", tr("back")}, {"q", tr("quit")}};
    return page;
}

void DeviceScreen::entered(Navigator& navigator) {
    switch (menu_.selected()) {
        case 0:
            return navigator.push(std::make_unique<NewPhoneScreen>(user_, device_));
        case 1:
            return navigator.push(std::make_unique<RenameScreen>(user_, device_));
        case 2:
            return navigator.push(std::make_unique<ResyncScreen>(user_, device_));
        default:
            return navigator.push(removal(navigator.surroundings().administrator));
    }
}

void DeviceScreen::pressed(char32_t character, Navigator& navigator) {
    if (character == U'q') navigator.quit();
}

// The last one is not a person's own to remove: warifud refuses it, and no proof changes that.
std::unique_ptr<Screen> DeviceScreen::removal(bool administrator) const {
    const std::string label = printable(device_.label);
    if (last_ && !administrator)
        return std::make_unique<NoticeScreen>(
            fill(tr("%1 is your last device"), {label}),
            tr("It is not removed here: without it there would be no second factor any more. To change "
               "phones, add "
               "the new one first and remove this one after that. To be without a second factor, ask an "
               "administrator."));
    std::vector<Text> paragraphs = {
        {fill(tr("Codes of %1 will not count any more. Its entry in the app can be deleted after that."),
              {label}),
         Look::plain}};
    if (last_)
        paragraphs.push_back(
            {tr("It is the last device of this account: without it there is no second factor, and "
                "doors that require one let nobody in by it."),
             Look::warning});
    return std::make_unique<QuestionScreen>(
        fill(tr("Remove %1?"), {label}), std::move(paragraphs), tr("remove it"),
        [user = user_, id = device_.id, label](Navigator& navigator) {
            navigator.change([user, id](Warifud& warifud) { return warifud.remove(user, id); },
                             [&navigator, label](Nothing) {
                                 navigator.home();
                                 navigator.tell(fill(tr("%1 is removed."), {label}), Look::bold);
                             });
        });
}

// ---- Its name

Page RenameScreen::page(const Navigator&) const {
    Page page;
    page.title = fill(tr("Rename %1"), {printable(device_.label)});
    page.blocks = {Input{tr("Name:"), printable(label_.text())}};
    page.keys = {{"Enter", tr("rename")}, {"Esc", tr("back")}};
    return page;
}

void RenameScreen::entered(Navigator& navigator) {
    if (label_.empty()) return navigator.tell(tr("It needs a name."), Look::warning);
    const std::string label(label_.text());
    navigator.change(
        [user = user_, id = device_.id, label](Warifud& warifud) { return warifud.rename(user, id, label); },
        [&navigator, label](Nothing) {
            navigator.home();
            navigator.tell(fill(tr("It is called %1 now."), {printable(label)}), Look::bold);
        });
}

// ---- Two codes in a row

Page ResyncScreen::page(const Navigator&) const {
    Page page;
    page.title = fill(tr("Bring %1 back in step"), {printable(device_.label)});
    page.blocks = {
        Text{device_.kind == "hotp" ? tr("Press the token twice and type both codes, one after the other.")
                                    : tr("Type the code that it shows now, and then the next one. (A phone's "
                                         "clock that is off is "
                                         "better mended on the phone: let it set the time by itself.)")},
        Gap{},
    };
    if (first_) page.blocks.emplace_back(Text{tr("The first code is noted.")});
    page.blocks.emplace_back(Input{first_ ? tr("The next code:") : tr("Code:"), std::string(code_.text())});
    page.keys = {{"Enter", tr("go on")}, {"Esc", tr("back")}};
    return page;
}

void ResyncScreen::entered(Navigator& navigator) {
    if (code_.empty()) return;
    if (!first_) {
        first_ = code_.take();
        return;
    }
    const SharedSecret first = std::exchange(first_, nullptr), second = code_.take();
    navigator.change([user = user_, id = device_.id, first,
                      second](Warifud& warifud) { return warifud.resync(user, id, *first, *second); },
                     [&navigator, label = printable(device_.label)](Nothing) {
                         navigator.home();
                         navigator.tell(fill(tr("%1 is in step again."), {label}), Look::bold);
                     });
}

}  // namespace warifu::screens
