// Where another module's file of keys is, as the options secret= and user= of a PAM line say it: "~/" or
// "${HOME}" stands for the home, "${USER}" for the login name. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu {

inline constexpr std::size_t max_key_file_path_bytes = 1024;

struct KeyFilePlace {
    std::string path;   // empty: as configured
    std::string owner;  // login name or uid, whose file it is and as whom it is read; empty: who signs in
    bool given() const noexcept { return !path.empty() || !owner.empty(); }
    bool operator==(const KeyFilePlace&) const = default;
};

// Whether a line that says `line` means what is configured: what it leaves out is the usual, as in that
// module.
bool same_place(const KeyFilePlace& line, const KeyFilePlace& configured);

// Throws Invalid(field) for what is no such path, and for what is no login name or uid.
void check_key_file_path(std::string_view path, const std::string& field);
void check_key_file_owner(std::string_view owner, const std::string& field);

// The same for one person.
struct KeyFilePath {
    bool in_home = false;        // `relative` is below the home, otherwise below "/"
    std::string relative;        // no empty, "." or ".." part
    std::size_t must_exist = 0;  // so many directories of it are everybody's, and have to be there
    std::string shown;           // the whole, for the log
};
// `path` is one that passed the check. Below the home only where `own`: the file is the person's, not
// another's. Throws Unavailable where the home makes it none.
KeyFilePath key_file_path(std::string_view path, std::string_view user, std::string_view home, bool own);

}  // namespace warifu
