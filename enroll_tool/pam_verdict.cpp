#include "enroll_tool/pam_verdict.h"

#include <security/_pam_types.h>

#include <algorithm>
#include <array>

#include "core/phrase/fill.h"

namespace warifu {

namespace {

// PAM could not find out, and that is nobody's wrong answer.
constexpr std::array unavailable{PAM_OPEN_ERR,   PAM_SYMBOL_ERR, PAM_SERVICE_ERR,
                                 PAM_SYSTEM_ERR, PAM_BUF_ERR,    PAM_AUTHINFO_UNAVAIL,
                                 PAM_CONV_ERR,   PAM_ABORT,      PAM_MODULE_UNKNOWN};

struct Advice {
    int code;
    const char* text;
};

constexpr std::array advice{
    Advice{PAM_AUTH_ERR,
           N_("The password or the code was not right, or a limit holds; `warifu status --user %1` tells of "
              "limits, "
              "and `journalctl -t warifud` why a code was refused.")},
    Advice{PAM_USER_UNKNOWN,
           N_("The modules do not know this account; `getent passwd %1` shows whether NSS does.")},
    Advice{PAM_PERM_DENIED, N_("No line of the stack said yes, or one said no; `warifu doctor` looks whether "
                               "the stack ends as it "
                               "should.")},
    Advice{
        PAM_AUTHINFO_UNAVAIL,
        N_("Warifu, or what knows the password, could not answer; `warifu doctor` looks for the reason, and "
           "`journalctl -t warifud` says it.")},
    Advice{PAM_SYSTEM_ERR,
           N_("pam_warifu.so could not reach warifud nor start it; `warifu doctor` looks for the reason.")},
    Advice{PAM_CONV_ERR, N_("A question was not answered; try again, and answer every one.")},
    Advice{PAM_MAXTRIES, N_("Too many answers were wrong; begin again.")},
    Advice{PAM_ACCT_EXPIRED, N_("The account has expired; `chage -l %1` shows when.")},
    Advice{PAM_NEW_AUTHTOK_REQD, N_("The password has expired; set a new one with `passwd %1`.")},
    Advice{PAM_MODULE_UNKNOWN,
           N_("A module of the stack is not installed; `warifu doctor` looks for pam_warifu.so.")},
    Advice{PAM_ABORT, N_("libpam gave up; the system's log says which line it does not understand.")},
    Advice{PAM_OPEN_ERR, N_("A module of the stack cannot be loaded; the system's log names it.")},
};

struct Reaction {
    std::string_view service;
    int code;  // any_code: all that have no row before
    const char* text;
};

constexpr int any_code = -1;
constexpr const char* sudo_asks_again =
    N_("sudo says \"Sorry, try again.\" and runs the stack again, three times in all.");
constexpr const char* sudo_gives_up = N_("sudo gives up at once.");
constexpr const char* su_gives_up = N_("su gives up at once.");
constexpr const char* login_asks_again = N_("login says \"Login incorrect\" and asks for the name again.");
constexpr const char* cockpit_failed = N_("Cockpit says that authentication failed.");

constexpr std::array reactions{
    Reaction{"sshd", PAM_MAXTRIES, N_("sshd asks no more on this connection.")},
    Reaction{"sshd", PAM_NEW_AUTHTOK_REQD, N_("sshd signs the person in and asks for a new password.")},
    Reaction{"sshd", any_code,
             N_("sshd says \"Permission denied\", and asks again as often as MaxAuthTries lets it.")},
    Reaction{"sudo", PAM_AUTH_ERR, sudo_asks_again},
    Reaction{"sudo", PAM_AUTHINFO_UNAVAIL, sudo_asks_again},
    Reaction{"sudo", PAM_MAXTRIES, sudo_asks_again},
    Reaction{"sudo", PAM_PERM_DENIED, sudo_asks_again},
    Reaction{"sudo", any_code, sudo_gives_up},
    Reaction{"su", any_code, su_gives_up},
    Reaction{"login", any_code, login_asks_again},
    Reaction{"cockpit", PAM_AUTH_ERR, cockpit_failed},
    Reaction{"cockpit", PAM_USER_UNKNOWN, cockpit_failed},
    Reaction{"cockpit", PAM_PERM_DENIED, N_("Cockpit says that access is denied.")},
    Reaction{"cockpit", PAM_AUTHINFO_UNAVAIL, N_("Cockpit says that authentication is unavailable.")},
    Reaction{"cockpit", any_code, N_("Cockpit says that there was an internal error.")},
};

// Services of one program.
std::string_view program_of(std::string_view service) noexcept {
    if (service == "sudo-i") return "sudo";
    if (service == "su-l") return "su";
    return service == "remote" ? "login" : service;
}

}  // namespace

PamVerdict verdict_of_pam(int code) noexcept {
    if (code == PAM_SUCCESS) return {"success", ExitCode::done, N_("The person gets in.")};
    if (std::ranges::find(unavailable, code) != unavailable.end())
        return {"unavailable", ExitCode::unavailable,
                N_("The person does not get in: it could not be found out.")};
    return {"denied", ExitCode::denied, N_("The person does not get in.")};
}

const char* what_the_door_does(std::string_view service, int code) noexcept {
    if (code == PAM_SUCCESS) return N_("The door opens.");
    const std::string_view program = program_of(service);
    for (const Reaction& row : reactions)
        if (row.service == program && (row.code == code || row.code == any_code)) return row.text;
    return N_("What happens next is the program's choice; most refuse, and many ask again.");
}

const char* what_to_do(int code) noexcept {
    const auto found = std::ranges::find(advice, code, &Advice::code);
    return found == advice.end() ? nullptr : found->text;
}

}  // namespace warifu
