#include "core/engine/shared_key.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/account/credentials_json.h"
#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr int shared_keys_format = 1;

[[noreturn]] void damaged() {
    throw Unavailable(
        "the record of the shared keys is damaged: restore the store from a backup, or give each person a "
        "key "
        "of their own (`warifu enroll`)");
}

void check_names(const std::vector<std::string>& names, const char* field) {
    if (names.size() > most_sharing) {
        throw Invalid(field, "takes " + std::to_string(most_sharing) + " names at most: use a group");
    }
    for (const auto& name : names) {
        if (!valid_subject_name(name)) {
            throw Invalid(field, "takes names of accounts or groups");
        }
    }
}

bool names(const std::vector<std::string>& list, std::string_view name) noexcept {
    return std::find(list.begin(), list.end(), name) != list.end();
}

json to_json(const SharedKey& key) {
    return {{"name", key.name},
            {"groups", key.groups},
            {"users", key.users},
            {"everyone", key.everyone},
            {"issuer", key.issuer},
            {"rotate", key.rotate_seconds},
            {"overlap", key.overlap_seconds},
            {"made", key.made},
            {"old_until", key.old_until},
            {"sealed", key.sealed}};
}

SharedKey from_json(const json& object) {
    SharedKey key;
    key.name = object.at("name").get<std::string>();
    key.groups = object.at("groups").get<std::vector<std::string>>();
    key.users = object.at("users").get<std::vector<std::string>>();
    key.everyone = object.at("everyone").get<bool>();
    key.issuer = object.at("issuer").get<std::string>();
    key.rotate_seconds = object.at("rotate").get<std::int64_t>();
    key.overlap_seconds = object.at("overlap").get<std::int64_t>();
    key.made = object.at("made").get<std::int64_t>();
    key.old_until = object.at("old_until").get<std::int64_t>();
    key.sealed = object.at("sealed").get<std::string>();
    check_shared_key(key);
    return key;
}

}  // namespace

void check_shared_key(const SharedKey& key) {
    if (key.name.empty() || key.name.size() > most_shared_name ||
        key.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos) {
        throw Invalid("name", "takes a name of a-z 0-9 - _ and ., at most " +
                                  std::to_string(most_shared_name) + " bytes");
    }
    check_names(key.groups, "groups");
    check_names(key.users, "users");
    if (key.groups.empty() && key.users.empty() && !key.everyone) {
        throw Invalid("groups", "says who shares the key: a group, a user, or everyone");
    }
    if (!key.issuer.empty()) {
        check_label(key.issuer);
    }
    if (key.rotate_seconds < 0 || key.rotate_seconds > most_rotate_seconds) {
        throw Invalid("rotate", "takes 0 to 3660 days");
    }
    if (key.overlap_seconds < 0 || key.overlap_seconds > most_overlap_seconds) {
        throw Invalid("overlap", "takes 0 to 90 days");
    }
    if (key.rotate_seconds != 0 && key.rotate_seconds <= key.overlap_seconds) {
        throw Invalid("rotate", "has to be longer than the overlap: nobody could keep up");
    }
}

RecordKey shared_keys_record(std::string_view realm) {
    return {RecordKind::shared_keys, std::string(realm), "all"};
}

RecordKey common_budget_record(std::string_view realm, std::string_view name) {
    return {RecordKind::common_budget, std::string(realm), std::string(name)};
}

std::string encode_shared_keys(const std::vector<SharedKey>& keys) {
    json list = json::array();
    for (const auto& key : keys) {
        list.push_back(to_json(key));
    }
    std::string document = json{{"version", shared_keys_format}, {"keys", std::move(list)}}.dump();
    // A replacement holds two generations, and has to fit whenever it comes.
    std::size_t to_come = 0;
    for (const auto& key : keys) {
        to_come += key.old_until == 0 ? json(key.sealed).dump().size() : 0;
    }
    if (keys.size() > most_shared_keys || document.size() + to_come > max_document_bytes) {
        throw Conflict("there are too many shared keys, or they name too many people: use groups");
    }
    return document;
}

std::vector<SharedKey> decode_shared_keys(std::string_view document) {
    std::vector<SharedKey> keys;
    if (document.empty()) {
        return keys;
    }
    try {
        const json object = json::parse(document);
        if (object.at("version").get<int>() > shared_keys_format) {
            throw Unavailable(
                "the record of the shared keys was written by a newer Warifu: upgrade this host");
        }
        for (const auto& entry : object.at("keys")) {
            keys.push_back(from_json(entry));
        }
    } catch (const json::exception&) {
        damaged();
    } catch (const Invalid&) {
        damaged();
    }
    if (keys.size() > most_shared_keys) {
        damaged();
    }
    return keys;
}

std::vector<std::string> group_names(const std::vector<SharedKey>& keys) {
    std::set<std::string> all;
    for (const auto& key : keys) {
        all.insert(key.groups.begin(), key.groups.end());
    }
    return {all.begin(), all.end()};
}

SharedChoice choose(const std::vector<SharedKey>& keys, std::string_view user,
                    const Memberships& groups) noexcept {
    for (const auto& key : keys) {
        if (names(key.users, user)) {
            return {&key, nullptr};
        }
    }
    for (const auto& key : keys) {
        const std::string* untold = nullptr;
        for (const auto& group : key.groups) {
            const auto found = groups.find(group);
            const Membership member = found == groups.end() ? Membership::unknown : found->second;
            if (member == Membership::yes) {
                return {&key, nullptr};
            }
            if (member != Membership::no) {
                untold = &group;
            }
        }
        if (untold != nullptr) {
            return {nullptr, untold};
        }
    }
    for (const auto& key : keys) {
        if (key.everyone) {
            return {&key, nullptr};
        }
    }
    return {};
}

Subject sealed_as(std::string_view realm, const SharedKey& key) {
    return {std::string(realm) + "+shared", key.name};
}

bool old_counts(const SharedKey& key, std::int64_t now) noexcept {
    return now < key.old_until;
}

Credentials shared_credentials(const SharedKey& key, const Subject& subject, const StoreKey* store_key,
                               std::int64_t now) {
    Credentials credentials = from_sealed_json(key.sealed, sealed_as(subject.realm, key), store_key);
    auto& generations = credentials.authenticators;
    if (generations.empty() || generations.size() > 2 || credentials.recovery) {
        damaged();
    }
    if (generations.size() == 2 && !old_counts(key, now)) {
        generations.erase(generations.begin());
    }
    credentials.subject = subject;
    return credentials;
}

bool rotation_due(const SharedKey& key, std::int64_t now) noexcept {
    return key.rotate_seconds != 0 && now >= key.made && now - key.made >= key.rotate_seconds &&
           !old_counts(key, now);
}

}  // namespace warifu
