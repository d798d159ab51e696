// Running the real `warifu` with everything about it chosen by the test.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <optional>
#include <string>
#include <vector>

namespace warifu::test {

struct Surroundings {
    std::string input;           // standard input, a pipe that ends after it
    int input_from = -1;         // a descriptor instead of that pipe
    bool output_is_read = true;  // the reading end of that pipe is open
    std::string output;          // a path instead of the pipe that is read ("/dev/full")
    std::vector<std::string> environment = {"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin"};
    std::optional<uid_t> uid;  // given up root for it
    std::vector<int> closed;   // descriptors that are closed
    std::string directory;     // to start in
};

struct Ended {
    int exit = -1;  // -1: by a signal
    int signal = 0;
    std::string out, err;
};

// One run in progress; ended by force after a minute, which fails the test.
class Tool {
  public:
    explicit Tool(std::vector<std::string> arguments, const Surroundings& surroundings = {});
    ~Tool();
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;

    pid_t process() const noexcept { return process_; }
    Ended wait();

  private:
    pid_t process_ = -1;
    int out_ = -1, err_ = -1;
};

Ended run_tool(std::vector<std::string> arguments, const Surroundings& surroundings = {});

// The same at a terminal of its own, 80 columns wide.
class ToolAtTerminal {
  public:
    explicit ToolAtTerminal(std::vector<std::string> arguments,
                            std::vector<std::string> environment = Surroundings().environment,
                            std::vector<int> closed = {});
    ~ToolAtTerminal();
    ToolAtTerminal(const ToolAtTerminal&) = delete;
    ToolAtTerminal& operator=(const ToolAtTerminal&) = delete;

    // Reads until `text` was shown after what was awaited before; fails the test after a minute.
    void await(const std::string& text);
    void type(const std::string& text);
    termios settings() const;
    pid_t process() const noexcept { return process_; }
    // `out` holds all that was shown, with CR LF as LF.
    Ended wait();

  private:
    bool read_some();

    pid_t process_ = -1;
    int terminal_ = -1;
    std::string shown_;
    std::size_t awaited_ = 0;
};

}  // namespace warifu::test
