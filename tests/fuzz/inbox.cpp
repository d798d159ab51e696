// A stream of bytes, read as varlink messages through a buffer whose size is the input's first byte: what
// comes out is what stood between the NULs, up to a message that does not fit.
#include "ipc/wire/message.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

using warifu::fuzz::must;

namespace {

constexpr std::size_t most_stream_bytes = 32 * 1024;  // surely fits in a socket's buffer
constexpr int long_enough = 60'000;                   // milliseconds; everything is there already

struct Pair {
    Pair() {
        must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    }
    ~Pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    int ends[2] = {-1, -1};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1 || size > most_stream_bytes) {
        return -1;
    }
    std::vector<char> buffer(1U + data[0]);
    auto left = warifu::fuzz::as_text(data + 1, size - 1);
    const Pair pair;
    const auto deadline = warifu::wire::Deadline::after(long_enough);
    must(left.empty() || warifu::wire::send_message(pair.ends[1], left.data(), left.size(), deadline) == 0,
         "the stream went out");
    ::shutdown(pair.ends[1], SHUT_WR);

    warifu::wire::Inbox inbox(buffer.data(), buffer.size());
    for (;;) {
        const auto expected = left.substr(0, left.find('\0'));
        const bool ends = expected.size() < left.size();
        const char* message = nullptr;
        const int got = inbox.receive(pair.ends[0], deadline, &message);
        if (expected.size() >= buffer.size()) {
            must(got == -EMSGSIZE, "a message that does not fit is refused");
            return 0;
        }
        if (!ends) {
            must(got == -ECONNRESET, "the end of the stream is no message");
            return 0;
        }
        must(got >= 0 && std::string_view(message, static_cast<std::size_t>(got)) == expected,
             "a message comes out as it went in");
        must(message[got] == '\0', "a message ends with a NUL");
        left.remove_prefix(expected.size() + 1);
    }
}
