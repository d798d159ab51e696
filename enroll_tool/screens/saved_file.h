// A file that holds a key or recovery codes, made in the person's home.
#pragma once

#include <string>
#include <string_view>

namespace warifu::screens {

// Writes `content` to a new file `directory`/`stem``ending` (or `stem`-2, -3, …, where that is taken): mode
// 0600, never through a symbolic link, never over a file, on disk when this returns. Returns its path. Throws
// what NewFile throws, which leaves nothing behind.
std::string save_file(const std::string& directory, const std::string& stem, const std::string& ending,
                      std::string_view content);

}  // namespace warifu::screens
