// Where codes and keys come from: the command line, one line of standard input each ("-"), or the person at
// the terminal. Several "-" take successive lines, in the order in which they are asked for: proof, key,
// codes.
#pragma once

#include <optional>
#include <string_view>

#include "core/secret/secret.h"
#include "enroll_tool/terminal.h"

namespace warifu {

struct Question {
    std::string_view name;    // "--proof", "CODE": in messages
    std::string_view prompt;  // "Code: "
    Echo echo = Echo::on;
};

class Answers {
  public:
    Answers() : terminal_(Terminal::of_standard_input()) {}

    bool somebody_is_there() const noexcept { return terminal_.has_value(); }

    // What was given, or else what is typed. Throws Invalid where it is empty, where standard input ends
    // first, and at once where nothing was given and there is no terminal.
    Secret get(const Question& question, std::optional<std::string_view> given);

    // What is typed, or the next line of standard input; nullopt at its end, and where nothing was given.
    std::optional<Secret> next(const Question& question);

    // From the person alone; nullopt where the question was declined (Ctrl-D, or nothing but Enter). Only if
    // somebody_is_there().
    std::optional<Secret> ask(const Question& question);

  private:
    std::optional<Terminal> terminal_;
};

}  // namespace warifu
