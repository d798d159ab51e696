// A program inside a sandbox on a terminal of its own, and a script that reads and types.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/integration/command.h"
#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

class Terminal {
  public:
    // Starts the command as leader of a session whose terminal this is.
    Terminal(const Sandbox& sandbox, const Command& command, int rows = 24, int columns = 80);
    ~Terminal();  // hangs up
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    // Waits for `text` after what was expected before, and returns what came in between. Throws with the
    // transcript if it does not come.
    std::string expect(std::string_view text);
    // Waits for the first of `texts` to come and returns its place among them.
    std::size_t expect_any(std::initializer_list<std::string_view> texts);
    void type(std::string_view keys) const;
    void type_line(std::string_view line) const { type(std::string(line) + "\r"); }
    void resize(int rows, int columns) const;

    // Reads to the program's end and returns its status, as Result has it.
    int wait();
    // Everything that came so far.
    const std::string& transcript() const noexcept { return text_; }
    pid_t pid() const noexcept { return pid_; }

  private:
    // False at the end of the output.
    bool read_more(std::string_view waiting_for);
    [[noreturn]] void fail(std::string_view waiting_for, std::string_view why) const;

    Descriptor master_;
    pid_t pid_ = -1;
    std::string text_;
    std::size_t expected_ = 0;  // how much of the text was waited for already
};

}  // namespace warifu::integration
