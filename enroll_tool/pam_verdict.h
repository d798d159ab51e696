// What a PAM code means: as a verdict, in words, for the program at the door, and for whoever has to mend it.
#pragma once

#include <string_view>

#include "enroll_tool/exit_code.h"

namespace warifu {

struct PamVerdict {
    std::string_view name;  // of --json: "success", "denied", "unavailable"
    ExitCode exit;
    const char* sentence;
};

PamVerdict verdict_of_pam(int code) noexcept;

// What the program that uses this service does then (OpenSSH 9.2, sudo 1.9, util-linux 2.38, Cockpit 287).
const char* what_the_door_does(std::string_view service, int code) noexcept;

// What to do about it; nullptr: nothing. A hole (%1) stands for the account.
const char* what_to_do(int code) noexcept;

}  // namespace warifu
