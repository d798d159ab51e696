// One thing at a time: what a screen is, and what it may do. Screens know no terminal and no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "enroll_tool/failure.h"
#include "enroll_tool/screens/menu.h"
#include "enroll_tool/screens/page.h"
#include "enroll_tool/screens/text_field.h"
#include "enroll_tool/screens/warifud.h"

namespace warifu::screens {

class Screen;

// What is the same for the whole run.
struct Surroundings {
    bool administrator = false;  // effective uid 0: no proof is asked for
    bool half_blocks = true;     // whether the terminal can show them (UTF-8)
    std::string host;
    std::string home;  // where files are saved
};

// A call to warifud and what follows it.
struct Call {
    std::function<void(Warifud&)> work;
    std::function<void()> done;
    std::function<void(const Failure&)> failed;  // none: the failure is told
};

class Navigator {
  public:
    virtual ~Navigator() = default;

    virtual const Surroundings& surroundings() const = 0;
    virtual std::int64_t now() const = 0;  // Unix seconds

    virtual void push(std::unique_ptr<Screen> screen) = 0;
    virtual void replace(std::unique_ptr<Screen> screen) = 0;  // the one on top
    virtual void back() = 0;
    virtual void home() = 0;  // back to the first screen
    virtual void quit() = 0;
    virtual void tell(std::string text, Look look = Look::plain) = 0;  // until the next key

    // Asks warifud; `done` gets the result of `work`, while the screen that asked is still there.
    template <typename Work, typename Done>
    void ask(Work work, Done done, std::function<void(const Failure&)> failed = {}) {
        begin(call_of(std::move(work), std::move(done), std::move(failed)));
    }
    // The same for what wants a proof of the caller's where the caller is enrolled: it is asked for first.
    template <typename Work, typename Done>
    void change(Work work, Done done, std::function<void(const Failure&)> failed = {}) {
        begin_proved(call_of(std::move(work), std::move(done), std::move(failed)));
    }

    virtual void begin(Call call) = 0;
    virtual void begin_proved(Call call) = 0;
    // The proof was accepted: what waited for it is done now.
    virtual void proved() = 0;

  private:
    template <typename Work, typename Done>
    static Call call_of(Work work, Done done, std::function<void(const Failure&)> failed) {
        using Result = std::invoke_result_t<Work, Warifud&>;
        auto result = std::make_shared<std::optional<Result>>();
        return {[work = std::move(work), result](Warifud& warifud) { result->emplace(work(warifud)); },
                [done = std::move(done), result] { done(std::move(**result)); }, std::move(failed)};
    }
};

class Screen {
  public:
    virtual ~Screen() = default;

    virtual Page page(const Navigator& navigator) const = 0;
    // It came on top, for the first time or again.
    virtual void shown(Navigator&) {}

    // What keys go to first, where there is one: lines to choose from, and a line to type.
    virtual Menu* menu() { return nullptr; }
    virtual TextField* field() { return nullptr; }

    virtual void entered(Navigator&) {}            // Enter
    virtual void pressed(char32_t, Navigator&) {}  // a character that no field took; a tab is U'\t'
    virtual void typed(Navigator&) {}              // the field took a key
    virtual void left(Navigator& navigator) { navigator.back(); }  // Esc
};

// Whether warifud wants a proof first, and refuses for nothing else. (NotPermitted has only its message,
// which then names the commands' option.)
bool wants_proof(const Failure& failure);

// For the person: what went wrong and what can be done about it.
std::string words_of(const Failure& failure);

}  // namespace warifu::screens
