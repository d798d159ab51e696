// Notifications by the warifud just built, with scripts in place of warifu-notify. Wants root.
#include "daemon/notify_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace warifu {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Notifications : public ::testing::Test {
  protected:
    Notifications() {
        // As warifud has them.
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGCHLD, SIG_IGN);
        EXPECT_NE(mkdtemp(folder.data()), nullptr);
        EXPECT_EQ(chmod(folder.c_str(), 0777), 0);
        program = folder + "/notify";
    }
    ~Notifications() override { std::filesystem::remove_all(folder); }

    // Stands for warifu-notify; $0 is its path.
    void write_script(const std::string& lines) {
        std::ofstream(program) << "#!/bin/sh\ncd \"${0%/*}\"\n" << lines << "\n";
        ASSERT_EQ(chmod(program.c_str(), 0755), 0);
    }
    std::string file(const std::string& name) const {
        std::ifstream stream(folder + "/" + name);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void deliver(NotifyProcesses& processes, const std::string& document = "{}", bool urgent = true) {
        processes.deliver(Secret::copy_of(document), urgent,
                          [this](const std::string& problem) { problems.push_back(problem); });
    }
    // Runs until so many have been called back.
    void answered(std::size_t wanted) {
        const auto work = asio::make_work_guard(io);
        while (problems.size() < wanted) ASSERT_EQ(io.run_one(), 1U);
    }
    std::string outcome(const std::string& document = "{}") {
        NotifyProcesses processes(io, programs());
        problems.clear();
        deliver(processes, document);
        EXPECT_THAT(problems, IsEmpty()) << "before deliver() had returned";
        answered(1);
        return problems.at(0);
    }
    NotifyProcesses::Programs programs() const { return {WARIFUD, program, user}; }

    std::string folder = "/tmp/warifu-notify-XXXXXX", user = "nobody";
    asio::io_context io{1};
    std::vector<std::string> problems;
    std::string program;
};

TEST_F(Notifications, A05_TheDocumentReachesAProgramThatIsNobodyButItsUser) {
    write_script(
        "cat >document; { id -u; id -g; id -G; } >ids; tr '\\0' '\\n' </proc/$$/environ >environment\n"
        "ls /proc/self/fd >descriptors; grep -E '^(Cap(Prm|Eff)|NoNewPrivs|SigIgn)' /proc/$$/status >status\n"
        "echo delivered");
    const int left_open = open("/dev/null", O_RDONLY);
    const std::string document(60'000, 'x');
    EXPECT_EQ(outcome(document), "");
    close(left_open);
    EXPECT_EQ(file("document"), document);
    const passwd* nobody = getpwnam("nobody");
    const std::string uid = std::to_string(nobody->pw_uid), gid = std::to_string(nobody->pw_gid);
    EXPECT_EQ(file("ids"), uid + "\n" + gid + "\n" + gid + "\n");
    EXPECT_EQ(file("environment"), "");
    EXPECT_EQ(file("descriptors"), "0\n1\n2\n3\n");  // 3: ls' own
    const std::string status = file("status");
    for (const char* line :
         {"CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n", "NoNewPrivs:\t1\n"})
        EXPECT_THAT(status, HasSubstr(line));
    const auto ignored = std::stoull(status.substr(status.find("SigIgn:") + 7), nullptr, 16);
    for (const int number : {SIGPIPE, SIGCHLD, SIGXFSZ})
        EXPECT_EQ(ignored >> (number - 1) & 1U, 0U) << number;
}

TEST_F(Notifications, A05_TheFirstLineOfWhatItSaysIsTheReason) {
    write_script("echo 'mail: nobody there' >&2; echo more >&2; exit 1");
    EXPECT_EQ(outcome(), "mail: nobody there");
}

TEST_F(Notifications, X27_TheReasonIsShortAndPlain) {
    write_script("printf 'a\\033[2J\\r\\303\\251%%s\\n' >&2; exit 1");
    EXPECT_EQ(outcome(), "a?[2J???%s");
    write_script("yes no | tr -d '\\n' >&2");
    EXPECT_EQ(outcome().size(), NotifyProcesses::most_reason_bytes);
}

// Only the word itself is a delivery: not silence, and not an exit status that nobody can read.
TEST_F(Notifications, A05_WhoDiesHasDeliveredNothing) {
    for (const char* lines : {"kill -KILL $$", "exit 0", "printf delivered", "echo; echo delivered"}) {
        write_script(lines);
        EXPECT_NE(outcome(), "") << lines;
    }
}

TEST_F(Notifications, A05_WhatIsNotInstalledIsNamed) {
    program = folder + "/absent";
    EXPECT_EQ(outcome(), program + ": No such file or directory: install the package warifu-notify");
    user = "warifu-absent";
    EXPECT_EQ(outcome(), "the user warifu-absent does not exist: install the package warifu-notify");
    user = "root";
    EXPECT_THAT(outcome(), HasSubstr("is root"));
}

// Those of this process' children, alive or not yet reaped.
std::size_t children() {
    const std::string self = std::to_string(getpid());
    std::ifstream file("/proc/self/task/" + self + "/children");
    return static_cast<std::size_t>(
        std::distance(std::istream_iterator<pid_t>(file), std::istream_iterator<pid_t>()));
}

TEST_F(Notifications, A05_FewRunAtOnceAndABoundedNumberWaits) {
    ASSERT_EQ(mkfifo((folder + "/go").c_str(), 0666), 0);
    write_script("read -r word <go; echo delivered");
    NotifyProcesses processes(io, programs());
    constexpr std::size_t all = NotifyProcesses::most_running + NotifyProcesses::most_waiting;
    for (std::size_t i = 0; i < all + 2; ++i) deliver(processes);
    EXPECT_EQ(children(), NotifyProcesses::most_running);
    answered(2);
    EXPECT_THAT(problems, ::testing::Each("too many notifications wait already"));
}

// However many programs ask, whoever stands at a door is heard of at once.
TEST_F(Notifications, A05_WhatIsUrgentGoesBeforeAFloodOfWhatIsNot) {
    ASSERT_EQ(mkfifo((folder + "/never").c_str(), 0666), 0);
    write_script("read -r which; [ \"$which\" = later ] && read -r word <never; echo delivered");
    NotifyProcesses processes(io, programs());
    constexpr std::size_t flood = NotifyProcesses::most_running_later + NotifyProcesses::most_waiting;
    for (std::size_t i = 0; i < flood; ++i) deliver(processes, "later\n", false);
    for (std::size_t i = 0; i < 3; ++i) deliver(processes, "now\n");
    answered(3);
    EXPECT_THAT(problems, ::testing::Each("")) << "delivered, and nothing else is over yet";
    deliver(processes, "later\n", false);
    answered(4);
    EXPECT_EQ(problems.back(), "too many notifications wait already");
}

TEST_F(Notifications, A05_WhatHangsIsEndedAndMakesRoom) {
    ASSERT_EQ(mkfifo((folder + "/never").c_str(), 0666), 0);
    write_script("read -r which; [ \"$which\" = hang ] && read -r word <never; echo delivered");
    NotifyProcesses processes(io, programs());
    for (std::size_t i = 0; i < NotifyProcesses::most_running; ++i) deliver(processes, "hang\n");
    deliver(processes, "go on\n");
    answered(NotifyProcesses::most_running + 1);
    EXPECT_EQ(std::ranges::count(problems, ""), 1);
    EXPECT_EQ(std::ranges::count(problems, "warifu-notify did not end within 10 s"),
              int{NotifyProcesses::most_running});
}

}  // namespace
}  // namespace warifu
