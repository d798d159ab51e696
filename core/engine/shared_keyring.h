// The shared keys of a realm, as an administrator makes, replaces and removes them.
//
// Errors of all calls, out of co_await: Invalid, NotFound, Conflict, NotPermitted and Unavailable.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/shared_key.h"

namespace warifu {

// What is to be; nullopt: as it is.
struct SharedKeyChange {
    std::optional<std::vector<std::string>> groups, users;
    std::optional<bool> everyone;
    std::optional<std::string> issuer;
    std::optional<std::int64_t> rotate_seconds, overlap_seconds;
};

// The newest generation, to be handed out.
struct HandedOut {
    SharedKey key;
    Enrolled generation;
};

// When newcomers may try again; 0: now.
struct SharedKeyStatus {
    SharedKey key;
    std::int64_t newcomers_wait_until = 0;
};

class SharedKeyring {
  public:
    explicit SharedKeyring(Engine& engine) : engine_(engine) {}

    std::vector<SharedKeyStatus> list(const std::string& realm);  // throws Unavailable
    Task<HandedOut> add(std::string realm, std::string name, SharedKeyChange change, Caller caller);
    Task<SharedKey> change(std::string realm, std::string name, SharedKeyChange change, Caller caller);
    Task<HandedOut> show(std::string realm, std::string name, Caller caller);
    // The next generation. The one before counts for the overlap, or `at_once` no more; while one before
    // already runs out, only `at_once`.
    Task<HandedOut> rotate(std::string realm, std::string name, bool at_once, Caller caller);
    // All whose schedule wants it. Returns their names; throws Unavailable, once all were tried, naming those
    // that could not be replaced.
    Task<std::vector<std::string>> rotate_due(std::string realm, Caller caller);
    Task<bool> remove(std::string realm, std::string name, Caller caller);

  private:
    // The same, users under the names that NSS has, since who is let in is looked up under those; their uids
    // are theirs from now on. Throws NotFound for whom or what the host does not know.
    Task<SharedKeyChange> known(std::string realm, SharedKeyChange change);
    using Change = std::function<void(std::vector<SharedKey>&)>;
    // Applies `change` to the record until it is committed.
    Task<bool> update(std::string realm, Change change);
    Task<bool> clear_budget(std::string realm, std::string name);
    // A generation more, by itself or after the newest of `key`.
    void generate(const std::string& realm, SharedKey& key, bool at_once);
    HandedOut newest(const std::string& realm, const SharedKey& key) const;
    Task<bool> note(const std::string& realm, const SharedKey& key, std::string action, Caller caller);

    Engine& engine_;
};

}  // namespace warifu
