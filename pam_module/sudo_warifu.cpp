// sudo_warifu.so: what sudo calls (sudo_plugin(5), "Approval plugin API") for each command that its policy
// has let pass, and for nothing else. No thread is started; what is kept from one call to the next is this
// plugin's own.
#include <sudo_plugin.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "pam_module/approval.h"
#include "pam_module/options.h"
#include "pam_module/printable.h"

namespace warifu::sudo {
namespace {

// From open to close.
struct Plugin {
    sudo_conv_t conversation;
    char* const* user_info;
    char* const* submit_argv;
    int submit_optind;
    pam::Options options;
    Reason reason;
};
Plugin plugin;

bool starts_with(const char* option, const char* name) noexcept {
    return std::strncmp(option, name, std::strlen(name)) == 0;
}

// Of the module's options those that say where warifud is.
bool known(const char* option) noexcept {
    for (const char* const name : {"socket=", "daemon=", "config="}) {
        if (starts_with(option, name)) return true;
    }
    return false;
}

// False: the reason says which is refused.
bool read_options(char* const* options) noexcept {
    for (char* const* option = options; option != nullptr && *option != nullptr; ++option) {
        pam::Refusal refusal{*option, "the plugin has no such option"};
        if (known(*option) && pam::parse_options(1, option, &plugin.options, &refusal)) continue;
        std::snprintf(plugin.reason.text, sizeof plugin.reason.text,
                      "Warifu: option %s in sudo.conf is refused: %s", pam::Printable(refusal.option).text(),
                      refusal.reason);
        return false;
    }
    return true;
}

int tell(const char** errstr, Verdict verdict) noexcept {
    *errstr = plugin.reason.text;
    show(plugin.conversation, plugin.reason.text);
    return static_cast<int>(verdict);
}

// Never 0, with which a plugin asks to be left out.
int open(unsigned int version, sudo_conv_t conversation, sudo_printf_t, char* const[],
         char* const user_info[], int submit_optind, char* const submit_argv[], char* const[],
         char* const plugin_options[], const char** errstr) noexcept {
    plugin = {conversation, user_info, submit_argv, submit_optind, {}, {}};
    if (SUDO_API_VERSION_GET_MAJOR(version) != SUDO_API_VERSION_MAJOR) {
        std::snprintf(plugin.reason.text, sizeof plugin.reason.text, "Warifu: this sudo is of another kind");
        return tell(errstr, Verdict::failed);
    }
    return read_options(plugin_options) ? 1 : tell(errstr, Verdict::failed);
}

int check(char* const command_info[], char* const run_argv[], char* const run_envp[],
          const char** errstr) noexcept {
    auto* const buffers = static_cast<ApprovalBuffers*>(std::malloc(sizeof(ApprovalBuffers)));
    if (buffers == nullptr) {
        std::snprintf(plugin.reason.text, sizeof plugin.reason.text, "Warifu: out of memory");
        return tell(errstr, Verdict::failed);
    }
    Verdict const verdict = Approval(plugin.conversation, plugin.options, buffers, &plugin.reason)
                                .run({plugin.user_info, command_info, run_argv, run_envp, plugin.submit_argv,
                                      plugin.submit_optind});
    std::free(buffers);
    return verdict == Verdict::approved ? 1 : tell(errstr, verdict);
}

int show_version(int) noexcept {
    show(plugin.conversation, "Warifu approval plugin version " WARIFU_VERSION);
    return 1;
}

void close() noexcept {
    plugin = {};
}

}  // namespace
}  // namespace warifu::sudo

extern "C" __attribute__((visibility("default"))) const approval_plugin warifu_approval;

const approval_plugin warifu_approval = {SUDO_APPROVAL_PLUGIN, SUDO_API_VERSION,
                                         warifu::sudo::open,   warifu::sudo::close,
                                         warifu::sudo::check,  warifu::sudo::show_version};
