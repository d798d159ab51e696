#include "pam_module/options.h"

#include <cstddef>
#include <cstring>

namespace warifu::pam {
namespace {

constexpr char must_be_absolute[] = "its value must be an absolute path";

struct Refused {
    const char* name;
    const char* reason;
};

// Options of pam_google_authenticator that loosen a check which is never loosened here.
constexpr Refused refused[] = {
    {"allow_readonly", "a code that cannot be recorded as used could be used again"},
    {"no_strict_owner", "a file that somebody else owns is somebody else's key"},
    {"allowed_perm=", "a secret that others can read is none: give the file mode 0600"},
};

bool starts_with(const char* option, const char* name) noexcept {
    return std::strncmp(option, name, std::strlen(name)) == 0;
}

// The value of NAME=VALUE, or null.
const char* value_of(const char* option, const char* name) noexcept {
    return starts_with(option, name) ? option + std::strlen(name) : nullptr;
}

bool is(const char* option, const char* name) noexcept {
    return std::strcmp(option, name) == 0;
}

bool method_name(const char* value) noexcept {
    return *value != '\0' && value[std::strspn(value, "abcdefghijklmnopqrstuvwxyz-")] == '\0';
}

const char* refuse_by_name(const char* option) noexcept {
    for (const Refused& entry : refused) {
        bool const takes_value = entry.name[std::strlen(entry.name) - 1] == '=';
        if (takes_value ? starts_with(option, entry.name) : is(option, entry.name)) return entry.reason;
    }
    return nullptr;
}

struct PathOption {
    const char* name;
    const char* Options::* field;
};
constexpr PathOption path_options[] = {
    {"socket=", &Options::socket},
    {"config=", &Options::config},
    {"daemon=", &Options::daemon},
};

struct Word {
    const char* name;
    void (*apply)(Options*);
};
constexpr Word words[] = {
    {"try_first_pass", [](Options* o) { o->first_pass = FirstPass::attempt; }},
    {"use_first_pass", [](Options* o) { o->first_pass = FirstPass::only; }},
    {"forward_pass", [](Options* o) { o->forward_pass = true; }},
    {"echo_verification_code", [](Options* o) { o->echo = true; }},
    {"echo-verification-code", [](Options* o) { o->echo = true; }},  // the Google module takes both
};

// Takes an option that stays here. True: taken; *reason is set where its value is refused.
bool take(const char* option, Options* options, const char** reason) noexcept {
    for (const PathOption& entry : path_options) {
        const char* const value = value_of(option, entry.name);
        if (value == nullptr) continue;
        if (*value != '/') *reason = must_be_absolute;
        options->*entry.field = value;
        return true;
    }
    for (const Word& word : words) {
        if (!is(option, word.name)) continue;
        word.apply(options);
        return true;
    }
    if (const char* const value = value_of(option, "authtok_prompt=")) {
        options->prompt = value;
        return true;
    }
    if (const char* const value = value_of(option, "completed=")) {
        if (!method_name(value))
            *reason = "its value must be an SSH authentication method, as in completed=publickey";
        options->completed = value;
        return true;
    }
    return false;
}

}  // namespace

bool parse_options(int argc, const char* const* argv, Options* options, Refusal* refusal) noexcept {
    for (int i = 0; i < argc; ++i) {
        const char* reason = refuse_by_name(argv[i]);
        if (reason == nullptr && !take(argv[i], options, &reason) && is(argv[i], "debug"))
            options->debug = true;
        if (reason == nullptr) continue;
        *refusal = {argv[i], reason};
        return false;
    }
    return true;
}

bool travels(const char* option) noexcept {
    Options ignored;
    const char* reason = nullptr;
    return !take(option, &ignored, &reason);
}

}  // namespace warifu::pam
