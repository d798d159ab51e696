// Programs inside a sandbox without a terminal: run to their end, or kept running.
#pragma once

#include <string>

#include "tests/integration/command.h"
#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct Result {
    int status = 0;  // exit status, or 128 and the number of the signal that ended it
    std::string out;
    std::string err;
};

// The status that Result holds, of waitpid's.
int status_of(int wait_status) noexcept;

// Runs the command to its end.
Result run(const Sandbox& sandbox, const Command& command);
// The same, and throws with what it wrote if its status is not 0. Returns its standard output.
std::string output_of(const Sandbox& sandbox, const Command& command);

// A program in the background, in a session of its own; its output goes to the file `output` of the sandbox.
// Ends with the object: SIGTERM, then SIGKILL if that is not heard.
class Process {
  public:
    Process(const Sandbox& sandbox, const Command& command, const std::string& output = "/dev/null");
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const noexcept { return pid_; }  // outside the sandbox
    void kill(int signal) const noexcept;
    // Its status, once it has ended.
    int wait();

  private:
    bool ended_within_patience() const noexcept;

    pid_t pid_ = -1;
    Descriptor pidfd_;
};

}  // namespace warifu::integration
