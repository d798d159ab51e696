// pam_warifu.so: what libpam calls. Nothing is kept between calls, no thread is started, and of the host's
// process nothing is changed.
#define PAM_SM_AUTH
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "pam_module/options.h"
#include "pam_module/outcome.h"
#include "pam_module/printable.h"
#include "pam_module/pump.h"
#include "pam_module/start_message.h"

namespace warifu::pam {
namespace {

constexpr char ssh_service[] = "sshd";

// completed=METHOD: asks nobody. Success, for a stack that then jumps over the password, only where sshd
// itself says that the method is done; any other host's SSH_AUTH_INFO_0 may be anybody's.
Outcome check_completed(const Call& call, const char* method) noexcept {
    const char* const service = item_text(call.handle, PAM_SERVICE);
    bool const from_sshd = geteuid() == 0 && service != nullptr && std::strcmp(service, ssh_service) == 0;
    if (!from_sshd) {
        pam_syslog(call.handle, LOG_WARNING, "completed=%s counts only in service sshd, run by root", method);
        return Outcome::ignored;
    }
    return ssh_method_done(call.handle, method) ? Outcome::success : Outcome::ignored;
}

Outcome run_pump(const Call& call, const Options& options) noexcept {
    auto* const buffers = static_cast<Buffers*>(std::malloc(sizeof(Buffers)));
    if (buffers == nullptr) {
        pam_syslog(call.handle, LOG_CRIT, "out of memory");
        return Outcome::module_failed;
    }
    Outcome const outcome = Pump(call, options, buffers).run();
    explicit_bzero(buffers, sizeof *buffers);
    std::free(buffers);
    return outcome;
}

Outcome authenticate(pam_handle_t* handle, int flags, int argc, const char** argv) noexcept {
    Options options;
    Refusal refusal;
    if (!parse_options(argc, argv, &options, &refusal)) {
        pam_syslog(handle, LOG_ERR, "option %s is refused: %s", Printable(refusal.option).text(),
                   refusal.reason);
        return Outcome::denied;
    }
    Call call{handle, flags, argc, argv, nullptr};
    if (options.completed != nullptr) return check_completed(call, options.completed);
    if (pam_get_user(handle, &call.user, nullptr) != PAM_SUCCESS || call.user == nullptr)
        return Outcome::conversation_failed;
    return run_pump(call, options);
}

}  // namespace
}  // namespace warifu::pam

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh, int flags, int argc,
                                                               const char** argv) {
    return warifu::pam::pam_code(warifu::pam::authenticate(pamh, flags, argc, argv));
}

// A second factor leaves no credentials to set.
__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
    return PAM_SUCCESS;
}
}
