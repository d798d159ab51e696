// A client: a program that is not root's and may ask about other people than itself, because root said so.
// One kind of record, (client, realm, name), holds what speaks (a local uid; the name "uid:33"), in which
// realm it speaks and what it may do there (its scopes). A kind of record for what speaks by an API key fits
// beside it: another "kind" and a name "key:ID".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/store.h"

namespace warifu {

inline constexpr std::size_t most_clients = 256;  // of one realm

// What clients may be let do. verify: run sign-ins, for anybody of the realm.
inline constexpr std::string_view scope_verify = "verify";
inline constexpr std::string_view host_realm = "host";

struct Client {
    std::uint32_t uid = 0;
    std::string account;  // the login name that NSS gave for the uid when root added it
    std::string realm;
    std::vector<std::string> scopes;  // sorted, none twice
    std::int64_t created = 0;         // Unix seconds
    std::uint32_t by = 0;             // who added it
    bool may(std::string_view scope) const noexcept;
};

// "uid:33"
std::string client_name(std::uint32_t uid);
RecordKey client_key(std::string_view realm, std::uint32_t uid);

// Throws Invalid("scopes") for none and for those that do not exist; sorted, none twice.
std::vector<std::string> checked_scopes(std::vector<std::string> scopes);

std::string encode_client(const Client& client);
// Throws Unavailable for a document that is damaged, another client's, or a newer Warifu's.
Client decode_client(std::string_view document, std::string_view realm, std::uint32_t uid);

}  // namespace warifu
