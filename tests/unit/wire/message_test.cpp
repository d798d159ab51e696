#include "ipc/wire/message.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace warifu::wire {
namespace {

constexpr int generous = 20'000;  // milliseconds; nothing waits so long unless it hangs

struct Pair {
    int near = -1, far = -1;
    Pair() {
        int ends[2];
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
        near = ends[0];
        far = ends[1];
    }
    ~Pair() {
        close(near);
        close_far();
    }
    void close_far() {
        if (far >= 0) close(far);
        far = -1;
    }
    void write_far(std::string_view bytes) const {
        ASSERT_EQ(send(far, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
};

// A message of `text`, whose NUL is the one that ends a std::string.
int send_text(int fd, const std::string& text, Deadline deadline) {
    return send_message(fd, text.c_str(), text.size() + 1, deadline);
}

TEST(Message, ArrivesWholeHoweverItIsCut) {
    std::mt19937 random(4);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string> sent(1 + random() % 5);
        std::string stream;
        for (auto& text : sent) {
            text = std::string(random() % 60, static_cast<char>('a' + random() % 26));
            stream += text + '\0';
        }
        Pair pair;
        char buffer[64];
        Inbox inbox(buffer, sizeof buffer);
        std::size_t at = 0, received = 0;
        while (received < sent.size()) {
            const char* message = nullptr;
            int const length = inbox.receive(pair.near, Deadline::after(0), &message);
            if (length == -ETIMEDOUT) {
                ASSERT_LT(at, stream.size());
                std::size_t const part = std::min<std::size_t>(1 + random() % 30, stream.size() - at);
                pair.write_far(std::string_view(stream).substr(at, part));
                at += part;
                continue;
            }
            ASSERT_EQ(length, static_cast<int>(sent[received].size()));
            ASSERT_STREQ(message, sent[received].c_str());
            ++received;
        }
    }
}

TEST(Message, LongerThanTheBufferIsRefused) {
    char buffer[16];
    for (std::size_t const size : {15u, 16u}) {
        Pair pair;
        Inbox inbox(buffer, sizeof buffer);
        ASSERT_EQ(send_text(pair.far, std::string(size, 'x'), Deadline::after(generous)), 0);
        const char* message = nullptr;
        EXPECT_EQ(inbox.receive(pair.near, Deadline::after(generous), &message), size == 15 ? 15 : -EMSGSIZE);
    }
}

TEST(Message, TheEndOfTheConnectionIsSaidEvenInsideAMessage) {
    for (const char* const part : {"", "half a mess"}) {
        Pair pair;
        pair.write_far(part);
        pair.close_far();
        char buffer[64];
        Inbox inbox(buffer, sizeof buffer);
        const char* message = nullptr;
        EXPECT_EQ(inbox.receive(pair.near, Deadline::after(generous), &message), -ECONNRESET);
    }
}

TEST(Message, SilenceEndsAtTheDeadlineAndNotBefore) {
    Pair pair;
    char buffer[64];
    Inbox inbox(buffer, sizeof buffer);
    const char* message = nullptr;
    timespec before{}, after{};
    clock_gettime(CLOCK_MONOTONIC, &before);
    EXPECT_EQ(inbox.receive(pair.near, Deadline::after(50), &message), -ETIMEDOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    auto const waited = (after.tv_sec - before.tv_sec) * 1'000'000'000LL + (after.tv_nsec - before.tv_nsec);
    EXPECT_GE(waited, 50'000'000LL);
}

TEST(Message, ClearForgetsAnEarlierConnection) {
    Pair first, second;
    char buffer[64];
    Inbox inbox(buffer, sizeof buffer);
    first.write_far(std::string_view("one\0tw", 6));
    const char* message = nullptr;
    ASSERT_EQ(inbox.receive(first.near, Deadline::after(generous), &message), 3);
    inbox.clear();
    second.write_far(std::string_view("new\0", 4));
    ASSERT_EQ(inbox.receive(second.near, Deadline::after(generous), &message), 3);
    EXPECT_STREQ(message, "new");
}

std::atomic<int> signals_seen{0};

// A host's interval timer interrupts every call; without SA_RESTART each of them returns EINTR.
class Interrupted : public testing::Test {
  protected:
    void SetUp() override {
        struct sigaction action{};
        action.sa_handler = [](int) { ++signals_seen; };
        sigaction(SIGALRM, &action, &old_);
        itimerval const often{{0, 500}, {0, 500}};
        setitimer(ITIMER_REAL, &often, nullptr);
    }
    void TearDown() override {
        itimerval const never{};
        setitimer(ITIMER_REAL, &never, nullptr);
        sigaction(SIGALRM, &old_, nullptr);
    }
    struct sigaction old_{};
};

TEST_F(Interrupted, LargeMessagesCrossAFullSocketWhileSignalsArrive) {
    Pair pair;
    std::string const large(4'000'000, 'x');
    std::vector<char> buffer(large.size() + 1);
    Inbox inbox(buffer.data(), buffer.size());
    int sent = -1;
    std::thread sender([&] { sent = send_text(pair.far, large, Deadline::after(generous)); });
    const char* message = nullptr;
    int const length = inbox.receive(pair.near, Deadline::after(generous), &message);
    sender.join();
    EXPECT_EQ(sent, 0);
    ASSERT_EQ(length, static_cast<int>(large.size()));
    EXPECT_EQ(large, message);
}

TEST_F(Interrupted, AWaitGoesOnToItsDeadline) {
    Pair pair;
    char buffer[8];
    Inbox inbox(buffer, sizeof buffer);
    const char* message = nullptr;
    int const before = signals_seen;
    EXPECT_EQ(inbox.receive(pair.near, Deadline::after(50), &message), -ETIMEDOUT);
    EXPECT_GT(signals_seen, before);
}

TEST(Message, SendingTellsWhetherSomethingWentOut) {
    {
        Pair pair;
        pair.close_far();
        EXPECT_EQ(send_text(pair.near, "answer", Deadline::after(generous)), -EPIPE);
    }
    {
        Pair pair;
        std::string const large(8'000'000, 'x');  // more than any socket takes
        EXPECT_EQ(send_text(pair.near, large, Deadline::after(20)), -ETIMEDOUT);
    }
    {
        Pair pair;
        int const small = 4096;
        ASSERT_EQ(setsockopt(pair.near, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
        std::string const large(8'000'000, 'x');
        int failed = 0;
        std::thread sender([&] { failed = send_text(pair.near, large, Deadline::after(generous)); });
        char byte;
        while (recv(pair.far, &byte, 1, 0) != 1) std::this_thread::yield();  // part of it is out
        pair.close_far();
        sender.join();
        EXPECT_EQ(failed, -EIO);
    }
}

}  // namespace
}  // namespace warifu::wire
