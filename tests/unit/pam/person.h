// A scripted PAM conversation. What the module says or asks out of turn, and what of the script is left over,
// fails the test.
#pragma once

#include <security/pam_appl.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace warifu::testing_support {

class Person {
  public:
    Person() = default;
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    ~Person();

    Person& is_told(std::string text) { return add({PAM_TEXT_INFO, std::move(text), "", PAM_SUCCESS, {}}); }
    Person& is_warned(std::string text) { return add({PAM_ERROR_MSG, std::move(text), "", PAM_SUCCESS, {}}); }
    // `reply`: nullopt answers with a null pointer. `first` runs before the answer is given.
    Person& types(std::string prompt, std::optional<std::string> reply, std::function<void()> first = {}) {
        return add({PAM_PROMPT_ECHO_OFF, std::move(prompt), std::move(reply), PAM_SUCCESS, std::move(first)});
    }
    Person& types_visibly(std::string prompt, std::optional<std::string> reply) {
        return add({PAM_PROMPT_ECHO_ON, std::move(prompt), std::move(reply), PAM_SUCCESS, {}});
    }
    // The conversation function fails at this message.
    Person& fails_at(int style, std::string text, int code) {
        return add({style, std::move(text), std::nullopt, code, {}});
    }

    // The turns count as done: they were taken in another process.
    void forget() { at_ = turns_.size(); }

    const pam_conv* conversation() const { return &conversation_; }

  private:
    struct Turn {
        int style;
        std::string text;
        std::optional<std::string> reply;
        int code;
        std::function<void()> first;
    };

    Person& add(Turn turn) {
        turns_.push_back(std::move(turn));
        return *this;
    }
    int answer(const pam_message& message, pam_response* response);
    static int converse(int count, const pam_message** messages, pam_response** responses, void* self);

    std::vector<Turn> turns_;
    std::size_t at_ = 0;
    pam_conv conversation_{&Person::converse, this};
};

}  // namespace warifu::testing_support
