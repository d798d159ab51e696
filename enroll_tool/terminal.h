// The person at the terminal: questions and one-line answers. A signal that ends or stops the tool at a
// question (Ctrl-C, Ctrl-Z, a hang-up) first puts the terminal back as it was, and then does what it always
// does.
#pragma once

#include <optional>
#include <string_view>

#include "core/secret/secret.h"
#include "ipc/client/descriptor.h"

namespace warifu {

enum class Echo { on, off };

class Terminal {
  public:
    // There is somebody to ask if standard input is a terminal, and only then: questions and answers go
    // through /dev/tty where there is one, and otherwise through standard input and error.
    static std::optional<Terminal> of_standard_input();

    // The line without its end, at most max_line_bytes; nullopt at the end of input (Ctrl-D).
    std::optional<Secret> ask(std::string_view question, Echo echo);

  private:
    explicit Terminal(ipc::Descriptor own) noexcept : own_(std::move(own)) {}
    int in() const noexcept;
    int out() const noexcept;
    std::optional<Secret> answer() const;

    ipc::Descriptor own_;  // /dev/tty, or none
};

}  // namespace warifu
