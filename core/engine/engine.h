// What is done to accounts: each call loads, decides with the pure parts and commits, beginning again when
// somebody else was first. Who may call what is decided before, by warifud's table of roles.
//
// Errors of the calls that return a Task: Invalid, NotFound, NotPermitted, Conflict and Unavailable, out of
// co_await. attempt() throws none of them: what goes wrong there is the verdict `unavailable`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/account/state.h"
#include "core/approval/rule.h"
#include "core/config/config.h"
#include "core/engine/client.h"
#include "core/engine/offer.h"
#include "core/engine/ports.h"
#include "core/engine/sign_in.h"
#include "core/engine/task.h"
#include "core/otp/key_uri.h"
#include "core/policy/line_options.h"
#include "core/seal/store_key.h"
#include "core/verifier/verifier.h"

namespace warifu {

inline constexpr std::size_t decoy_count = 1'024;
inline constexpr std::int64_t offer_local_seconds = 3'600, offer_remote_seconds = 600;
inline constexpr std::int64_t offer_by_admin_seconds = 30 * 86'400;
inline constexpr int offer_most_wrong = 30;  // wrong confirmations, then the offer is void
inline constexpr std::size_t most_names_of_a_uid = 64;
inline constexpr std::size_t new_secret_bytes = 20;  // RFC 4226 section 4, R6: 160 bits are recommended

struct EnrolRequest {
    Subject subject;
    Caller caller;
    std::string label;  // empty: "phone", "phone 2", …
    OtpParameters otp;
    std::string issuer;            // empty: the configured one
    std::optional<Secret> secret;  // an existing key; otherwise a new one
};

struct Enrolled {
    std::string user, authenticator, label;
    OtpParameters otp;
    bool active = false;
    Secret secret;  // base32
    Secret uri;
    std::int64_t expires = 0;
    std::vector<OfferNote> others;  // offers made from elsewhere in the last 24 hours
};

struct Confirmed {
    std::string user, authenticator, label;
    std::vector<Secret> recovery_codes;  // with the first authenticator
    std::int64_t clock_off_seconds = 0;
};

// Whether a confirmation may add to an account that has an authenticator. Refused to whoever was let enrol
// because there was none, and gave no proof: somebody else may have been first since.
enum class Addition : std::uint8_t { permitted, refused };

struct AuthenticatorStatus {
    std::string id, label;
    OtpParameters otp;
    bool active = true;
    std::int64_t created = 0, last_used = 0;
};

struct SignIn {
    std::string source;
    std::int64_t at = 0;
};

// What policy says of one sign-in.
struct DoorPolicy {
    PolicyOutcome outcome = PolicyOutcome::by_line;
    std::size_t rule_line = 0;             // of the configuration file; 0: no rule fitted
    std::optional<Date> announced;         // from this day on the unenrolled will not pass any more
    bool required = false;                 // an administrator wants this account enrolled
    bool after_reset = false;              // an administrator reset this account a short while ago
    std::optional<ApprovalRule> approval;  // who has to approve
    bool suspended = false;
    std::string turned;         // the switch that decided: second_factor, unregistered; empty: none did
    bool approval_sure = true;  // false: a group could not be told, and the rule may not be the one
    // An administrator wants it: so nobody has to permit people to enrol themselves.
    bool called_for() const noexcept { return required || after_reset; }
};

struct Status {
    std::string user;
    // none, pending, active, suspended, missing (credentials were seen and are gone), in lists unavailable
    std::string state;
    std::string source;      // central, home, text, google-authenticator, shared; empty: none
    std::string shared_key;  // with shared: its name
    std::vector<AuthenticatorStatus> authenticators;
    std::size_t recovery_codes_left = 0;
    std::uint32_t failures = 0;
    std::int64_t limited_until = 0;  // for an unknown source
    std::size_t remembered = 0;
    std::int64_t last_used = 0;
    std::vector<SignIn> sign_ins;    // the last one from each known address, newest first
    std::uint32_t resets = 0;        // how often the account was reset: what was proved before counts no more
    bool required = false;           // an administrator wants this account enrolled
    bool after_reset = false;        // an administrator reset this account a short while ago
    std::vector<std::string> notes;  // one line each, for an administrator
};

struct Page {
    std::vector<Status> accounts;
    std::string cursor;  // empty: that was all
};

struct ListRequest {
    std::string search, state;
    std::optional<std::int64_t> unused_for;  // seconds
    std::size_t limit = 100;                 // 1 to 1,000
    std::string cursor;
};

// Where a subject's credentials are, and what they are. Warifu writes central and home alone.
struct Holding {
    Found found = Found::unavailable;
    SourceKind kind = SourceKind::central;
    Credentials credentials;
    std::uint64_t version = 0;  // central
    std::string reason;
    // Where find_or_shared() looked:
    bool sharing = false;               // some key of the realm is shared, by whomever
    std::uint64_t sharing_version = 0;  // of the record that says so
    std::optional<std::uint32_t> uid;   // of whoever may share one, in realm host
    std::string shared_key;             // the credentials are this one's; empty: the subject's own
    std::int64_t replaced_from = 0;     // from then on its newest generation alone counts; 0: there is one
};

class Engine {
  public:
    // `key` may be null: the store's key is lost, and only recovery codes work. All three outlive the engine;
    // `config` may be replaced under it between calls (reload).
    Engine(const Config& config, const StoreKey* key, Ports& ports)
        : config_(&config), key_(key), ports_(ports) {}
    void use(const Config& config) noexcept { config_ = &config; }
    const Config& config() const noexcept { return *config_; }
    Ports& ports() noexcept { return ports_; }

    Task<AttemptResult> attempt(AttemptRequest request);
    // Whether nobody but policy stands in the way: the name resolves, every source answered, nothing was ever
    // seen of this subject, and nobody enrolled has its uid. Throws Unavailable where that cannot be told.
    Task<bool> surely_not_enrolled(Subject subject, PersonAnswer person, KeyFilePlace key_file = {});
    // What policy, and the account's own switches, say of this sign-in: the same work for every name. Throws
    // Unavailable.
    Task<DoorPolicy> policy_for(Subject subject, Caller caller, PersonAnswer person);
    // Whether a sign-in at this service from exactly this place, with the credentials of now, is remembered
    // and at most `seconds` old. Throws Unavailable.
    Task<bool> remembered(Subject subject, Caller caller, std::uint32_t seconds, KeyFilePlace key_file = {});

    Task<Enrolled> enroll(EnrolRequest request);
    Task<Confirmed> confirm(Subject subject, Caller caller, std::string authenticator, Answer code,
                            Addition addition);
    Task<Status> status(Subject subject);
    Task<std::vector<Secret>> regenerate_codes(Subject subject, Caller caller);
    Task<Enrolled> show(Subject subject, Caller caller, std::string authenticator);
    Task<Status> rename(Subject subject, Caller caller, std::string authenticator, std::string label);
    Task<Status> remove(Subject subject, Caller caller, std::string authenticator);
    Task<std::int64_t> resync(Subject subject, Caller caller, std::string authenticator, Answer first,
                              Answer second);
    Task<std::size_t> forget(Subject subject, Caller caller);
    Task<Page> list(ListRequest request);
    Task<std::size_t> reset(Subject subject, Caller caller);
    Task<std::size_t> reset_replay(Subject subject, Caller caller);
    Task<Status> unlock(Subject subject, Caller caller);
    // Suspended, nobody signs in with a code or recovery code of this account, and nobody passes without.
    Task<Status> suspend(Subject subject, Caller caller, bool suspended);
    // Required, the account enrols at its next sign-in, and is refused where that cannot be done.
    Task<Status> require(Subject subject, Caller caller, bool required);

    bool is_suspended(const Subject& subject);  // throws Unavailable
    // Which decoy stands in for this subject.
    std::string decoy_name(const Subject& subject) const;

    // What NSS has to say of a subject of realm host by the store and the configuration. Throws Unavailable.
    Standing standing(const Subject& subject);
    // Lets NSS say it: after the commit of whatever changes it. Throws nothing; false: it could not be done.
    Task<bool> publish(Subject subject);
    // Clients, all of realm host. Throws Unavailable where a record cannot be read.
    std::optional<Client> client(std::uint32_t uid);
    std::vector<Client> clients();  // by uid
    // Takes uid, account and scopes; one that is there already is replaced.
    Task<Client> add_client(Client client, Caller caller);
    Task<bool> remove_client(std::uint32_t uid, std::string account, Caller caller);

    // For what is kept beside accounts (requests, devices, keys). False: somebody else was first.
    Task<bool> commit_record(RecordKey record, std::uint64_t expected, std::optional<std::string> document);
    Task<bool> note_act(Caller caller, Subject subject, std::string action, std::string detail);
    const StoreKey& store_key() const { return key(); }  // throws Unavailable without one

  private:
    friend class Approvals;
    friend class SharedKeyring;
    struct LoadedOffer {
        Offer offer;
        std::uint64_t version = 0;
    };

    // What a PAM line names in place of the configured file of another module counts at that line: before
    // every source where somebody else owns it, so that nobody gets past it with a key enrolled elsewhere,
    // and after them where it is the person's own to write.
    Task<Holding> find(Subject subject, KeyFilePlace key_file = {});
    // What enrolling adds to: another module's file is no such place, but a source of ours before it is.
    Task<Holding> find_to_add(Subject subject);
    // Why these credentials cannot be changed here.
    [[noreturn]] void refuse_to_write(SourceKind kind) const;
    // What somebody signs in with: their own credentials, or those of the key they share, which are for
    // whoever never had any. The same work for every name.
    Task<Holding> find_or_shared(Subject subject, State state, KeyFilePlace key_file = {});
    // In which of `groups` somebody is; the same work for a name that nobody has.
    Task<Memberships> memberships(Subject subject, PersonAnswer person, std::vector<std::string> groups);
    Holding find_central(const Subject& subject);
    Holding decoy(const Subject& subject, RecordKey& state_key);
    const StoreKey& key() const;  // throws Unavailable without one
    // Of its authenticators, then of its scratch codes.
    std::vector<Tag> tags(const Credentials& credentials) const;
    Limits limits() const noexcept;
    Attempt attempt_of(const AttemptRequest& request) const;
    // What a sign-in is remembered by: service, place and credentials. nullopt: it is not.
    std::optional<std::uint64_t> door_hash(const Caller& caller, const Credentials& credentials,
                                           std::span<const Tag> tag_list) const;

    // A success is remembered in the state that is committed with it, where the request says so.
    void note_remembered(const AttemptRequest& request, const Outcome& outcome,
                         const Credentials& credentials, std::span<const Tag> tag_list, State& state) const;

    Task<CommitOutcome> commit(RecordKey record, std::uint64_t expected, std::optional<std::string> document);
    Task<bool> save_credentials(Holding holding, std::uint64_t expected);
    // Applies `change` to the subject's state until it is committed; throws Unavailable.
    Task<Status> administer(Subject subject, Caller caller, std::string action,
                            std::function<void(State&)> change);
    Task<State> change_state(Subject subject, std::function<void(State&)> change);
    State load_state(const Subject& subject, std::uint64_t* version = nullptr);
    // What an attempt costs beside its own row where keys are shared.
    struct Toll {
        std::optional<RecordKey> charged;  // this common budget was, at that moment and with that weight
        std::int64_t at = 0;
        std::uint32_t weight = 0, epoch = 0;
        bool paid = false;
        std::int64_t refused_until = 0;  // it is spent: nothing is evaluated; 0: it is not
    };
    // Charges `common` before the answer is looked at; everybody else's attempt commits the decoy's row
    // instead. Whoever is first at the common budget makes the others look at that again, and at nothing
    // else.
    Task<bool> pay(Toll& toll, Subject subject, std::optional<RecordKey> common, Attempt attempt,
                   std::uint32_t weight, RecordKey decoy_row);
    // False: somebody else was first.
    Task<bool> raise_alarm(RecordKey common, std::int64_t now);
    Task<bool> give_back(Toll toll);
    Task<AttemptResult> evaluate(AttemptRequest request);
    // Spends the step that confirmed a key; false where it, or a newer one, is spent already.
    Task<bool> spend(Subject subject, AuthenticatorState mark, std::vector<Tag> active);
    // Notes that credentials of `subject` were seen, unless a reset took them away meanwhile: Conflict.
    Task<bool> note_seen(Subject subject);
    // Notes that `subject` is enrolled and has this uid.
    Task<bool> note_uid(Subject subject, std::uint32_t uid);

    LoadedOffer load_offer(const Subject& subject) const;
    Enrolled describe(const Subject& subject, const Authenticator& authenticator,
                      const std::string& issuer) const;
    void log_act(const Caller& caller, const Subject& subject, const std::string& action,
                 const std::string& detail);
    // `detail` goes into the log as it is: values in it are escaped already.
    // The act is done when it is noted: a row that cannot be kept is said in the log, where the act stands
    // too, and takes nothing back. Returns whether it was kept.
    Task<bool> audit(Caller caller, Subject subject, std::string action, std::string detail);
    Task<bool> keep_audit_row(std::string row);
    // The same, and nobody waits for it.
    void publish_unawaited(const Subject& subject);
    std::int64_t offered_until(const Record& record, const Subject& subject) const;
    bool after_reset(const State& state) const;
    Status summarize(const Subject& subject, const Holding& holding, const State& state);

    std::string tidied_;  // up to which request the past was forgotten
    const Config* config_;
    const StoreKey* key_;
    Ports& ports_;
};

// 16 lower-case hex digits, drawn anew.
std::string new_authenticator_id();
// The same, of these bytes.
std::string authenticator_id(std::span<const std::uint8_t, 8> bytes);

// The index of the authenticator named by id, or of the only one where `id` is empty. Throws NotFound, or
// Invalid where several could be meant.
std::size_t choose_authenticator(const Credentials& credentials, const std::string& id);

}  // namespace warifu
