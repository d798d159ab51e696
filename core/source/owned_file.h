// Files that hold secrets. A file counts only as a regular one with one link, its owner's, mode 0600 or 0400:
// the descriptor is judged, never the path, and nothing is followed, waited for or made a controlling
// terminal. Whatever is refused throws Unavailable with one line that says which file and why, and nothing of
// its content.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>

#include "core/secret/secret.h"
#include "core/source/descriptor.h"

namespace warifu {

inline constexpr std::size_t max_owned_file_bytes = 64 * 1024;

// Opens `name` in `directory` (or AT_FDCWD) for reading. nullopt: there is none (ENOENT). `path` is for
// messages.
std::optional<Descriptor> open_owned_file(int directory, const std::string& name, uid_t owner,
                                          const std::string& path);

// All of it: 1 to max_owned_file_bytes bytes. An empty file is refused, and so is one that changes meanwhile.
Secret read_owned_file(const Descriptor& file, const std::string& path);

// The rule itself, for what has been opened in another way.
void judge_owned_file(const struct stat& status, uid_t owner, const std::string& path);

// "PATH: what went wrong", from errno.
[[noreturn]] void refuse_by_errno(const std::string& path);

}  // namespace warifu
