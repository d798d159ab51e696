// The world as the engine sees it in warifud: the store with its committing thread, NSS and text files on a
// small pool, homes in processes of their own, the clock, syslog. Every answer comes back on io's thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "core/config/config.h"
#include "core/engine/ports.h"
#include "daemon/asio.h"
#include "daemon/home_process.h"
#include "daemon/log.h"
#include "daemon/marker_publisher.h"
#include "daemon/notices.h"
#include "daemon/scrypt_queue.h"

namespace warifu {

class DaemonPorts final : public Ports {
  public:
    // `store` null: there is none, and `problem` says why; everything is Unavailable then. `lookup_threads`:
    // how many names can be asked of NSS at once.
    DaemonPorts(asio::io_context& io, Store* store, std::string problem, Log& log, const Phrases& phrases,
                MarkerPublisher& markers, const Config& config, std::size_t lookup_threads);
    ~DaemonPorts() override;

    void use(const Config& config) {
        text_file_ = config.text_file;
        homes_.use(config.home_file);
        notices_.use(config);
    }

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
    void notify(Notice notice) override;
    Later<bool> publish(std::string name, Standing standing) override {
        return markers_.tell(std::move(name), standing);
    }
    Later<bool> withdraw_exemption(std::string name) override {
        return markers_.withdraw_exemption(std::move(name));
    }
    std::int64_t now() override;
    LocalTime local_time() override;
    std::string_view say(Language language, Phrase phrase) override {
        return phrases_.text(language, phrase);
    }
    void log(int priority, std::string_view line) override { log_.line(priority, line); }

    // Look-ups that decide who a peer is. Whoever is not root waits in a pool of their own, so that names
    // which a directory is slow to find hold nobody else up.
    Later<PersonAnswer> person(std::string name, bool for_root);
    Later<PersonAnswer> person_by_uid(std::uint32_t uid, bool for_root);
    Later<bool> in_any_group(Person person, std::vector<std::string> groups, bool when_unknown);

  private:
    // Runs `work` on a pool and completes with its value on io's thread.
    // Whose another module's file is: `owner`, by name or uid; empty: the person's.
    Task<PersonAnswer> owner_of_key_file(Person person, std::string owner);
    template <typename T>
    Later<T> look_up(std::function<T()> work, bool for_root = true);

    // Who waits for a record to be committed here.
    struct Watcher {
        explicit Watcher(asio::io_context& io) : deadline(io) {}
        asio::steady_timer deadline;
        Later<bool>::Done done;
    };
    using Watched = std::tuple<RecordKind, std::string, std::string>;
    void wake(const RecordKey& record);

    asio::io_context& io_;
    Store* store_;
    std::multimap<Watched, std::shared_ptr<Watcher>> watchers_;
    std::string problem_;
    Log& log_;
    const Phrases& phrases_;
    MarkerPublisher& markers_;
    std::string text_file_;
    asio::thread_pool lookups_;
    std::optional<asio::thread_pool> others_lookups_;  // made when somebody but root asks
    ScryptQueue scrypt_;
    HomeProcesses homes_;
    Notices notices_;
};

}  // namespace warifu
