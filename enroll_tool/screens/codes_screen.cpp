#include "enroll_tool/screens/codes_screen.h"

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/saved_file.h"
#include "enroll_tool/sheet.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

Page CodesScreen::page(const Navigator&) const {
    Page page;
    page.title = tr("Your recovery codes");
    if (!notice_.empty()) {
        page.blocks.emplace_back(Text{notice_, Look::bold});
        page.blocks.emplace_back(Gap{});
    }
    page.blocks.emplace_back(Text{
        tr("Each of these signs you in once when the phone is lost, broken or left at home. Copy, save or "
           "print them, and keep them apart from the phone. They are shown only now.")});
    page.blocks.emplace_back(Gap{});
    CodeList list;
    for (const Secret& code : codes_) list.codes.push_back(printable(code.text()));
    page.blocks.emplace_back(std::move(list));
    page.keys = {{"s", tr("save to a file")},
                 {"p", tr("make a sheet to print")},
                 {"y", tr("I have kept them: go on")}};
    return page;
}

void CodesScreen::pressed(char32_t character, Navigator& navigator) {
    if (character == U's') save("warifu-recovery-codes", list(), navigator);
    if (character == U'p') save("warifu-recovery-sheet", sheet(), navigator);
    if (character == U'y' || character == U'Y') navigator.home();
}

void CodesScreen::left(Navigator& navigator) {
    navigator.tell(tr("These codes are not shown again. Keep them, and then press y."), Look::warning);
}

void CodesScreen::save(const char* stem, Secret content, Navigator& navigator) const {
    try {
        const std::string path = save_file(navigator.surroundings().home, stem, ".txt", content.text());
        navigator.tell(
            fill(tr("Saved as %1, for nobody but you to read. Take it off this host: a host that you "
                    "cannot get into keeps it from you."),
                 {printable(path)}));
    } catch (const Unavailable& failure) {
        navigator.tell(printable(tr_message(failure.what())), Look::warning);
    }
}

Secret CodesScreen::list() const {
    std::string text;
    for (const Secret& code : codes_) text.append(code.text()).append("\n");
    Secret content = Secret::copy_of(std::string_view(text));
    wipe(text);
    return content;
}

Secret CodesScreen::sheet() const {
    Sheet sheet;
    sheet.user = user_;
    for (const Secret& code : codes_) sheet.recovery_codes.push_back(code.text());
    std::string text = write_sheet(sheet, SheetForm::text);
    if (!support_.empty()) text += "\n" + wrapped(printable(support_));
    Secret content = Secret::copy_of(std::string_view(text));
    wipe(text);
    return content;
}

}  // namespace warifu::screens
