#include "enroll_tool/screens/recovery_screen.h"

#include "core/phrase/fill.h"
#include "enroll_tool/screens/codes_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

Page RecoveryScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("Recovery codes");
    page.blocks = {
        Text{fill(trn("%1 recovery code is left.", "%1 recovery codes are left.",
                      static_cast<unsigned long>(left_)),
                  {std::to_string(left_)}),
             Look::bold},
        Gap{},
        Text{tr(
            "Each signs you in once, when the phone is not at hand. They cannot be shown again; you can make "
            "new ones, and the old ones end then, on paper too.")},
    };
    page.keys = {{"n", tr("make new ones")}, {"Esc", tr("back")}};
    return page;
}

void RecoveryScreen::pressed(char32_t character, Navigator& navigator) {
    if (character != U'n' && character != U'N') return;
    navigator.change([](Warifud& warifud) { return warifud.regenerate_codes(""); },
                     [this, &navigator](std::vector<Secret> codes) {
                         navigator.replace(std::make_unique<CodesScreen>(
                             user_, std::move(codes), support_, tr("The old recovery codes have ended.")));
                     });
}

}  // namespace warifu::screens
