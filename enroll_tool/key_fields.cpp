#include "enroll_tool/key_fields.h"

#include <algorithm>

#include "enroll_tool/key_details.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t group_size = 4;

std::string in_groups(std::string_view key) {
    std::string groups;
    groups.reserve(key.size() + key.size() / group_size);
    while (!key.empty()) {
        groups.append(groups.empty() ? "" : " ").append(key.substr(0, group_size));
        key.remove_prefix(std::min(group_size, key.size()));
    }
    return groups;
}

std::string describe_type(const KeyDetails& details) {
    if (details.type == "hotp")
        return fill(tr("HOTP, %1 digits, counter %2, %3"),
                    {details.digits, details.counter, details.algorithm});
    return fill(tr("TOTP, %1 digits, every %2 seconds, %3"),
                {details.digits, details.period, details.algorithm});
}

}  // namespace

KeyFields read_key_fields(const ipc::Reply& key) {
    const KeyDetails details = read_key_details(key.text("uri"));
    return {details.issuer, details.account, in_groups(key.text("secret")), describe_type(details),
            std::string(key.text("label"))};
}

}  // namespace warifu
