#include "tests/cmocka/adapter/rehearsal.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace warifu::cmocka {
namespace {

int count = 0;
int told = -1;  // where the copy tells its groups

[[noreturn]] void give_up() {
    std::perror("cmocka: cannot count the groups of tests");
    std::_Exit(EXIT_FAILURE);
}

void become_copy(int out) {
    told = out;
    int const nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
}

void count_groups(int in, pid_t copy) {
    for (char group; read(in, &group, 1) == 1;) ++count;
    close(in);
    waitpid(copy, nullptr, 0);
}

// glibc gives constructors main's arguments.
__attribute__((constructor)) void rehearse(int argc, char** argv, char**) {
    arguments().assign(argv, argv + argc + 1);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) give_up();
    pid_t const copy = fork();
    if (copy < 0) give_up();
    close(copy == 0 ? ends[0] : ends[1]);
    if (copy == 0) {
        become_copy(ends[1]);
    } else {
        count_groups(ends[0], copy);
    }
}

}  // namespace

bool rehearsing() {
    return told >= 0;
}

void rehearse_group() {
    if (write(told, "g", 1) != 1) give_up();
}

int groups_to_come() {
    return count;
}

std::vector<char*>& arguments() {
    static std::vector<char*> all;
    return all;
}

}  // namespace warifu::cmocka
