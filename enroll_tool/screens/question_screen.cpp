#include "enroll_tool/screens/question_screen.h"

#include "enroll_tool/translation.h"

namespace warifu::screens {

Page QuestionScreen::page(const Navigator&) const {
    Page page;
    page.title = title_;
    for (const Text& paragraph : paragraphs_) {
        page.blocks.emplace_back(paragraph);
        page.blocks.emplace_back(Gap{});
    }
    page.keys = {{"y", yes_}, {"Esc", tr("back")}};
    return page;
}

void QuestionScreen::pressed(char32_t character, Navigator& navigator) {
    if (character == U'y' || character == U'Y') then_(navigator);
    if (character == U'n' || character == U'N') navigator.back();
}

Page NoticeScreen::page(const Navigator&) const {
    Page page;
    page.title = title_;
    page.blocks = {Text{text_}};
    page.keys = {{"Esc", tr("back")}};
    return page;
}

}  // namespace warifu::screens
