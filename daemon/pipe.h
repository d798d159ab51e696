// A pipe to or from a child: neither end is inherited by a program that is exec'd, and each is closed once.
// -1 where no descriptor was left.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace warifu {

struct Pipe {
    int read_end = -1, write_end = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) == 0) {
            read_end = ends[0];
            write_end = ends[1];
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_end(read_end);
        close_end(write_end);
    }
    static void close_end(int& end) {
        if (end >= 0) {
            close(end);
            end = -1;
        }
    }
    static int release(int& end) { return std::exchange(end, -1); }
};

}  // namespace warifu
