// What the screens ask of warifud. user: a login name; empty means the caller's own. Everything here waits
// for the reply, and throws what ipc/client throws.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret/secret.h"

namespace warifu::screens {

// What was typed, kept by whoever still needs it.
using SharedSecret = std::shared_ptr<const Secret>;

struct Device {
    std::string id, label, kind, algorithm;
    std::int64_t digits = 6, period = 30;
    bool active = true;
    std::optional<std::int64_t> last_used;
};

struct Seen {  // from where something was done, and when
    std::string source;
    std::int64_t at = 0;
};

struct Account {
    std::string user, state;
    std::vector<Device> devices;
    std::int64_t recovery_codes_left = 0, failures = 0;
    std::optional<std::int64_t> limited_until;
    std::vector<std::string> notes;
    bool shared = false;         // it signs in with a key that is not its own
    std::vector<Seen> sign_ins;  // the last ones; empty where warifud does not tell
    std::string support;         // the operator's own line; empty where there is none
};

struct NewDevice {
    std::string label, kind;  // kind: "totp", "hotp"
    SharedSecret key;         // base32: an existing one
};

struct OtpKey {
    std::string authenticator, label;
    Secret secret, uri;
    std::vector<Seen> others;  // offers made from elsewhere in the last day
};

struct Confirmed {
    std::string label;
    std::vector<Secret> recovery_codes;  // the account's first ones
    std::int64_t clock_off = 0;          // seconds
};

struct Checked {
    std::string verdict, reason, authenticator;
    std::optional<std::int64_t> retry_after;
};

struct AccountLine {
    std::string user, state;
    std::int64_t authenticators = 0, recovery_codes_left = 0;
    std::optional<std::int64_t> last_used;
};

struct AccountList {
    std::vector<AccountLine> accounts;
    std::string cursor;  // empty: these were the last
};

struct Nothing {};  // the result of what gives none

class Warifud {
  public:
    virtual ~Warifud() = default;

    virtual Account status(const std::string& user) = 0;
    virtual Nothing prove(const std::string& user, const Secret& code) = 0;
    virtual OtpKey enroll(const std::string& user, const NewDevice& device) = 0;
    virtual Confirmed confirm(const std::string& user, const std::string& id, const Secret& code) = 0;
    virtual Checked verify(const std::string& user, const Secret& code) = 0;
    virtual OtpKey show(const std::string& user, const std::string& id) = 0;
    virtual Nothing rename(const std::string& user, const std::string& id, const std::string& label) = 0;
    virtual Nothing remove(const std::string& user, const std::string& id) = 0;
    virtual Nothing resync(const std::string& user, const std::string& id, const Secret& first,
                           const Secret& second) = 0;
    virtual std::vector<Secret> regenerate_codes(const std::string& user) = 0;

    // For administrators.
    virtual AccountList list(const std::string& search, const std::string& state,
                             const std::string& cursor) = 0;
    virtual Nothing reset(const std::string& user) = 0;
    virtual Nothing unlock(const std::string& user) = 0;
    virtual Nothing suspend(const std::string& user) = 0;
    virtual Nothing resume(const std::string& user) = 0;
    virtual Nothing require(const std::string& user) = 0;
};

}  // namespace warifu::screens
