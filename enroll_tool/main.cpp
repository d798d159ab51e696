// warifu: the command line of Warifu. It asks warifud for everything and keeps nothing.
#include <unistd.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "core/error/error.h"
#include "core/secret/secret.h"
#include "enroll_tool/arguments.h"
#include "enroll_tool/help.h"
#include "enroll_tool/invocation.h"
#include "enroll_tool/output.h"
#include "enroll_tool/process_guard.h"
#include "enroll_tool/report.h"
#include "enroll_tool/screens/run_screens.h"
#include "enroll_tool/session.h"
#include "enroll_tool/translation.h"

namespace {

using namespace warifu;

// A reply of 64 KiB, a drawing of the same size, a request, and room for what they hold.
constexpr std::size_t secret_heap_bytes = 512 * 1024;

ExitCode show_version(const Invocation& given, Output& out) {
    if (given.has("--json"))
        out.object({{"version", WARIFU_VERSION}});
    else
        out.text("warifu " WARIFU_VERSION "\n");
    return ExitCode::done;
}

ExitCode carry_out(std::vector<std::string> arguments, Output& out) {
    const Invocation given = Invocation::parse(std::move(arguments));
    if (given.has("--version")) return show_version(given, out);
    if (given.has("--help")) {
        out.text(given.command == nullptr ? general_help() : command_help(*given.command));
        return ExitCode::done;
    }
    if (given.command == nullptr) return screens::run_screens(given, out);
    Session session(given, out);
    return given.command->run(session);
}

// What is not written is not done, as far as whoever asked can tell.
ExitCode finish(Output& out, ExitCode result) {
    try {
        out.finish();
        return result;
    } catch (const OutputFailed& failed) {
        complain(tr_message(failed.what()));
        return ExitCode::unavailable;
    }
}

ExitCode run(std::vector<std::string> arguments) {
    Output out(STDOUT_FILENO);
    const bool json = wants_json(arguments);
    try {
        return finish(out, carry_out(std::move(arguments), out));
    } catch (const OutputFailed& failed) {
        complain(tr_message(failed.what()));
        return ExitCode::unavailable;
    } catch (...) {
        return finish(out, report(std::current_exception(), json, out));
    }
}

}  // namespace

int main(int argc, char** argv) {
    guard_process();
    std::vector<std::string> arguments = take_arguments(argc, argv);
    // Whether memory could be locked or not: secrets are wiped all the same.
    lock_secrets(secret_heap_bytes);
    use_locale();
    return static_cast<int>(run(std::move(arguments)));
}
