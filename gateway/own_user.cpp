#include "gateway/own_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/error/error.h"

namespace warifu::gateway {

namespace {

void require(int result, const char* what) {
    if (result != 0) throw std::system_error(errno, std::system_category(), what);
}

}  // namespace

void become(const std::string& user) {
    if (geteuid() != 0) return;
    errno = 0;
    const passwd* account = getpwnam(user.c_str());
    if (account == nullptr || account->pw_uid == 0) {
        throw Unavailable("root does not serve strangers, and there is no account " + user +
                          " to become: systemd-sysusers makes it, or name another one with --user");
    }
    const uid_t uid = account->pw_uid;
    const gid_t gid = account->pw_gid;
    require(setgroups(0, nullptr), "setgroups");
    require(setresgid(gid, gid, gid), "setresgid");
    require(setresuid(uid, uid, uid), "setresuid");
}

}  // namespace warifu::gateway
