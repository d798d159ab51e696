#include "enroll_tool/screens/proof_screen.h"

#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

Page ProofScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("A code of yours first");
    page.blocks = {
        Text{tr("This changes or shows what signs you in, so show that it is you: type a code from a device "
                "that you have set up, or a recovery code.")},
        Gap{},
        Input{tr("Code:"), printable(code_.text())},
        Gap{},
        Text{tr("It is good for five minutes. A code works once: for the next one, wait until your app shows "
                "another."),
             Look::dim},
    };
    page.keys = {{"Enter", tr("go on")}, {"Esc", tr("back")}};
    return page;
}

void ProofScreen::entered(Navigator& navigator) {
    if (code_.empty()) return;
    const SharedSecret code = code_.take();
    navigator.ask([code](Warifud& warifud) { return warifud.prove("", *code); },
                  [&navigator](Nothing) { navigator.proved(); });
}

}  // namespace warifu::screens
