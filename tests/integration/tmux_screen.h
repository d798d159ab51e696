// A program inside a sandbox on the terminal that tmux is: what it shows can be looked at as people see it.
// tmux is spoken to in its control mode, which tells when something was shown: nothing here polls or sleeps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/command.h"
#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

class TmuxScreen {
  public:
    // Runs the command's words, each a word of sh, and afterwards shows "ended STATUS".
    TmuxScreen(const Sandbox& sandbox, Command command, int rows = 24, int columns = 80);
    ~TmuxScreen();  // closes the terminal
    TmuxScreen(const TmuxScreen&) = delete;
    TmuxScreen& operator=(const TmuxScreen&) = delete;

    // Keys by tmux's names: "Enter", "Escape", "Down", "C-c".
    void press(const std::string& key);
    void type(const std::string& text);
    void resize(int rows, int columns);
    void close();

    // Waits until `text` is shown; throws with the screen if it does not come.
    void await(std::string_view text);
    // The rows as they are now, blanks at their ends dropped; with_history: also what was scrolled away.
    std::vector<std::string> rows(bool with_history = false);
    std::string text(bool with_history = false);
    // The same with the escape sequences that bring about how it looks.
    std::string escapes();

  private:
    std::string read_line();
    std::vector<std::string> command(const std::string& line);
    std::vector<std::string> read_block();
    void wait_for_output();

    pid_t pid_ = -1;
    Descriptor input_, output_;
    std::string pending_;  // read and not taken yet
    bool shown_ = false;   // something was, since the last look
};

// What zbarimg reads off a screen whose QR code is drawn in half blocks, or in ASCII with two characters a
// module. Throws where there is none.
std::string qr_code_on(Sandbox& sandbox, const std::vector<std::string>& rows);

}  // namespace warifu::integration
