#include "tests/integration/command.h"

#include <grp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

namespace warifu::integration {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> result;
    for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
    result.push_back(nullptr);
    return result;
}

}  // namespace

void Command::become() const noexcept {
    if (calls != nullptr) calls->enter();
    ::syscall(SYS_close_range, 3U, ~0U, 0);
    for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD}) std::signal(number, SIG_DFL);
    const std::vector<char*> arguments = pointers(words);
    std::vector<char*> variables = pointers(environment);
    environ = variables.data();
    if (::setgroups(groups.size(), groups.data()) != 0 || ::setresgid(gid, gid, gid) != 0 ||
        ::setresuid(uid, uid, uid) != 0 || ::chdir(directory.c_str()) != 0) {
        std::perror("become");
        ::_exit(127);
    }
    ::execvp(arguments[0], arguments.data());
    std::perror(arguments[0]);
    ::_exit(127);
}

Command as_root(std::vector<std::string> words) {
    Command command;
    command.words = std::move(words);
    command.environment.push_back("HOME=/root");
    return command;
}

Command as_user(const Account& account, std::vector<std::string> words) {
    Command command;
    command.words = std::move(words);
    command.uid = account.uid;
    command.gid = account.gid;
    command.directory = account.home;
    command.environment.insert(command.environment.end(),
                               {"HOME=" + account.home, "USER=" + account.name, "LOGNAME=" + account.name});
    return command;
}

}  // namespace warifu::integration
