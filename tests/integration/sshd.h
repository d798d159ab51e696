// Debian's sshd inside a sandbox, and its client.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/command.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

// sshd on 127.0.0.1, with a host key of its own, PAM, and keyboard-interactive as the one method; `settings`
// are further lines of sshd_config and win, `blocks` its Match blocks. Ready to be called once it stands.
class Sshd {
  public:
    explicit Sshd(Sandbox& sandbox, const std::string& settings = "", const std::string& blocks = "");

  private:
    Process process_;
};

// The ssh client: keyboard-interactive, each prompt asked once; `options` win. `words` is run there, or a
// shell if empty.
Command ssh(const std::string& user, const std::string& words, const std::vector<std::string>& options = {});

// A further address of the sandbox's loopback interface ("192.0.2.7/32"), to call sshd from: the client's
// option BindAddress.
void add_address(const Sandbox& sandbox, const std::string& address);

// A key of the account's own, which sshd accepts from now on; the client's options that offer it, before
// keyboard-interactive.
std::vector<std::string> add_key(Sandbox& sandbox, const Account& account);

}  // namespace warifu::integration
