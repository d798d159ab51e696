// What NSS says of a login name: altogether, as every program on the host is told, and each name service by
// itself. A name service is other people's code and may ask a network: each question is asked by a child of
// its own, so that one that hangs, crashes or leaves something behind does nothing to the next.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace warifu {

inline constexpr std::chrono::seconds name_service_patience{20};

enum class Standing : std::uint8_t {
    found,
    nobody,       // it answered that there is nobody of that name
    unavailable,  // it did not answer
    missing,      // there is no such name service on this host
};

struct Person {
    std::string name;  // as NSS spells it, which may differ from what was asked
    std::uint32_t uid = 0, gid = 0;
    std::string home, shell;

    bool operator==(const Person&) const = default;
};

struct NameAnswer {
    Standing standing = Standing::unavailable;
    Person person;                          // where found
    std::chrono::microseconds took{0};      // the first question of a process, as a sign-in asks it
    std::string error;                      // where unavailable: errno's text, in English
    std::optional<std::string> uids_owner;  // altogether alone: the name that NSS gives for the uid
    std::vector<std::string> groups;        // altogether alone: names, or gids that have none
    std::chrono::microseconds groups_took{0};
};

NameAnswer ask_nss(const std::string& name);
NameAnswer ask_name_service(const std::string& service, const std::string& name);

}  // namespace warifu
