// A file of secrets in somebody's home (~/.warifu), read and written by a process that already is that user.
// The home is the user's ground: nothing below it is followed, and no directory on the way may be one that
// others can write to. Everything refused throws Unavailable with one line that says which name and why.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/secret/secret.h"

namespace warifu {

// The content of home/relative. nullopt: the home was reached, is the user's, and surely holds no such file.
// A home that is missing, or not the user's (an unmounted one), is Unavailable. `relative` has no "..", no
// empty component and no leading '/'.
std::optional<Secret> read_home(const std::string& home, uid_t uid, const std::string& relative);

// A file of another module's, at a path that a PAM line or the configuration names: below the home as above,
// or below '/', where every directory on the way is root's or the owner's. The first `must_exist` directories
// of `relative` have to be there; where a later one or the file itself is not, there is none. `relative` as
// above.
std::optional<Secret> read_key_file_in_home(const std::string& home, uid_t uid, const std::string& relative);
std::optional<Secret> read_key_file(uid_t uid, const std::string& relative, std::size_t must_exist);

// Replaces or makes the file: a new one with a random name beside it, fsync, rename, fsync of the directory.
// Old content or new, both whole, and temporary files of writers that were killed are swept away. The
// directory must exist; `content` is 1 to max_owned_file_bytes bytes.
void write_home(const std::string& home, uid_t uid, const std::string& relative, std::string_view content);

}  // namespace warifu
