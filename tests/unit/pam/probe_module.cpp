// pam_probe.so, option by option: `set=TEXT` puts TEXT into PAM_AUTHTOK; `get` tells the application what is
// there, as PROBE=TEXT in the PAM environment; `record=FILE` appends a line to FILE, the state of the
// process; `say` sends a line to syslog.
#define PAM_SM_AUTH
#include <security/pam_appl.h>
#include <security/pam_modules.h>
#include <syslog.h>

#include <fstream>
#include <string>
#include <string_view>

#include "tests/unit/pam/process_state.h"

namespace {

void record(const char* file) {
    std::string const line = warifu::testing_support::process_state().dump() + "\n";
    std::ofstream(file, std::ios::app) << line << std::flush;
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh, int, int argc,
                                                               const char** argv) {
    for (int i = 0; i < argc; ++i) {
        std::string_view const option = argv[i];
        if (option.starts_with("set=")) pam_set_item(pamh, PAM_AUTHTOK, argv[i] + 4);
        if (option.starts_with("record=")) record(argv[i] + 7);
        if (option == "say") syslog(LOG_INFO, "the probe's line");
        const void* password = nullptr;
        if (option == "get" && pam_get_item(pamh, PAM_AUTHTOK, &password) == PAM_SUCCESS &&
            password != nullptr)
            pam_putenv(pamh, (std::string("PROBE=") + static_cast<const char*>(password)).c_str());
    }
    return PAM_IGNORE;
}

__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
    return PAM_IGNORE;
}
}
