// Debian's sshd inside a sandbox, and its client.
#pragma once

#include <string>

#include "tests/integration/command.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

// sshd on 127.0.0.1, with a host key of its own, PAM, and keyboard-interactive as the one method; `settings`
// are further lines of sshd_config and win. Ready to be called once it stands.
class Sshd {
  public:
    explicit Sshd(Sandbox& sandbox, const std::string& settings = "");

  private:
    Process process_;
};

// The ssh client: keyboard-interactive, each prompt asked once; `words` is run there, or a shell if empty.
Command ssh(const std::string& user, const std::string& words, const std::vector<std::string>& options = {});

}  // namespace warifu::integration
