#include "enroll_tool/screens/run_screens.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <string>

#include "core/error/error.h"
#include "enroll_tool/help.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/report.h"
#include "enroll_tool/screens/curses_view.h"
#include "enroll_tool/screens/home_screen.h"
#include "enroll_tool/screens/plain_view.h"
#include "enroll_tool/screens/warifud_at_socket.h"
#include "enroll_tool/session.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    const std::string whole = name.data();
    return whole.substr(0, whole.find('.'));
}

// The home of who runs this, whatever the environment says.
std::string home_directory() {
    std::array<char, 16'384> buffer{};
    passwd entry{}, *found = nullptr;
    if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return "/";
    return found->pw_dir;
}

ExitCode refuse_without_terminal(const Invocation& given, Output& out) {
    constexpr const char* message = "the screens want a terminal; without one, give a command";
    if (given.has("--json")) throw Invalid("", message);
    complain(tr(message));
    out.text(command_list());
    return ExitCode::usage;
}

}  // namespace

ExitCode run_screens(const Invocation& given, Output& out) {
    auto terminal = Terminal::of_standard_input();
    if (!terminal || !out.is_terminal() || given.has("--json")) return refuse_without_terminal(given, out);
    WarifudAtSocket warifud(endpoint_of(given));
    App app({geteuid() == 0, locale_is_utf8(), host_name(), home_directory()}, std::make_unique<HomeScreen>(),
            unix_now());
    if (!given.has("--plain") && terminal_takes_screens())
        run_in_curses(app, warifud);
    else
        run_plainly(app, warifud, *terminal, out);
    return ExitCode::done;
}

}  // namespace warifu::screens
