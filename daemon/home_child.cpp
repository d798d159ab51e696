// `warifud --read-home` and `--write-home`: one home, as its owner, then gone.

#include <grp.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "core/error/error.h"
#include "core/source/home_file.h"
#include "daemon/home_process.h"

namespace warifu {

namespace {

constexpr int arguments = 7, arguments_of_key_file = 8;
constexpr std::size_t most_document_bytes = 64 * 1024;

void write_all(std::string_view text) {
    while (!text.empty()) {
        const auto written = write(1, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            _exit(1);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void answer(char letter, std::string_view rest = {}) {
    write_all({&letter, 1});
    write_all(rest);
}

int unavailable(std::string_view reason) {
    answer(home_unavailable, reason);
    return 1;
}

struct Owner {
    std::string name, home, file;
    uid_t uid = 0;
    gid_t gid = 0;
};

template <typename T>
bool number(const char* text, T& value) {
    const char* end = text + std::strlen(text);
    const auto parsed = std::from_chars(text, end, value);
    return parsed.ec == std::errc() && parsed.ptr == end;
}

bool parse(int argc, char** argv, Owner& owner, int wanted = arguments) {
    if (argc != wanted || !number(argv[3], owner.uid) || !number(argv[4], owner.gid)) {
        return false;
    }
    owner.name = argv[2];
    owner.home = argv[5];
    owner.file = argv[6];
    return true;
}

// For good: nothing of root is left. Where this process is nobody but the user already, there is nothing to
// do.
bool become(const Owner& owner) {
    if (geteuid() != 0) {
        return geteuid() == owner.uid;
    }
    return initgroups(owner.name.c_str(), owner.gid) == 0 &&
           setresgid(owner.gid, owner.gid, owner.gid) == 0 &&
           setresuid(owner.uid, owner.uid, owner.uid) == 0 && geteuid() == owner.uid &&
           (owner.uid == 0 || setresuid(0, 0, 0) != 0);
}

int answer_with(const Owner& owner, const std::function<std::optional<Secret>()>& read) {
    if (!become(owner)) {
        return unavailable("could not become the owner of the file");
    }
    try {
        const auto content = read();
        if (!content) {
            answer(home_none);
            return 0;
        }
        answer(home_content, content->text());
        return 0;
    } catch (const std::exception& error) {
        return unavailable(error.what());
    }
}

}  // namespace

int run_read_home(int argc, char** argv) {
    Owner owner;
    if (!parse(argc, argv, owner)) {
        return unavailable("--read-home takes NAME UID GID HOME FILE");
    }
    return answer_with(owner, [&] { return read_home(owner.home, owner.uid, owner.file); });
}

int run_read_key_file(int argc, char** argv) {
    Owner owner;
    std::size_t must_exist = 0;
    if (!parse(argc, argv, owner, arguments_of_key_file) || !number(argv[7], must_exist)) {
        return unavailable("--read-key-file takes NAME UID GID HOME FILE DIRECTORIES");
    }
    return answer_with(owner, [&] {
        return owner.home.empty() ? read_key_file(owner.uid, owner.file, must_exist)
                                  : read_key_file_in_home(owner.home, owner.uid, owner.file);
    });
}

int run_write_home(int argc, char** argv) {
    Owner owner;
    if (!parse(argc, argv, owner)) {
        return unavailable("--write-home takes NAME UID GID HOME FILE");
    }
    if (!become(owner)) {
        return unavailable("could not become the owner of the home");
    }
    Secret document(most_document_bytes);
    std::size_t size = 0;
    for (;;) {
        const auto got = read(0, document.writable().data() + size, document.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 || size == document.size()) {
            return unavailable("the document for the home was cut off or is too large");
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    document.truncate(size);
    try {
        write_home(owner.home, owner.uid, owner.file, document.text());
        answer(home_content);
        return 0;
    } catch (const std::exception& error) {
        return unavailable(error.what());
    }
}

}  // namespace warifu
