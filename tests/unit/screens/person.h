// Somebody at the screens: presses keys, and reads what is on a terminal of some size.
#pragma once

#include <string>
#include <string_view>

#include "enroll_tool/screens/app.h"
#include "enroll_tool/screens/warifud.h"

namespace warifu::screens::test {

class Person {
  public:
    static constexpr std::int64_t noon = 1'800'000'012;  // 12 s into a step of 30 s

    explicit Person(Warifud& warifud, Surroundings surroundings = {false, true, "tally", "/nowhere"});

    void press(KeyName name);
    void type(std::string_view text);  // no Enter
    void enter(std::string_view text = {}) {
        type(text);
        press(KeyName::enter);
    }
    App& app() noexcept { return app_; }

    // All rows, each ended by a newline. flowing() is the words alone: without line ends and QR code, single
    // blanks.
    std::string screen(Size size = smallest_size);
    std::string flowing(Size size = smallest_size);
    Picture picture(Size size = smallest_size) { return app_.picture(size); }

  private:
    void settle();

    Warifud& warifud_;
    App app_;
};

}  // namespace warifu::screens::test
