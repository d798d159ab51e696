// What the engine needs of the world, given by warifud and by tests: the store, names, homes, scrypt, the
// clock, the log. Nothing here throws but load() and list(); every Later is completed on the engine's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/credentials.h"
#include "core/account/source_id.h"
#include "core/engine/standing.h"
#include "core/engine/task.h"
#include "core/phrase/phrases.h"
#include "core/policy/key_file_place.h"
#include "core/policy/policy.h"
#include "core/store/store.h"

namespace warifu {

// A login name as NSS has it.
struct Person {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string home;
};

// Three answers that must never be mistaken for each other.
enum class Found : std::uint8_t { yes, no, unavailable };

struct PersonAnswer {
    Found found = Found::unavailable;
    Person person;
    std::string reason;  // with unavailable
};

struct CredentialsAnswer {
    Found found = Found::unavailable;
    Credentials credentials;
    std::string reason;
};

// Login names that share somebody's uid.
struct NamesAnswer {
    Found found = Found::unavailable;  // yes or no: all that can be known are in `names`
    std::vector<std::string> names;
    std::string reason;  // with unavailable
};

struct DigestAnswer {
    std::optional<RecoveryDigest> digest;  // nullopt: could not be computed
};

// Who is in a group, by login name.
struct MembersAnswer {
    Found found = Found::unavailable;  // no: there is no such group
    std::vector<std::string> names;
    std::string reason;  // with unavailable
};

// A message to one person, in as many forms as there are ways to send it; the first that takes it is enough.
// `document` is what warifu-notify reads on its standard input as "message".
struct Notice {
    std::string about;   // the request's id, for the log
    std::string person;  // the login name
    bool urgent = true;  // somebody stands at a door meanwhile; false: a program asks, and can wait
    struct Form {
        std::string channel;  // [notify.NAME]
        Secret document;
    };
    std::vector<Form> forms;
};

class Ports {
  public:
    virtual ~Ports() = default;

    virtual std::vector<Record> load(const std::vector<RecordKey>& keys) = 0;
    virtual std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                          std::size_t limit) = 0;
    virtual Later<CommitOutcome> commit(Change change) = 0;

    virtual Later<PersonAnswer> person(std::string name) = 0;
    virtual Later<CredentialsAnswer> read_home(Person person, Subject subject) = 0;
    virtual Later<std::string> write_home(Person person, Secret document) = 0;  // "" or what went wrong
    virtual Later<CredentialsAnswer> read_text(Subject subject) = 0;
    // Another module's file, as its owner.
    virtual Later<CredentialsAnswer> read_key_file(Person person, Subject subject, KeyFilePlace place) = 0;
    // Other names of this uid: the one NSS gives for it and, with `in_text`, those of the text file.
    virtual Later<NamesAnswer> aliases(Person person, bool in_text) = 0;

    // scrypt of a recovery code. `subject` has one running at a time; who waits longest goes by `failures`,
    // the recent wrong codes of `source`, together with the recovery codes it had computed lately, fewest
    // first.
    virtual Later<DigestAnswer> digest(std::string subject, const SourceId& source, std::uint32_t failures,
                                       Secret code, RecoverySalt salt) = 0;
    // Ten codes and their digests, off the engine's thread.
    virtual Later<std::shared_ptr<NewRecoverySet>> new_recovery_set() = 0;

    // Whether the person is in each of these groups, in their order.
    virtual Later<std::vector<Membership>> memberships(Person person, std::vector<std::string> groups) = 0;

    virtual Later<MembersAnswer> members(std::string group) = 0;

    // True as soon as this process has committed the record, false after `milliseconds`.
    virtual Later<bool> changed(RecordKey record, int milliseconds) = 0;
    // Sends it, after whatever was committed before; what comes of it is said in the log.
    virtual void notify(Notice notice) = 0;

    // Lets NSS say this of a login name. False: it could not be done, and the log says why; nothing else
    // fails for it.
    virtual Later<bool> publish(std::string name, Standing standing) = 0;
    // The same for being exempt no more, and nothing else; before the commit that says so.
    virtual Later<bool> withdraw_exemption(std::string name) = 0;

    virtual std::int64_t now() = 0;      // Unix seconds
    virtual LocalTime local_time() = 0;  // the same moment, by the host's time zone
    // What people are told. Lives as long as the ports.
    virtual std::string_view say(Language language, Phrase phrase) = 0;
    // One line for syslog authpriv. `line` holds no secret; hostile bytes in it are escaped already.
    virtual void log(int priority, std::string_view line) = 0;
};

}  // namespace warifu
