// What identity answers, for the names test to read: `identity_probe name NAME`, `uid UID`, `member NAME
// GROUP`.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "nss_helper/identity/identity.h"

namespace {

void print(const std::optional<warifu::Identity>& who) {
    if (who) {
        std::printf("%s %u %u %s\n", who->name.c_str(), who->uid, who->gid, who->home.c_str());
    } else {
        std::printf("nobody\n");
    }
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count == 3 && std::strcmp(arguments[1], "name") == 0) {
            print(warifu::find_by_name(arguments[2]));
        } else if (count == 3 && std::strcmp(arguments[1], "uid") == 0) {
            print(warifu::find_by_uid(static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10))));
        } else if (count == 4 && std::strcmp(arguments[1], "member") == 0) {
            const auto who = warifu::find_by_name(arguments[2]);
            std::printf(who && warifu::in_group(*who, arguments[3]) ? "member\n" : "no member\n");
        } else {
            return 2;
        }
    } catch (const std::system_error& error) {
        std::printf("error %d\n", error.code().value());
    }
    return 0;
}
