// A client that is known by a key instead of a uid: the same kind of record, with the hash of the key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/approval/token.h"
#include "core/engine/engine.h"

namespace warifu {

inline constexpr std::string_view scope_ask = "ask", scope_policy = "policy";
inline constexpr std::size_t key_id_characters = 8, key_secret_characters = 32;

// a-z 0-9 - _ and ., at most 64 bytes; not that of the decoys.
bool valid_realm(std::string_view realm) noexcept;

struct ApiKey {
    std::string id, name, realm;
    std::vector<std::string> scopes;
    TokenHash hash{};
    std::int64_t created = 0;
    std::uint32_t by = 0;
    bool may(std::string_view scope) const noexcept;
};

class ApiKeys {
  public:
    explicit ApiKeys(Engine& engine) : engine_(engine) {}

    // The key as it travels, shown once: its id and 160 random bits. Invalid for a realm or scope that is
    // none.
    Task<std::pair<ApiKey, Secret>> add(std::string name, std::string realm, std::vector<std::string> scopes,
                                        Caller caller);
    Task<bool> remove(std::string id, Caller caller);  // NotFound
    std::vector<ApiKey> all();
    // Whose key this is; NotPermitted for what is none, without a difference.
    ApiKey find(std::string_view key);

  private:
    Engine& engine_;
};

}  // namespace warifu
