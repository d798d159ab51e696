// What the doctor's checks look at: plain data, gathered before them (gather.h), so that each check is a
// function of facts and nothing else. What could not be found out is left out and named in `unchecked`.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "enroll_tool/doctor/sentence.h"

namespace warifu::doctor {

// ---- PAM

struct PamFile {
    std::string path;  // as it is shown
    std::string text;
};

// By the name that an include gives: "common-auth", or an absolute path outside PAM's directories.
using PamFiles = std::map<std::string, PamFile, std::less<>>;

struct PamFacts {
    PamFiles files;
    bool module_found = false;  // pam_warifu.so stands where libpam looks for it
};

// ---- sshd

struct SshdFacts {
    std::string settings;             // what `sshd -T` printed
    std::optional<Sentence> problem;  // why it printed nothing; none where it did
};

// ---- name services

struct TextFile {
    std::string path, text;
};

struct NssFacts {
    std::string nsswitch;        // the text of /etc/nsswitch.conf; empty where it cannot be read
    std::vector<TextFile> sshd;  // sshd's files: what `sshd -T` says leaves out what stands below Match
    std::vector<TextFile> sudo;  // sudoers and what it includes by default; as root alone
    bool module_found = false;   // libnss_warifu.so.2 stands where the loader looks
};

// ---- the clock

struct ClockFacts {
    bool synchronised = false;  // the kernel is told so (adjtimex(2), STA_UNSYNC is off)
    bool time_service = false;  // a program that sets the clock by others runs here
    std::int64_t now = 0;       // Unix seconds
    std::optional<std::int64_t> last_store_write;
};

// ---- files

enum class Purpose : std::uint8_t {
    config_directory,
    config_file,
    key_file,
    state_directory,
    store_directory,
    store_file,
    run_directory,
    text_file,
};

enum class FileType : std::uint8_t { regular, directory, symbolic_link, other };

struct FileStatus {
    FileType type = FileType::regular;
    uid_t owner = 0;
    mode_t mode = 0;  // permission bits
    nlink_t links = 1;
};

struct FileFact {
    Purpose purpose;
    std::string path;
    std::optional<FileStatus> status;  // none: it is not there
};

struct DiskFacts {
    std::uint64_t free_bytes = 0, free_inodes = 0;
    std::uint64_t inodes = 0;  // 0: this file system does not count them
    double free_share = 1;     // of its bytes
};

struct StoreFacts {
    std::string directory, key_file;
    std::optional<bool> has_database, has_key;  // none: not ours to see
    std::string not_writable;                   // why; empty where it is, or where it is not there
    std::optional<DiskFacts> disk;
};

// ---- configuration

enum class Unenrolled : std::uint8_t { by_line, refuse, enrol, pass };

struct ConfigInForce {
    std::string store_directory, key_file, text_file;
    std::string google_authenticator_file, google_authenticator_user;
    std::vector<std::string> sources;
    Unenrolled unenrolled = Unenrolled::by_line;
    std::vector<std::string> services;
};

struct ConfigFacts {
    std::string file;
    std::string problem;              // why the file is not in force; empty where it is
    std::optional<Sentence> unknown;  // why warifud did not tell; then nothing else is known
    std::vector<std::string> warnings;
    std::optional<ConfigInForce> in_force;  // none: everything is refused
    bool may_see_last_good = true;          // whether `in_force` can be the last good copy
    bool differs_from_last_good = false;
};

// ---- warifud

struct WarifudFacts {
    std::string own_version;  // the tool's
    std::string socket;       // the one that was asked
    std::string not_running;  // why nobody answered at the socket; empty where somebody did, or was not asked
    std::string unreachable;  // why none could be started either; then nothing below is known
    std::string version;      // of the one that listens; empty where none does
    std::string store;        // "ok", or what warifud says is wrong
    // What is turned in realm host so that less is asked: "" is every service.
    struct Turned {
        std::string service, by;
        bool off = false;  // the second factor; otherwise the unregistered pass
    };
    std::vector<Turned> turned;
    struct Shared {
        std::string name;
        bool overdue = false;                     // its schedule wanted it replaced a while ago
        bool guessed = false;                     // too many wrong codes: whoever is new to it waits
        std::vector<std::string> unknown_groups;  // that are not there, or do not answer
    };
    std::vector<Shared> shared;
};

// ---- accounts

struct AccountFact {
    std::string user, state;
    std::int64_t authenticators = 0, recovery_codes_left = 0;
    std::vector<std::string> notes;
};

struct AccountFacts {
    std::vector<AccountFact> accounts;
    std::vector<std::string> administrators;  // root, and whom sudo makes one
    bool complete = false;                    // `accounts` has all administrators that are enrolled
};

struct Facts {
    PamFacts pam;
    std::optional<SshdFacts> sshd;  // none: not installed, or not ours to ask
    NssFacts nss;
    std::optional<ClockFacts> clock;
    std::vector<FileFact> files;
    std::optional<StoreFacts> store;
    ConfigFacts config;
    WarifudFacts warifud;
    AccountFacts accounts;
    std::vector<Sentence> unchecked;  // what was not looked at and why, a sentence each
};

}  // namespace warifu::doctor
