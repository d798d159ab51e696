// `warifud --notify`: becomes the user of notifications, then warifu-notify.

#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>

#include "daemon/notify_process.h"
#include "nss_helper/identity/identity.h"

namespace warifu {

namespace {

int refuse(const std::string& reason) {
    (void)std::fprintf(stderr, "%s\n", reason.c_str());
    return 1;
}

std::string error_text() {
    return std::system_category().message(errno);
}

// For good: nothing of root, and no way back by a setuid program.
bool become(const Identity& user) {
    return (geteuid() != 0 || (setgroups(0, nullptr) == 0 && setresgid(user.gid, user.gid, user.gid) == 0 &&
                               setresuid(user.uid, user.uid, user.uid) == 0)) &&
           geteuid() == user.uid && setresuid(0, 0, 0) != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

}  // namespace

int run_notify(int argc, char** argv) {
    if (argc != 4) {
        return refuse("--notify takes USER PROGRAM");
    }
    const std::string name = argv[2];
    try {
        const auto user = find_by_name(name);
        if (!user) {
            return refuse("the user " + name + " does not exist: install the package warifu-notify");
        }
        if (user->uid == 0) {
            return refuse("the user " + name + " is root: notifications want one of their own");
        }
        if (!become(*user)) {
            return refuse("notifications cannot be sent as the user " + name + ": " + error_text());
        }
    } catch (const std::system_error& error) {
        return refuse("it cannot be told who the user " + name + " is: " + error.what());
    }
    for (const int number : {SIGPIPE, SIGXFSZ, SIGCHLD}) {
        (void)std::signal(number, SIG_DFL);
    }
    (void)close_range(3, ~0U, 0);
    const std::array<char*, 2> words = {argv[3], nullptr};
    const std::array<char*, 1> environment = {nullptr};
    execve(argv[3], words.data(), environment.data());
    return refuse(std::string(argv[3]) + ": " + error_text() + ": install the package warifu-notify");
}

}  // namespace warifu
