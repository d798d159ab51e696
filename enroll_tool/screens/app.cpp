#include "enroll_tool/screens/app.h"

#include <algorithm>
#include <utility>

#include "enroll_tool/screens/proof_screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

App::App(Surroundings surroundings, std::unique_ptr<Screen> first, std::int64_t now)
    : surroundings_(std::move(surroundings)), now_(now) {
    push(std::move(first));
}

// ---- What comes in

void App::key(const Key& key) {
    dropped_.clear();
    if (waiting() || ended_) return;
    if (too_small_) {
        if (key.name == KeyName::character && key.character == U'q') quit();
        return;
    }
    if (key.name == KeyName::page_down || key.name == KeyName::page_up) {
        const std::size_t step = scroll_.page;
        scroll_.follows = false;
        scroll_.top =
            key.name == KeyName::page_down ? scroll_.top + step : scroll_.top - std::min(scroll_.top, step);
        return;
    }
    notice_.reset();
    scroll_.follows = true;
    Screen& screen = top();
    if (screen.menu() != nullptr && screen.menu()->key(key)) return;
    if (screen.field() != nullptr && screen.field()->key(key)) return screen.typed(*this);
    if (key.name == KeyName::enter) screen.entered(*this);
    if (key.name == KeyName::escape) screen.left(*this);
    if (key.name == KeyName::tab) screen.pressed(U'\t', *this);
    if (key.name == KeyName::character) screen.pressed(key.character, *this);
}

void App::choose(std::size_t index) {
    if (top().menu() == nullptr || index >= top().menu()->size()) return;
    top().menu()->select(index);
    key({KeyName::enter});
}

void App::clear_field() {
    if (top().field() != nullptr) top().field()->clear();
}

// ---- What is shown

Page App::page() const {
    Page page = top().page(*this);
    if (notice_) page.notice = notice_;
    if (waiting()) page.notice = Text{tr("Asking warifud ..."), Look::dim};
    return page;
}

std::optional<Accepts> App::accepts() const {
    const TextField* field = top().field();
    return field == nullptr ? std::nullopt : std::optional(field->accepts());
}

std::size_t App::choices() const {
    return top().menu() == nullptr ? 0 : top().menu()->size();
}

Picture App::picture(Size size) {
    too_small_ = size.rows < smallest_size.rows || size.columns < smallest_size.columns;
    return lay_out(page(), size, scroll_);
}

// ---- The stack of screens

void App::came_on_top() {
    scroll_ = Scroll();
    top().shown(*this);
}

void App::push(std::unique_ptr<Screen> screen) {
    screens_.push_back(std::move(screen));
    came_on_top();
}

void App::replace(std::unique_ptr<Screen> screen) {
    dropped_.push_back(std::move(screens_.back()));
    screens_.pop_back();
    push(std::move(screen));
}

void App::back() {
    if (screens_.size() == 1) return;
    waits_for_proof_.reset();
    dropped_.push_back(std::move(screens_.back()));
    screens_.pop_back();
    came_on_top();
}

void App::home() {
    while (screens_.size() > 1) {
        dropped_.push_back(std::move(screens_.back()));
        screens_.pop_back();
    }
    came_on_top();
}

// ---- Calls

void App::begin(Call call) {
    call_ = std::move(call);
}

// Whether a proof is wanted is warifud's to say: it refuses, and then the code is asked for.
void App::begin_proved(Call call) {
    Call proved = call;
    proved.failed = [this, call](const Failure& failure) {
        Call failing = call;
        if (wants_proof(failure))
            ask_for_proof(std::move(failing));
        else
            failed(failing, failure);
    };
    begin(std::move(proved));
}

void App::ask_for_proof(Call call) {
    waits_for_proof_ = std::move(call);
    push(std::make_unique<ProofScreen>());
}

void App::proved() {
    dropped_.push_back(std::move(screens_.back()));
    screens_.pop_back();
    scroll_ = Scroll();
    if (!waits_for_proof_) return;
    begin(*std::exchange(waits_for_proof_, std::nullopt));
}

void App::work(Warifud& warifud) noexcept {
    try {
        call_->work(warifud);
    } catch (...) {
        failure_ = std::current_exception();
    }
}

void App::failed(Call& call, const Failure& failure) {
    if (call.failed)
        call.failed(failure);
    else
        tell(words_of(failure), Look::warning);
}

void App::deliver() {
    Call call = *std::exchange(call_, std::nullopt);
    const std::exception_ptr failure = std::exchange(failure_, nullptr);
    if (failure == nullptr)
        call.done();
    else
        failed(call, describe(failure));
    dropped_.clear();
}

}  // namespace warifu::screens
