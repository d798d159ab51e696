// pam_probe.so: `set=TEXT` puts TEXT into PAM_AUTHTOK; `get` tells the application what is there, as
// PROBE=TEXT in the PAM environment.
#define PAM_SM_AUTH
#include <security/pam_appl.h>
#include <security/pam_modules.h>

#include <string>
#include <string_view>

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh, int, int argc,
                                                               const char** argv) {
    for (int i = 0; i < argc; ++i) {
        std::string_view const option = argv[i];
        if (option.starts_with("set=")) pam_set_item(pamh, PAM_AUTHTOK, argv[i] + 4);
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
