// One file of PAM's, as libpam reads it (pam.d(5)): lines joined at a backslash, comments from # on,
// bracketed words kept together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace warifu::doctor {

struct PamLine {
    std::string facility;         // "auth"; "@include" for Debian's line of that name
    bool may_be_missing = false;  // "-auth": a module that is not there is passed over
    std::string control;          // "required", "include", or "success=2 default=ignore" without its brackets
    bool bracketed = false;
    std::string module;  // for includes the file
    std::vector<std::string> arguments;
    int number = 0;  // of its first line, from 1
};

// Lines that lack a word have it empty.
std::vector<PamLine> parse_pam_file(std::string_view text);

}  // namespace warifu::doctor
