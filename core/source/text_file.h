// The source `text`: one file, root's (the effective user's), that configuration management writes and Warifu
// only reads. A line is NAME KEY-URI; a name may have several lines, each an authenticator; '#' begins a
// comment line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/account/credentials.h"

namespace warifu {

inline constexpr std::size_t max_text_file_bytes = 100 * 1024 * 1024;
inline constexpr std::size_t max_text_line_bytes = 4096;  // without the line's end

// The credentials of subject.name, ids 1, 2, … in the order of its lines. nullopt: the file was read to its
// end and has no line of that name. Throws Unavailable with the file's name and, where one is at fault, the
// line's number: a file that is missing, empty, not the effective user's with mode 0600 or 0400, too large, a
// line that is too long, or one of this name that is no key URI. Lines of other names are looked at for their
// length alone.
std::optional<Credentials> read_text_file(const std::string& path, const Subject& subject);

// The names of all lines, each once. Throws as above, and where there are more than `most`.
std::vector<std::string> names_in_text_file(const std::string& path, std::size_t most);

}  // namespace warifu
