// An engine on a store in memory, and the people, homes and clock around it. Whatever the engine asks of the
// world can be counted, put off and given back in another order, made to fail at the nth call, or be the last
// thing that ever happened.
#pragma once

#include <ctime>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "core/engine/conversation.h"
#include "core/engine/engine.h"
#include "core/otp/base32.h"

namespace warifu {

inline constexpr std::int64_t new_year = 1'767'225'600;  // 2026-01-01T00:00:00Z
inline constexpr std::int64_t day = 86'400;

// The power went: nothing catches it but the test.
struct PowerCut {};

class World final : public Ports {
  public:
    World();

    // ---- what a test sets
    std::map<std::string, Person> people;  // alice and bob
    void add_person(const std::string& name, std::uint32_t uid);
    Found directory = Found::yes;              // unavailable: NSS does not answer; `no` is per name
    std::map<std::string, std::string> homes;  // name → plain JSON; what a home answers
    std::map<std::string, std::string> texts;  // name → plain JSON; what the text file holds
    // What another module's files hold, by path with ~ for the home, and whose they are: "owner path".
    std::map<std::string, std::string> key_files;
    bool home_broken = false, text_broken = false;
    std::int64_t clock = new_year;
    bool deferred = false;      // completions wait for turn()
    std::mt19937_64 chance{1};  // whether a deferred commit is in force before it is known
    int fail_call = 0;          // the nth call from now fails, and no other; 0: none
    int cut_after = 0;          // the power goes right after the nth commit from now; 0: never
    // Somebody else is first: called once, before the next commit of this kind, and may do anything.
    RecordKind interrupted = RecordKind::state;
    std::function<void()> interruption;

    // ---- what it sees
    int calls = 0, loads = 0, digests = 0, people_asked = 0, homes_read = 0, groups_asked = 0;
    std::vector<RecordKey> loaded, committed;  // committed: successfully
    std::vector<std::string> lines;            // of the log
    void forget_what_was_seen();

    Record& record(RecordKind kind, const std::string& name, const std::string& realm = "host");
    const Record* find_record(RecordKind kind, const std::string& name,
                              const std::string& realm = "host") const;
    State state(const std::string& name) const;
    // Every record of that name, with its version.
    std::string everything_of(const std::string& name) const;
    bool logged(std::string_view part) const;

    // What NSS says: of names that were published or withdrawn.
    std::map<std::string, Standing> told;
    // "leave alice", "publish alice", "commit state alice", … in their order.
    std::vector<std::string> order;
    bool nss_broken = false;  // nothing can be published

    // What went out to people.
    std::vector<Notice> notices;
    // The clock goes on, and whoever waits for a record looks at it.
    void pass(std::int64_t seconds);

    // One deferred completion, chosen by `random`; false where none waits.
    bool turn(std::mt19937_64& random);

    // ---- Ports
    std::vector<Record> load(const std::vector<RecordKey>& keys) override;
    std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                  std::size_t limit) override;
    Later<CommitOutcome> commit(Change change) override;
    Later<PersonAnswer> person(std::string name) override;
    Later<CredentialsAnswer> read_home(Person person, Subject subject) override;
    Later<std::string> write_home(Person person, Secret document) override;
    Later<CredentialsAnswer> read_text(Subject subject) override;
    Later<CredentialsAnswer> read_key_file(Person person, Subject subject, KeyFilePlace place) override;
    Later<NamesAnswer> aliases(Person person, bool in_text) override;
    Later<DigestAnswer> digest(std::string subject, const SourceId& source, std::uint32_t failures,
                               Secret code, RecoverySalt salt) override;
    Later<std::shared_ptr<NewRecoverySet>> new_recovery_set() override;
    Later<std::vector<Membership>> memberships(Person person, std::vector<std::string> groups) override;
    Later<MembersAnswer> members(std::string group) override;
    Later<bool> changed(RecordKey record, int milliseconds) override;
    void notify(Notice notice) override { notices.push_back(std::move(notice)); }
    Later<bool> publish(std::string name, Standing standing) override;
    Later<bool> withdraw_exemption(std::string name) override;
    std::int64_t now() override { return clock; }
    LocalTime local_time() override;  // UTC
    std::string_view say(Language language, Phrase phrase) override { return phrases.text(language, phrase); }
    void log(int priority, std::string_view line) override;

    Phrases phrases;
    std::map<std::string, std::set<std::string>> groups;  // members by group; "?" in it: nobody can tell
    StoreKey key = StoreKey::generate();
    Config config;

  private:
    using Name = std::tuple<RecordKind, std::string, std::string>;
    bool fails();  // counts the call
    void answer(std::function<void()> complete);
    template <typename T>
    Later<T> later(std::function<T()> compute);
    CommitOutcome apply(const Change& change);
    CredentialsAnswer read(const std::map<std::string, std::string>& from, const Subject& subject,
                           bool broken) const;

    std::map<Name, Record> records_;
    std::uint64_t highest_deleted_ = 0;
    std::deque<std::function<void()>> waiting_;
    struct Watcher {
        RecordKey record;
        std::function<void(bool)> done;
    };
    std::vector<Watcher> watchers_;
    std::vector<std::function<void(bool)>> woken_;
    void wake();
};

// Runs a task that nothing puts off to its end.
template <typename T>
T finish(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failed = std::make_exception_ptr(std::logic_error("the task did not finish"));
    run<T>(std::move(task), [&](std::optional<T> value, std::exception_ptr error) {
        result = std::move(value);
        failed = error;
    });
    if (failed) {
        std::rethrow_exception(failed);
    }
    return std::move(*result);
}

inline const Subject alice{"host", "alice"};

Caller at_home();                  // alice, from her own address, through root's sshd
Caller from(std::string address);  // the same from elsewhere
Caller administrator();

EnrolRequest enrol_request(const Caller& caller, const Subject& subject = alice);

// A phone: what an authenticator app does with what it scanned.
struct Phone {
    explicit Phone(const Enrolled& enrolled, OtpParameters parameters = {})
        : otp(parameters), secret(base32_decode(enrolled.secret.text()).value()) {}
    std::string code(std::int64_t now) const {
        return std::string(code_at(secret, otp, time_step(otp, now)).value().text());
    }
    std::string wrong(std::int64_t now) const;
    OtpParameters otp;
    Secret secret;
};

// Enrols and confirms with the code of the step before, so that the present one is fresh.
struct Enrolment {
    Phone phone;
    Confirmed confirmed;
    std::string recovery(std::size_t i) const { return std::string(confirmed.recovery_codes[i].text()); }
};
Enrolment enrol(World& world, Engine& engine, const Subject& subject = alice);

AttemptResult attempt(Engine& engine, std::string_view typed, const Caller& caller = at_home(),
                      const Subject& subject = alice);

StartRequest door(std::vector<std::string> options = {}, std::string user = "alice");

// One conversation with one answer.
Step converse(Engine& engine, const StartRequest& request, std::string_view typed,
              ReplyKind kind = ReplyKind::text);

}  // namespace warifu
