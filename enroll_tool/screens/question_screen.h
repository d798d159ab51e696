// A question that is answered with y, or left with Esc; and a notice, which is only left.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class QuestionScreen final : public Screen {
  public:
    // `yes`: what y does, in a few words. `then` is called with this screen on top.
    QuestionScreen(std::string title, std::vector<Text> paragraphs, std::string yes,
                   std::function<void(Navigator&)> then)
        : title_(std::move(title)),
          paragraphs_(std::move(paragraphs)),
          yes_(std::move(yes)),
          then_(std::move(then)) {}

    Page page(const Navigator& navigator) const override;
    void pressed(char32_t character, Navigator& navigator) override;

  private:
    std::string title_;
    std::vector<Text> paragraphs_;
    std::string yes_;
    std::function<void(Navigator&)> then_;
};

class NoticeScreen final : public Screen {
  public:
    NoticeScreen(std::string title, std::string text) : title_(std::move(title)), text_(std::move(text)) {}

    Page page(const Navigator& navigator) const override;
    void entered(Navigator& navigator) override { navigator.back(); }

  private:
    std::string title_, text_;
};

}  // namespace warifu::screens
