// A name service for the names test, in the place of SSSD: it knows one person, under several names and in
// any case, and answers with the canonical one.
#include <nss.h>
#include <pwd.h>
#include <strings.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace {

constexpr uid_t uid = 3'000'000'000;  // above 2^31
constexpr std::array<std::string_view, 4> names = {"alice@example.org", "alice", "EXAMPLE\\alice", "al"};

bool is_a_name(const char* asked) {
    for (const auto name : names) {
        if (std::strlen(asked) == name.size() && ::strncasecmp(asked, name.data(), name.size()) == 0) {
            return true;
        }
    }
    return false;
}

// Copies `text` into the buffer that NSS gives; nullptr when it is too small.
char* put(std::string_view text, char*& buffer, size_t& left) {
    if (left < text.size() + 1) {
        return nullptr;
    }
    char* const start = buffer;
    std::memcpy(start, text.data(), text.size());
    start[text.size()] = '\0';
    buffer += text.size() + 1;
    left -= text.size() + 1;
    return start;
}

nss_status fill(passwd* entry, char* buffer, size_t left, int* error) {
    // As large as a directory's entry can be: the buffer has to grow for it.
    static char comment[5000];
    std::memset(comment, 'x', sizeof comment - 1);
    entry->pw_uid = uid;
    entry->pw_gid = uid;
    entry->pw_name = put(names[0], buffer, left);
    entry->pw_passwd = put("*", buffer, left);
    entry->pw_gecos = put(comment, buffer, left);
    entry->pw_dir = put("/srv/people/a/alice", buffer, left);
    entry->pw_shell = put("/bin/sh", buffer, left);
    if (entry->pw_shell == nullptr || entry->pw_gecos == nullptr) {
        *error = ERANGE;
        return NSS_STATUS_TRYAGAIN;
    }
    return NSS_STATUS_SUCCESS;
}

nss_status not_found(int* error) {
    *error = ENOENT;
    return NSS_STATUS_NOTFOUND;
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED nss_status _nss_directory_getpwnam_r(const char* name, passwd* entry, char* buffer, size_t size,
                                              int* error) {
    return is_a_name(name) ? fill(entry, buffer, size, error) : not_found(error);
}

EXPORTED nss_status _nss_directory_getpwuid_r(uid_t asked, passwd* entry, char* buffer, size_t size,
                                              int* error) {
    return asked == uid ? fill(entry, buffer, size, error) : not_found(error);
}
