// What is run inside a sandbox, as whom and with what.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/sandbox.h"
#include "tests/integration/system_calls.h"

namespace warifu::integration {

struct Command {
    std::vector<std::string> words;  // the program is looked up in PATH
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    std::string directory = "/";
    std::vector<std::string> environment = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TERM=xterm"};
    std::string input;                   // standard input of what has no terminal
    const SystemCalls* calls = nullptr;  // what watches it, from before it is anybody but root

    // This program image becomes the command; for the child of Sandbox::fork(), its descriptors 0 to 2 in
    // place.
    [[noreturn]] void become() const noexcept;
};

Command as_root(std::vector<std::string> words);
Command as_user(const Account& account, std::vector<std::string> words);

}  // namespace warifu::integration
