#include "pam_module/start_message.h"

#include <security/pam_appl.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include "ipc/wire/json_writer.h"
#include "ipc/wire/protocol.h"
#include "pam_module/options.h"

namespace warifu::pam {
namespace {

// Bytes. Even with every byte escaped, six for one, they leave room for the options.
constexpr std::size_t most_name = 320;
constexpr std::size_t most_host = 512;
constexpr std::size_t most_short = 128;  // service, tty

constexpr char auth_info_name[] = "SSH_AUTH_INFO_0";
constexpr char device_prefix[] = "/dev/";

// Takes one line off SSH_AUTH_INFO_0 and returns its first word.
std::string_view take_method(const char** info) noexcept {
    std::size_t const line = std::strcspn(*info, "\n");
    std::string_view const method(*info, std::strcspn(*info, " \n"));
    *info += line;
    if (**info == '\n') ++*info;
    return method;
}

const char* auth_info(pam_handle_t* handle) noexcept {
    const char* const info = pam_getenv(handle, auth_info_name);
    return info == nullptr ? "" : info;
}

// "publickey password"; what does not fit is left out.
std::string_view method_words(pam_handle_t* handle, char (&out)[most_short]) noexcept {
    std::size_t used = 0;
    for (const char* info = auth_info(handle); *info != '\0';) {
        std::string_view const method = take_method(&info);
        if (method.empty()) continue;
        if (used + 1 + method.size() > sizeof out) break;
        if (used != 0) out[used++] = ' ';
        std::memcpy(out + used, method.data(), method.size());
        used += method.size();
    }
    return {out, used};
}

std::string_view text_or_empty(const char* text) noexcept {
    return text == nullptr ? "" : text;
}

// su says "/dev/pts/0", login "pts/0".
std::string_view terminal(pam_handle_t* handle) noexcept {
    const char* const tty = item_text(handle, PAM_TTY);
    if (tty == nullptr) return "";
    constexpr std::size_t length = sizeof device_prefix - 1;
    return std::strncmp(tty, device_prefix, length) == 0 ? tty + length : tty;
}

}  // namespace

const char* item_text(pam_handle_t* handle, int item) noexcept {
    const void* value = nullptr;
    return pam_get_item(handle, item, &value) == PAM_SUCCESS ? static_cast<const char*>(value) : nullptr;
}

bool ssh_method_done(pam_handle_t* handle, const char* method) noexcept {
    for (const char* info = auth_info(handle); *info != '\0';) {
        if (take_method(&info) == method) return true;
    }
    return false;
}

std::size_t write_start(const Call& call, bool single_field, char* buffer, std::size_t capacity) noexcept {
    char methods[most_short];
    wire::JsonWriter out(buffer, capacity);
    out.object();
    out.string("method", wire::method_start, sizeof wire::method_start);
    out.object("parameters");
    out.integer("protocol", wire::protocol);
    out.string("user", call.user, most_name);
    out.string("service", text_or_empty(item_text(call.handle, PAM_SERVICE)), most_short);
    out.string("rhost", text_or_empty(item_text(call.handle, PAM_RHOST)), most_host);
    out.string("tty", terminal(call.handle), most_short);
    out.string("ruser", text_or_empty(item_text(call.handle, PAM_RUSER)), most_name);
    out.integer("uid", getuid());
    out.integer("flags", call.flags);
    out.array("options");
    for (int i = 0; i < call.argc; ++i) {
        if (travels(call.argv[i])) out.string(nullptr, call.argv[i], capacity);
    }
    out.close();
    out.boolean("has_authtok", item_text(call.handle, PAM_AUTHTOK) != nullptr);
    out.boolean("single_field", single_field);
    out.string("auth_info", method_words(call.handle, methods), most_short);
    out.close();
    out.close();
    return out.finish();
}

}  // namespace warifu::pam
