#include "enroll_tool/pam_trial.h"

#include <pwd.h>
#include <security/pam_appl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "enroll_tool/doctor/checks.h"

namespace warifu {

namespace {

struct Talk {
    const PamPerson& person;
    std::vector<PamMessage>& messages;
    std::exception_ptr failure = nullptr;
};

PamMessageKind kind_of(int style) {
    switch (style) {
        case PAM_PROMPT_ECHO_ON:
            return PamMessageKind::prompt;
        case PAM_ERROR_MSG:
            return PamMessageKind::error;
        case PAM_TEXT_INFO:
            return PamMessageKind::info;
        default:
            return PamMessageKind::hidden_prompt;
    }
}

// The caller, libpam's module, wipes and frees them (pam_conv(3)).
void drop(pam_response* responses, int count) noexcept {
    for (int i = 0; i < count; ++i) {
        if (responses[i].resp == nullptr) continue;
        explicit_bzero(responses[i].resp, std::strlen(responses[i].resp));
        std::free(responses[i].resp);
    }
    std::free(responses);
}

bool answer(const pam_message& asked, pam_response& response, Talk& talk) {
    const PamMessage message{kind_of(asked.msg_style), asked.msg == nullptr ? "" : asked.msg};
    talk.messages.push_back(message);
    const std::optional<Secret> line = talk.person(message);
    if (message.kind == PamMessageKind::info || message.kind == PamMessageKind::error) return true;
    if (!line) return false;
    response.resp = line->empty() ? strdup("") : strndup(line->text().data(), line->size());
    return response.resp != nullptr;
}

int converse(int count, const pam_message** messages, pam_response** responses, void* data) noexcept {
    auto& talk = *static_cast<Talk*>(data);
    if (count < 1 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
    auto* const all =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (all == nullptr) return PAM_BUF_ERR;
    try {
        for (int i = 0; i < count; ++i) {
            if (answer(*messages[i], all[i], talk)) continue;
            drop(all, count);
            return PAM_CONV_ERR;
        }
    } catch (...) {
        talk.failure = std::current_exception();
        drop(all, count);
        return PAM_CONV_ERR;
    }
    *responses = all;
    return PAM_SUCCESS;
}

// A trial is no door: whoever tries may try again at once.
void do_not_wait(int, unsigned, void*) noexcept {}

class Handle {
  public:
    Handle(const std::string& service, const std::string& user, Talk& talk) : conversation_{converse, &talk} {
        code = pam_start(service.c_str(), user.c_str(), &conversation_, &handle_);
        if (code != PAM_SUCCESS) return;
        void (*const delay)(int, unsigned, void*) = do_not_wait;
        pam_set_item(handle_, PAM_FAIL_DELAY, reinterpret_cast<const void*>(delay));
        if (const char* terminal = ttyname(STDIN_FILENO)) pam_set_item(handle_, PAM_TTY, terminal);
        if (const passwd* caller = getpwuid(getuid())) pam_set_item(handle_, PAM_RUSER, caller->pw_name);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (handle_ != nullptr) pam_end(handle_, code);
    }
    operator pam_handle_t*() const noexcept { return handle_; }

    int code = PAM_SYSTEM_ERR;

  private:
    pam_conv conversation_;
    pam_handle_t* handle_ = nullptr;
};

struct Named {
    int code;
    const char* name;
};

#define WARIFU_NAMED(code) {code, #code}
constexpr std::array names{Named WARIFU_NAMED(PAM_SUCCESS),
                           Named WARIFU_NAMED(PAM_OPEN_ERR),
                           Named WARIFU_NAMED(PAM_SYMBOL_ERR),
                           Named WARIFU_NAMED(PAM_SERVICE_ERR),
                           Named WARIFU_NAMED(PAM_SYSTEM_ERR),
                           Named WARIFU_NAMED(PAM_BUF_ERR),
                           Named WARIFU_NAMED(PAM_PERM_DENIED),
                           Named WARIFU_NAMED(PAM_AUTH_ERR),
                           Named WARIFU_NAMED(PAM_CRED_INSUFFICIENT),
                           Named WARIFU_NAMED(PAM_AUTHINFO_UNAVAIL),
                           Named WARIFU_NAMED(PAM_USER_UNKNOWN),
                           Named WARIFU_NAMED(PAM_MAXTRIES),
                           Named WARIFU_NAMED(PAM_NEW_AUTHTOK_REQD),
                           Named WARIFU_NAMED(PAM_ACCT_EXPIRED),
                           Named WARIFU_NAMED(PAM_CONV_ERR),
                           Named WARIFU_NAMED(PAM_IGNORE),
                           Named WARIFU_NAMED(PAM_ABORT),
                           Named WARIFU_NAMED(PAM_MODULE_UNKNOWN),
                           Named WARIFU_NAMED(PAM_AUTHTOK_ERR),
                           Named WARIFU_NAMED(PAM_AUTHTOK_EXPIRED)};
#undef WARIFU_NAMED

}  // namespace

bool has_pam_service(std::string_view service) {
    std::string name(service);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name.empty() || name.starts_with('.') || name.find('/') != name.npos) return false;
    return std::ranges::any_of(doctor::pam_directories, [&name](const char* directory) {
        struct stat status{};
        return stat((directory + name).c_str(), &status) == 0 && S_ISREG(status.st_mode);
    });
}

PamTrial try_pam(const std::string& service, const std::string& user, const PamPerson& person) {
    PamTrial trial;
    Talk talk{person, trial.messages};
    {
        Handle handle(service, user, talk);
        if (handle.code == PAM_SUCCESS) handle.code = pam_authenticate(handle, 0);
        trial.authenticated = handle.code == PAM_SUCCESS;
        if (trial.authenticated) handle.code = pam_acct_mgmt(handle, 0);
        trial.code = handle.code;
    }
    if (talk.failure) std::rethrow_exception(talk.failure);
    return trial;
}

std::string name_of_pam_code(int code) {
    const auto found = std::ranges::find(names, code, &Named::code);
    return found == names.end() ? std::to_string(code) : found->name;
}

}  // namespace warifu
