#include "pam_module/action_message.h"

#include <limits.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "ipc/wire/json_writer.h"
#include "ipc/wire/protocol.h"

namespace warifu::sudo {
namespace {

// Bytes.
constexpr std::size_t most_name = 320;
constexpr std::size_t most_tty = 128;
constexpr std::size_t most_run_as = 2 * most_name;

constexpr char service[] = "sudo";
constexpr char device_prefix[] = "/dev/";

// The value of NAME=VALUE; null where there is none.
const char* value_of(char* const* list, const char* name) noexcept {
    std::size_t const length = std::strlen(name);
    for (char* const* entry = list; entry != nullptr && *entry != nullptr; ++entry) {
        if (std::strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') return *entry + length + 1;
    }
    return nullptr;
}

std::string_view text_of(char* const* list, const char* name) noexcept {
    const char* const value = value_of(list, name);
    return value == nullptr ? "" : value;
}

bool is_true(char* const* list, const char* name) noexcept {
    return text_of(list, name) == "true";
}

// Digits alone: what strtoll takes for 0 would be root.
bool is_number(const char* text) noexcept {
    return text != nullptr && *text != '\0' && text[std::strspn(text, "0123456789")] == '\0';
}

// (starts_with would want the C++ runtime where the optimiser does not see that it cannot throw.)
std::string_view terminal(char* const* user_info) noexcept {
    std::string_view tty = text_of(user_info, "tty");
    std::size_t const prefix = sizeof device_prefix - 1;
    if (tty.size() >= prefix && std::memcmp(tty.data(), device_prefix, prefix) == 0)
        tty.remove_prefix(prefix);
    return tty;
}

// "root", or "root:adm" where another group than the user's own was asked for. What does not fit is still
// longer than JSON will take, and so is seen to be cut.
const char* run_as(char* const* command_info, char (&out)[most_run_as + 2]) noexcept {
    const char* const user = value_of(command_info, "runas_user");
    const char* const group = value_of(command_info, "runas_group");
    std::snprintf(out, sizeof out, group == nullptr ? "%s" : "%s:%s", user, group);
    return out;
}

// Where the command will run.
std::string_view directory(const Action& action) noexcept {
    std::string_view const own = text_of(action.command_info, "cwd");
    return own.empty() ? text_of(action.user_info, "cwd") : own;
}

std::size_t count_of(char* const* words) noexcept {
    std::size_t count = 0;
    while (words[count] != nullptr) ++count;
    return count;
}

// The place of the first file among the words that sudoedit was resolved to; 0 where sudo does not tell how
// many files there are, so that everything is shown.
std::size_t first_file(const Action& action, std::size_t words) noexcept {
    const char* const told = value_of(action.command_info, "sudoedit_nfiles");
    std::size_t const files = is_number(told) ? std::strtoul(told, nullptr, 10) : words;
    return files <= words ? words - files : 0;
}

bool holds(char* const* words, const char* word) noexcept {
    for (; *words != nullptr; ++words) {
        if (std::strcmp(*words, word) == 0) return true;
    }
    return false;
}

// NAME=VALUE, typed where sudo takes it for a variable, and found again in what the command is given. (What
// an option took for its value is none of them, unless the command is given the very same.)
bool is_variable(const Action& action, const char* word) noexcept {
    return word[0] != '-' && word[0] != '/' && std::strchr(word, '=') != nullptr &&
           holds(action.run_envp, word);
}

void write_variables(const Action& action, wire::JsonWriter* out, std::size_t most) noexcept {
    if (action.submit_argv == nullptr || action.run_envp == nullptr) return;
    bool first = true;
    for (int i = 1; i < action.submit_optind && action.submit_argv[i] != nullptr; ++i) {
        if (!is_variable(action, action.submit_argv[i])) continue;
        if (first) out->string(nullptr, "env", most);
        first = false;
        out->string(nullptr, action.submit_argv[i], most);
    }
}

void write_words(const Action& action, wire::JsonWriter* out, std::size_t most) noexcept {
    write_variables(action, out, most);
    std::size_t const words = count_of(action.run_argv);
    std::size_t from = 1;
    if (const char* const root = value_of(action.command_info, "chroot")) {
        out->string(nullptr, "chroot", most);
        out->string(nullptr, root, most);
    }
    if (is_true(action.command_info, "sudoedit")) {
        out->string(nullptr, "sudoedit", most);
        from = first_file(action, words);
    } else {
        out->string(nullptr, text_of(action.command_info, "command"), most);
    }
    for (std::size_t i = from; i < words; ++i) out->string(nullptr, action.run_argv[i], most);
}

}  // namespace

bool Action::complete() const noexcept {
    return value_of(user_info, "user") != nullptr && is_number(value_of(user_info, "uid")) &&
           value_of(command_info, "command") != nullptr && value_of(command_info, "runas_user") != nullptr &&
           run_argv != nullptr && run_argv[0] != nullptr;
}

std::size_t write_start_action(const Action& action, char* buffer, std::size_t capacity) noexcept {
    char as[most_run_as + 2];
    wire::JsonWriter out(buffer, capacity);
    out.object();
    out.string("method", wire::method_start_action, capacity);
    out.object("parameters");
    out.integer("protocol", wire::protocol);
    out.string("user", text_of(action.user_info, "user"), most_name);
    out.string("service", service, sizeof service);
    out.string("tty", terminal(action.user_info), most_tty);
    out.integer("uid", std::strtoll(value_of(action.user_info, "uid"), nullptr, 10));
    out.string("run_as", run_as(action.command_info, as), most_run_as);
    out.string("directory", directory(action), PATH_MAX);
    out.array("argv");
    write_words(action, &out, capacity);
    out.close();
    out.close();
    out.close();
    return out.finish();
}

}  // namespace warifu::sudo
