#include "ipc/wire/connect.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/wire/other_process.h"

namespace warifu::wire {
namespace {

using testing_support::in_other_process;
using testing_support::make_own_run;

constexpr uid_t stranger = 12'345;

struct Directory {
    std::string path = "/tmp/warifu-connect-XXXXXX";
    Directory() { EXPECT_NE(mkdtemp(path.data()), nullptr); }
    ~Directory() { std::filesystem::remove_all(path); }
};

int listen_at(const std::string& path, int backlog) {
    int const fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0) << path;
    EXPECT_EQ(listen(fd, backlog), 0);
    return fd;
}

std::string error_at(const std::string& path) {
    int const fd = connect_to(path.c_str());
    if (fd >= 0) close(fd);
    return fd >= 0 ? "connected" : strerrorname_np(-fd);
}

TEST(Connect, ReachesRootsListenerWithoutBlocking) {
    Directory directory;
    int const listener = listen_at(directory.path + "/socket", 1);
    int const fd = connect_to((directory.path + "/socket").c_str());
    ASSERT_GE(fd, 0);
    EXPECT_NE(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    close(fd);
    close(listener);
}

TEST(Connect, X34_NobodyThere) {
    Directory directory;
    EXPECT_EQ(error_at(directory.path + "/socket"), "ENOENT");
    close(listen_at(directory.path + "/socket", 1));
    EXPECT_EQ(error_at(directory.path + "/socket"), "ECONNREFUSED");
    EXPECT_EQ(error_at(directory.path + "/" + std::string(200, 'x')), "ENAMETOOLONG");
}

TEST(Connect, X34_AFullBacklogIsSaidAtOnce) {
    Directory directory;
    int const listener = listen_at(directory.path + "/socket", 0);
    std::vector<int> waiting;
    int fd = 0;
    while ((fd = connect_to((directory.path + "/socket").c_str())) >= 0) waiting.push_back(fd);
    EXPECT_EQ(fd, -EAGAIN);
    for (int const open : waiting) close(open);
    close(listener);
}

// SO_PEERCRED shows who called listen(), so that the squatter need not even be alive.
TEST(Connect, X34_AListenerThatIsNotRootIsRefused) {
    Directory directory;
    ASSERT_EQ(chmod(directory.path.c_str(), 0777), 0);
    std::string const path = directory.path + "/socket";
    EXPECT_EQ(in_other_process([&] {
                  if (seteuid(stranger) != 0) return std::string("no seteuid");
                  int const listener = listen_at(path, 8);
                  if (seteuid(0) != 0) return std::string("no way back");
                  std::string const result = error_at(path);
                  char byte;
                  int const accepted = accept(listener, nullptr, nullptr);
                  return result +
                         (recv(accepted, &byte, 1, 0) == 0 ? ", and nothing was sent" : ", and it read");
              }),
              "EPERM, and nothing was sent");
}

std::string with_run_directory(uid_t owner, mode_t mode, const char* socket_path) {
    return in_other_process([=] {
        make_own_run();
        mkdir("/run/warifu", 0755);
        int const listener = listen_at(socket_path, 8);
        chmod("/run/warifu", mode);
        if (chown("/run/warifu", owner, 0) != 0) return std::string("no chown");
        std::string const result = error_at(socket_path);
        close(listener);
        return result;
    });
}

TEST(Connect, X08_TheDefaultPathsCountOnlyInADirectoryOfRoots) {
    for (const char* const path : {root_socket, user_socket}) {
        EXPECT_EQ(with_run_directory(0, 0755, path), "connected");
        EXPECT_EQ(with_run_directory(0, 0775, path), "EPERM");
        EXPECT_EQ(with_run_directory(0, 0757, path), "EPERM");
        EXPECT_EQ(with_run_directory(stranger, 0755, path), "EPERM");
    }
    EXPECT_EQ(in_other_process([] {
                  make_own_run();
                  return error_at(root_socket);
              }),
              "ENOENT");
    EXPECT_EQ(in_other_process([] {
                  make_own_run();
                  mkdir("/run/elsewhere", 0755);
                  close(listen_at("/run/elsewhere/root.sock", 8));
                  std::filesystem::create_symlink("/run/elsewhere", "/run/warifu");
                  return error_at(root_socket);
              }),
              "EPERM");
}

// A host that runs with 0, 1 and 2 closed prints to whatever lands there.
TEST(Connect, X04_TheStandardDescriptorsAreLeftAlone) {
    Directory directory;
    std::string const path = directory.path + "/socket";
    int const listener = listen_at(path, 8);
    EXPECT_EQ(in_other_process([&] {
                  for (int const fd : {0, 1, 2}) close(fd);
                  int const fd = connect_to(path.c_str());
                  bool const closed = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
                  return std::to_string(fd > 2 && closed && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
              }),
              "1");
    close(listener);
}

}  // namespace
}  // namespace warifu::wire
