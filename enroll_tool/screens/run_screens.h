// `warifu` without a command.
#pragma once

#include "enroll_tool/exit_code.h"
#include "enroll_tool/invocation.h"
#include "enroll_tool/output.h"

namespace warifu::screens {

// On the terminal, or with --plain and where the terminal can do no more on plain lines. Without a terminal
// at both ends a usage error, which names the commands.
ExitCode run_screens(const Invocation& given, Output& out);

}  // namespace warifu::screens
