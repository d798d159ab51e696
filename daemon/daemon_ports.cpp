#include "daemon/daemon_ports.h"

#include <charconv>
#include <ctime>

#include "core/account/credentials_json.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/source/google_file.h"
#include "core/source/text_file.h"
#include "nss_helper/identity/identity.h"

namespace warifu {

namespace {

constexpr std::size_t others_lookup_threads = 2;
constexpr std::size_t most_text_names = 10'000;  // each is asked of NSS before `nullok` lets anybody pass

PersonAnswer answer_of(const std::function<std::optional<Identity>()>& find) {
    PersonAnswer answer;
    try {
        const auto identity = find();
        answer.found = identity ? Found::yes : Found::no;
        if (identity) {
            answer.person = {identity->name, identity->uid, identity->gid, identity->home};
        }
    } catch (const std::exception& error) {
        answer.reason = error.what();
    }
    return answer;
}

NamesAnswer aliases_of(const Person& person, const std::string& text_file) {
    NamesAnswer answer;
    try {
        const auto canonical = find_by_uid(person.uid);
        if (canonical && canonical->name != person.name) {
            answer.names.push_back(canonical->name);
        }
        const auto in_text =
            text_file.empty() ? std::vector<std::string>() : names_in_text_file(text_file, most_text_names);
        for (const auto& name : in_text) {
            const auto other = find_by_name(name);
            if (other && other->uid == person.uid) {
                answer.names.push_back(other->name);
            }
        }
        answer.found = answer.names.empty() ? Found::no : Found::yes;
    } catch (const std::exception& error) {
        answer.reason = error.what();
    }
    return answer;
}

CredentialsAnswer parsed_key_file(HomeProcesses::Answer file, const Subject& subject, const std::string& path,
                                  const std::string& about) {
    CredentialsAnswer answer;
    answer.found = file.found;
    answer.reason = about + file.reason;
    if (file.found == Found::yes) {
        try {
            answer.credentials = parse_google_file(file.content.text(), subject, path);
        } catch (const std::exception& error) {
            answer.found = Found::unavailable;
            answer.reason = about + error.what();
        }
    }
    return answer;
}

}  // namespace

DaemonPorts::DaemonPorts(asio::io_context& io, Store* store, std::string problem, Log& log,
                         const Phrases& phrases, MarkerPublisher& markers, const Config& config,
                         std::size_t lookup_threads)
    : io_(io),
      store_(store),
      problem_(std::move(problem)),
      log_(log),
      phrases_(phrases),
      markers_(markers),
      text_file_(config.text_file),
      lookups_(lookup_threads),
      scrypt_(io),
      homes_(io, config.home_file),
      notices_(io, log) {
    notices_.use(config);
}

DaemonPorts::~DaemonPorts() {
    lookups_.stop();
    if (others_lookups_) {
        others_lookups_->stop();
    }
}

template <typename T>
Later<T> DaemonPorts::look_up(std::function<T()> work, bool for_root) {
    if (!for_root && !others_lookups_) {
        others_lookups_.emplace(others_lookup_threads);
    }
    auto& pool = for_root ? lookups_ : *others_lookups_;
    return Later<T>([this, &pool, work = std::move(work)](typename Later<T>::Done done) {
        asio::post(pool, [this, work, done = std::move(done)] {
            auto value = std::make_shared<T>(work());
            asio::post(io_, [value, done] { done(std::move(*value)); });
        });
    });
}

std::vector<Record> DaemonPorts::load(const std::vector<RecordKey>& keys) {
    if (store_ == nullptr) {
        throw Unavailable(problem_);
    }
    return store_->load(keys);
}

std::vector<std::string> DaemonPorts::list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                           std::size_t limit) {
    if (store_ == nullptr) {
        throw Unavailable(problem_);
    }
    return store_->list(kind, realm, cursor, limit);
}

Later<CommitOutcome> DaemonPorts::commit(Change change) {
    const auto held = std::make_shared<Change>(std::move(change));
    return Later<CommitOutcome>([this, held](Later<CommitOutcome>::Done done) {
        if (store_ == nullptr) {
            done({CommitResult::unavailable, 0, problem_});
            return;
        }
        const RecordKey record = held->key;
        store_->commit(std::move(*held), [this, record, done = std::move(done)](CommitOutcome outcome) {
            asio::post(io_, [this, record, done, outcome = std::move(outcome)] {
                done(outcome);
                if (outcome.result == CommitResult::committed) {
                    wake(record);
                }
            });
        });
    });
}

Later<PersonAnswer> DaemonPorts::person(std::string name) {
    return person(std::move(name), true);
}

Later<PersonAnswer> DaemonPorts::person(std::string name, bool for_root) {
    return look_up<PersonAnswer>(
        [name = std::move(name)] { return answer_of([&] { return find_by_name(name); }); }, for_root);
}

Later<PersonAnswer> DaemonPorts::person_by_uid(std::uint32_t uid, bool for_root) {
    return look_up<PersonAnswer>([uid] { return answer_of([&] { return find_by_uid(uid); }); }, for_root);
}

Later<NamesAnswer> DaemonPorts::aliases(Person person, bool in_text) {
    return look_up<NamesAnswer>([person = std::move(person), in_text, file = text_file_] {
        return aliases_of(person, in_text ? file : std::string());
    });
}

Later<bool> DaemonPorts::in_any_group(Person person, std::vector<std::string> groups, bool when_unknown) {
    const auto work = [person = std::move(person), groups = std::move(groups), when_unknown] {
        const Identity identity{person.name, person.uid, person.gid, person.home};
        for (const auto& group : groups) {
            try {
                if (in_group(identity, group)) {
                    return true;
                }
            } catch (const std::exception&) {
                return when_unknown;
            }
        }
        return false;
    };
    return look_up<bool>(work, false);  // root is never asked for its groups
}

Later<std::vector<Membership>> DaemonPorts::memberships(Person person, std::vector<std::string> groups) {
    return look_up<std::vector<Membership>>([person = std::move(person), groups = std::move(groups)] {
        const Identity identity{person.name, person.uid, person.gid, person.home};
        std::vector<Membership> answers;
        for (const auto& group : groups) {
            try {
                const auto member = membership(identity, group);
                answers.push_back(!member ? Membership::absent : *member ? Membership::yes : Membership::no);
            } catch (const std::exception&) {
                answers.push_back(Membership::unknown);
            }
        }
        return answers;
    });
}

Later<MembersAnswer> DaemonPorts::members(std::string group) {
    return look_up<MembersAnswer>([group = std::move(group)] {
        MembersAnswer answer;
        try {
            auto names = members_of(group);
            answer.found = names ? Found::yes : Found::no;
            answer.names = names ? std::move(*names) : std::vector<std::string>();
        } catch (const std::exception& error) {
            answer.reason = error.what();
        }
        return answer;
    });
}

Later<bool> DaemonPorts::changed(RecordKey record, int milliseconds) {
    return Later<bool>([this, record = std::move(record), milliseconds](Later<bool>::Done done) {
        const auto watcher = std::make_shared<Watcher>(io_);
        watcher->done = std::move(done);
        const auto place = watchers_.emplace(Watched{record.kind, record.realm, record.name}, watcher);
        watcher->deadline.expires_after(std::chrono::milliseconds(milliseconds));
        watcher->deadline.async_wait([this, place, watcher](error_code error) {
            if (error || !watcher->done) {
                return;  // it was woken
            }
            watchers_.erase(place);
            std::exchange(watcher->done, nullptr)(false);
        });
    });
}

// After the reply of this moment: a process that is started first would tell that there is somebody to
// notify.
void DaemonPorts::notify(Notice notice) {
    asio::post(
        io_, [this, held = std::make_shared<Notice>(std::move(notice))] { notices_.send(std::move(*held)); });
}

void DaemonPorts::wake(const RecordKey& record) {
    const auto [first, last] = watchers_.equal_range(Watched{record.kind, record.realm, record.name});
    std::vector<std::shared_ptr<Watcher>> woken;
    for (auto one = first; one != last; ++one) {
        woken.push_back(one->second);
    }
    watchers_.erase(first, last);
    for (const auto& watcher : woken) {
        watcher->deadline.cancel();
        std::exchange(watcher->done, nullptr)(true);
    }
}

Later<CredentialsAnswer> DaemonPorts::read_home(Person person, Subject subject) {
    return Later<CredentialsAnswer>([this, person = std::move(person),
                                     subject = std::move(subject)](Later<CredentialsAnswer>::Done done) {
        homes_.read(person, [done = std::move(done), subject](HomeProcesses::Answer home) {
            CredentialsAnswer answer;
            answer.found = home.found;
            answer.reason = "the home of " + subject.name + ": " + home.reason;
            if (home.found == Found::yes) {
                try {
                    answer.credentials = from_plain_json(home.content.text(), subject);
                } catch (const std::exception& error) {
                    answer.found = Found::unavailable;
                    answer.reason += error.what();
                }
            }
            done(std::move(answer));
        });
    });
}

Later<std::string> DaemonPorts::write_home(Person person, Secret document) {
    const auto held = std::make_shared<Secret>(std::move(document));
    return Later<std::string>([this, person = std::move(person), held](Later<std::string>::Done done) {
        homes_.write(person, std::move(*held), [done = std::move(done)](HomeProcesses::Answer home) {
            done(home.found == Found::yes ? std::string() : "the home could not be written: " + home.reason);
        });
    });
}

Later<CredentialsAnswer> DaemonPorts::read_text(Subject subject) {
    return look_up<CredentialsAnswer>([file = text_file_, subject = std::move(subject)] {
        CredentialsAnswer answer;
        try {
            auto found = read_text_file(file, subject);
            answer.found = found ? Found::yes : Found::no;
            if (found) {
                answer.credentials = std::move(*found);
            }
        } catch (const std::exception& error) {
            answer.reason = error.what();
        }
        return answer;
    });
}

Task<PersonAnswer> DaemonPorts::owner_of_key_file(Person person, std::string owner) {
    if (owner.empty()) {
        co_return PersonAnswer{Found::yes, std::move(person), {}};
    }
    auto waits = look_up<PersonAnswer>([owner] {
        std::uint32_t uid = 0;
        const auto [end, error] = std::from_chars(owner.data(), owner.data() + owner.size(), uid);
        const bool number = error == std::errc() && end == owner.data() + owner.size();
        return answer_of([&] { return number ? find_by_uid(uid) : find_by_name(owner); });
    });
    co_return co_await waits;
}

Later<CredentialsAnswer> DaemonPorts::read_key_file(Person person, Subject subject, KeyFilePlace place) {
    return Later<CredentialsAnswer>([this, person = std::move(person), subject = std::move(subject),
                                     place = std::move(place)](Later<CredentialsAnswer>::Done done) {
        const auto read = [this, person, subject, place, done](std::optional<PersonAnswer> owner,
                                                               const std::exception_ptr&) {
            const std::string about = "the file of keys of " + escape_for_log(subject.name) + ": ";
            try {
                if (!owner || owner->found == Found::unavailable) {
                    throw Unavailable(place.owner + ": " +
                                      (owner ? owner->reason : "could not be looked up"));
                }
                if (owner->found == Found::no) {
                    throw Unavailable(place.owner + ": nobody has this login name");
                }
                const KeyFilePath path =
                    key_file_path(place.path, person.name, person.home, place.owner.empty());
                homes_.read_key_file(
                    subject.name, owner->person, path,
                    [done, subject, about, shown = path.shown](HomeProcesses::Answer answer) {
                        done(parsed_key_file(std::move(answer), subject, shown, about));
                    });
            } catch (const std::exception& error) {
                CredentialsAnswer refused;
                refused.reason = about + error.what();
                done(std::move(refused));
            }
        };
        run<PersonAnswer>(owner_of_key_file(person, place.owner), read);
    });
}

Later<DigestAnswer> DaemonPorts::digest(std::string subject, const SourceId& source, std::uint32_t failures,
                                        Secret code, RecoverySalt salt) {
    const auto held = std::make_shared<Secret>(std::move(code));
    return Later<DigestAnswer>(
        [this, subject = std::move(subject), source, failures, held, salt](Later<DigestAnswer>::Done done) {
            scrypt_.digest(subject, source, failures, std::move(*held), salt, std::move(done));
        });
}

Later<std::shared_ptr<NewRecoverySet>> DaemonPorts::new_recovery_set() {
    return Later<std::shared_ptr<NewRecoverySet>>(
        [this](Later<std::shared_ptr<NewRecoverySet>>::Done done) { scrypt_.new_set(std::move(done)); });
}

LocalTime DaemonPorts::local_time() {
    const std::time_t now = this->now();
    std::tm wall{};
    localtime_r(&now, &wall);
    return {.year = wall.tm_year + 1900,
            .month = wall.tm_mon + 1,
            .day = wall.tm_mday,
            .weekday = (wall.tm_wday + 6) % 7,
            .minute = wall.tm_hour * 60 + wall.tm_min};
}

std::int64_t DaemonPorts::now() {
    // Not std::chrono's system clock: its nanoseconds overflow in 2262.
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec;
}

}  // namespace warifu
