// The tool as a state machine: keys, time and warifud's replies in, pictures out.
//
// A call to warifud is handed out (waiting(), work()) and its end handed in (deliver()), so that whoever
// drives this may wait for it elsewhere. Until then keys are refused.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "enroll_tool/screens/layout.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class App final : public Navigator {
  public:
    // Begins with `first`.
    App(Surroundings surroundings, std::unique_ptr<Screen> first, std::int64_t now);

    void tick(std::int64_t now) { now_ = now; }
    void key(const Key& key);
    // For a view without a cursor: the line `index` of the menu is chosen; what was typed is dropped.
    void choose(std::size_t index);
    void clear_field();
    bool ended() const noexcept { return ended_; }

    Page page() const;
    // What is typed now; none where nothing is.
    std::optional<Accepts> accepts() const;
    std::size_t choices() const;
    Picture picture(Size size);

    bool waiting() const noexcept { return call_.has_value(); }
    void work(Warifud& warifud) noexcept;  // on any thread
    void deliver();

    // Navigator
    const Surroundings& surroundings() const override { return surroundings_; }
    std::int64_t now() const override { return now_; }
    void push(std::unique_ptr<Screen> screen) override;
    void replace(std::unique_ptr<Screen> screen) override;
    void back() override;
    void home() override;
    void quit() override { ended_ = true; }
    void tell(std::string text, Look look) override { notice_ = Text{std::move(text), look}; }
    void begin(Call call) override;
    void begin_proved(Call call) override;
    void proved() override;

  private:
    Screen& top() const { return *screens_.back(); }
    void came_on_top();
    void ask_for_proof(Call call);
    void failed(Call& call, const Failure& failure);

    Surroundings surroundings_;
    std::int64_t now_;
    std::vector<std::unique_ptr<Screen>> screens_;
    std::vector<std::unique_ptr<Screen>> dropped_;  // until whoever called from inside them is done
    std::optional<Text> notice_;
    Scroll scroll_;
    bool ended_ = false, too_small_ = false;

    std::optional<Call> call_;
    std::exception_ptr failure_;
    std::optional<Call> waits_for_proof_;
};

}  // namespace warifu::screens
