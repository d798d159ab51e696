// What is done to an account that exists. Credentials are committed first and state last, so that a sign-in
// which read the old credentials loses the race (see attempt.cpp).

#include <algorithm>

#include "core/account/remembered.h"
#include "core/engine/engine.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::size_t most_listed = 1'000;
constexpr const char* changed_meanwhile =
    "the account was changed at the same moment: look at it again, then repeat";

const Credentials& held(const Holding& holding) {
    if (holding.found == Found::unavailable) {
        throw Unavailable(holding.reason);
    }
    if (holding.found == Found::no) {
        throw NotFound("this account has no authenticator: enrol one with `warifu enroll`");
    }
    return holding.credentials;
}

}  // namespace

Task<Status> Engine::status(Subject subject) {
    const State state = load_state(subject);
    auto waits = find_or_shared(subject, state);
    const Holding holding = co_await waits;
    if (holding.found == Found::unavailable) {
        throw Unavailable(holding.reason);
    }
    Status status = summarize(subject, holding, state);
    if (key_ == nullptr) {
        co_return status;
    }
    const LoadedOffer loaded = load_offer(subject);
    if (loaded.offer.pending && ports_.now() < loaded.offer.expires) {
        AuthenticatorStatus pending;
        pending.id = loaded.offer.pending->id;
        pending.label = loaded.offer.pending->label;
        pending.otp = loaded.offer.pending->otp;
        pending.active = false;
        pending.created = loaded.offer.made;
        status.authenticators.push_back(std::move(pending));
        if (status.state == "none") {
            status.state = "pending";
        }
    }
    co_return status;
}

Task<std::vector<Secret>> Engine::regenerate_codes(Subject subject, Caller caller) {
    auto set_waits = ports_.new_recovery_set();
    const std::shared_ptr<NewRecoverySet> made = co_await set_waits;
    if (!made) {
        throw Unavailable("recovery codes could not be made: not enough memory for scrypt");
    }
    auto waits = find(subject);
    Holding holding = co_await waits;
    (void)held(holding);
    holding.credentials.recovery = made->set;
    const std::uint64_t expected = holding.version;
    auto save_waits = save_credentials(std::move(holding), expected);
    const bool saved = co_await save_waits;
    if (!saved) {
        throw Conflict(changed_meanwhile);
    }
    auto state_waits = change_state(subject, [](State& state) { state.remembered.clear(); });
    (void)co_await state_waits;
    auto audit_waits = audit(caller, subject, "codes", "regenerated");
    (void)co_await audit_waits;
    co_return std::move(made->codes);
}

Task<Enrolled> Engine::show(Subject subject, Caller caller, std::string authenticator) {
    auto waits = find(subject);
    const Holding holding = co_await waits;
    const auto& credentials = held(holding);
    (void)key();
    const auto& chosen = credentials.authenticators[choose_authenticator(credentials, authenticator)];
    Enrolled shown = describe(subject, chosen, {});
    shown.active = true;
    auto audit_waits = audit(caller, subject, "show", "authenticator=" + chosen.id);
    (void)co_await audit_waits;
    co_return shown;
}

Task<Status> Engine::rename(Subject subject, Caller caller, std::string authenticator, std::string label) {
    check_label(label);
    auto waits = find(subject);
    Holding holding = co_await waits;
    const std::size_t index = choose_authenticator(held(holding), authenticator);
    (void)key();
    const std::string id = holding.credentials.authenticators[index].id;
    holding.credentials.authenticators[index].label = label;
    const std::uint64_t expected = holding.version;
    auto save_waits = save_credentials(std::move(holding), expected);
    const bool saved = co_await save_waits;
    if (!saved) {
        throw Conflict(changed_meanwhile);
    }
    auto audit_waits =
        audit(caller, subject, "rename", "authenticator=" + id + " label=" + escape_for_log(label));
    (void)co_await audit_waits;
    auto status_waits = status(subject);
    co_return co_await status_waits;
}

Task<Status> Engine::remove(Subject subject, Caller caller, std::string authenticator) {
    auto waits = find(subject);
    Holding holding = co_await waits;
    auto& list = holding.credentials.authenticators;
    const std::size_t index = choose_authenticator(held(holding), authenticator);
    (void)key();
    const std::string id = list[index].id;
    if (list.size() == 1 && !caller.admin) {
        throw NotPermitted(
            "the last authenticator is removed by an administrator alone (`warifu reset`); to change "
            "phones, add the new one first");
    }
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
    const bool emptied = list.empty();
    if (emptied && holding.kind == SourceKind::home) {
        throw Conflict("the last authenticator of an account in a home goes with its file: `warifu reset`");
    }
    const std::uint64_t expected = holding.version;
    auto save_waits = save_credentials(std::move(holding), expected);
    const bool saved = co_await save_waits;
    if (!saved) {
        throw Conflict(changed_meanwhile);
    }
    auto state_waits = change_state(subject, [emptied](State& state) {
        state.seen = state.seen && !emptied;
        state.remembered.clear();
    });
    (void)co_await state_waits;
    auto audit_waits = audit(caller, subject, "remove", "authenticator=" + id);
    (void)co_await audit_waits;
    auto publish_waits = publish(subject);
    (void)co_await publish_waits;
    auto status_waits = status(subject);
    co_return co_await status_waits;
}

Task<std::int64_t> Engine::resync(Subject subject, Caller caller, std::string authenticator, Answer first,
                                  Answer second) {
    if (first.shape != AnswerShape::digits || second.shape != AnswerShape::digits) {
        throw Invalid("code", "takes two codes in a row, digits alone");
    }
    for (;;) {
        std::uint64_t version = 0;
        State state = load_state(subject, &version);
        auto waits = find(subject);
        const Holding holding = co_await waits;
        const auto& credentials = held(holding);
        (void)key();
        const std::size_t index = choose_authenticator(credentials, authenticator);
        const auto tag_list = tags(credentials);
        const Attempt attempt{.answer = first,
                              .origin = {caller.source, 0},
                              .digest = std::nullopt,
                              .now = ports_.now(),
                              .window = config_->window,
                              .look_ahead = config_->look_ahead,
                              .learn_drift = true,
                              .limits = limits(),
                              .decoy = false};
        const Outcome outcome = warifu::resync(Account{credentials, tag_list}, state, attempt, second, index);
        std::string document = encode(state);
        auto commit_waits =
            commit({RecordKind::state, subject.realm, subject.name}, version, std::move(document));
        const CommitOutcome committed = co_await commit_waits;
        if (committed.result == CommitResult::conflict) {
            continue;
        }
        if (outcome.verdict == Verdict::limited) {
            throw Denied("limited", "too many wrong codes: try later, or use a recovery code",
                         outcome.retry_at);
        }
        auto audit_waits = audit(caller, subject, "resync",
                                 "authenticator=" + credentials.authenticators[index].id +
                                     " verdict=" + std::string(name(outcome.verdict)));
        (void)co_await audit_waits;
        if (outcome.verdict != Verdict::success) {
            throw Denied("bad_code",
                         "these are not two codes in a row of this authenticator within an hour of now: "
                         "wait for the next two");
        }
        const auto* entry = find_authenticator_state(state, tag_list[index]);
        co_return entry != nullptr ? entry->drift : 0;
    }
}

Task<std::size_t> Engine::forget(Subject subject, Caller caller) {
    std::size_t forgotten = 0;
    const std::int64_t now = ports_.now();
    auto waits = change_state(subject, [&forgotten, now](State& state) {
        forgotten = count_remembered(state, now);
        state.remembered.clear();
    });
    (void)co_await waits;
    auto audit_waits = audit(caller, subject, "forget", {});
    (void)co_await audit_waits;
    co_return forgotten;
}

Task<Page> Engine::list(ListRequest request) {
    if (request.limit < 1 || request.limit > most_listed) {
        throw Invalid("limit", "takes 1 to " + std::to_string(most_listed));
    }
    const RecordKind kind = request.state == "pending" ? RecordKind::offer : RecordKind::credentials;
    Page page;
    std::string cursor = request.cursor;
    while (page.accounts.size() < request.limit) {
        const auto names = ports_.list(kind, "host", cursor, request.limit);
        for (const auto& name : names) {
            cursor = name;
            if (name.find(request.search) == std::string::npos) {
                continue;
            }
            const Subject subject{"host", name};
            Status entry;
            entry.user = name;
            try {
                auto waits = status(subject);
                entry = co_await waits;
            } catch (const Unavailable& error) {
                // One account that cannot be read hides no other.
                entry.state = "unavailable";
                entry.notes.push_back(error.what());
            }
            const bool wanted =
                (request.state.empty() || entry.state == request.state) &&
                (!request.unused_for || entry.last_used <= ports_.now() - *request.unused_for);
            if (wanted) {
                page.accounts.push_back(std::move(entry));
            }
            if (page.accounts.size() == request.limit) {
                page.cursor = cursor;
                co_return page;
            }
        }
        if (names.size() < request.limit) {
            co_return page;
        }
    }
    co_return page;
}

Task<std::size_t> Engine::reset(Subject subject, Caller caller) {
    std::size_t removed = 0;
    for (;;) {
        const auto records =
            ports_.load({{RecordKind::credentials, subject.realm, subject.name}, offer_key(subject)});
        const bool held_centrally = records[0].version != 0;
        if (records[1].version != 0) {
            auto offer_waits = commit(offer_key(subject), records[1].version, std::nullopt);
            const CommitOutcome dropped = co_await offer_waits;
            if (dropped.result == CommitResult::conflict) {
                continue;
            }
        }
        if (!held_centrally) {
            break;
        }
        // Whatever the record holds, readable or not, a reset ends it.
        removed = 1;
        try {
            removed = find_central(subject).credentials.authenticators.size();
        } catch (const Unavailable&) {
            removed = 1;
        }
        auto waits =
            commit({RecordKind::credentials, subject.realm, subject.name}, records[0].version, std::nullopt);
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            break;
        }
    }
    const std::int64_t enrol_until = ports_.now() + std::int64_t{config_->after_reset_hours} * 3'600;
    auto state_waits = change_state(subject, [enrol_until, admin = caller.admin](State& state) {
        // The spent marks stay: the same key enrolled again must not accept them a second time.
        clear_limits(state);
        state.seen = false;
        state.shared = false;
        // The help desk resets, and may not resume.
        state.suspended = state.suspended && !admin;
        ++state.resets;
        state.known.clear();
        state.remembered.clear();
        state.enrol_until = enrol_until;
    });
    (void)co_await state_waits;
    // What was said of requests for approval, "not me" too, is an administrator's to forget.
    const RecordKey desk{RecordKind::desk, subject.realm, subject.name};
    for (bool gone = !caller.admin; !gone;) {
        const auto kept = ports_.load({desk});
        gone = kept[0].version == 0;
        if (!gone) {
            auto desk_waits = commit(desk, kept[0].version, std::nullopt);
            const CommitOutcome outcome = co_await desk_waits;
            gone = outcome.result == CommitResult::committed;
        }
    }
    auto audit_waits = audit(caller, subject, "reset", "removed=" + std::to_string(removed));
    (void)co_await audit_waits;
    auto publish_waits = publish(subject);
    (void)co_await publish_waits;
    auto find_waits = find(subject);
    const Holding left = co_await find_waits;
    if (left.found == Found::yes) {
        throw Conflict(
            left.kind == SourceKind::home
                ? "the account's keys are in its home, which a reset leaves alone: remove them there"
            : left.kind == SourceKind::text
                ? "the account's keys are in its text file, which a reset leaves alone: remove them there"
                : "what Warifu held of this account is removed; its file of google-authenticator, which a "
                  "reset leaves alone, counts now: remove it to end that too");
    }
    co_return removed;
}

Task<std::size_t> Engine::reset_replay(Subject subject, Caller caller) {
    auto waits = find_or_shared(subject, load_state(subject));
    const Holding holding = co_await waits;
    const auto& credentials = held(holding);
    (void)key();
    const auto tag_list = tags(credentials);
    const std::int64_t now = ports_.now();
    std::size_t mended = 0;
    auto state_waits = change_state(subject, [&](State& state) {
        mended = 0;
        for (auto& entry : state.authenticators) {
            const auto found = std::find(tag_list.begin(), tag_list.end(), entry.tag);
            if (found - tag_list.begin() >= std::ssize(credentials.authenticators)) {
                continue;
            }
            const auto index = static_cast<std::size_t>(found - tag_list.begin());
            const auto& authenticator = credentials.authenticators[index];
            // A mark inside the window is a code that was used: it stays.
            const std::int64_t newest = newest_step(authenticator, entry.drift, now, config_->window);
            if (authenticator.otp.kind == OtpKind::totp && entry.last > newest) {
                entry.last = time_step(authenticator.otp, now) + authenticator.skew;
                ++mended;
            }
        }
    });
    (void)co_await state_waits;
    auto audit_waits = audit(caller, subject, "reset-replay", "mended=" + std::to_string(mended));
    (void)co_await audit_waits;
    co_return mended;
}

Task<Status> Engine::administer(Subject subject, Caller caller, std::string action,
                                std::function<void(State&)> change) {
    auto state_waits = change_state(subject, std::move(change));
    (void)co_await state_waits;
    auto audit_waits = audit(caller, subject, std::move(action), {});
    (void)co_await audit_waits;
    auto publish_waits = publish(subject);
    (void)co_await publish_waits;
    Status now;
    try {
        auto waits = status(subject);
        now = co_await waits;
    } catch (const Unavailable& error) {
        // It was done all the same: whoever asked for it is not to believe otherwise.
        now.user = subject.name;
        now.state = "unavailable";
        now.notes.push_back(error.what());
    }
    co_return now;
}

Task<Status> Engine::unlock(Subject subject, Caller caller) {
    return administer(std::move(subject), std::move(caller), "unlock", clear_limits);
}

Task<Status> Engine::suspend(Subject subject, Caller caller, bool suspended) {
    // Whoever is suspended leaves the exempt before, and joins them again after, the commit that says so.
    bool left = true;
    if (suspended && subject.realm == "host") {
        auto leave_waits = ports_.withdraw_exemption(subject.name);
        left = co_await leave_waits;
    }
    // What was remembered before a suspension is not remembered after it.
    auto waits =
        administer(subject, std::move(caller), suspended ? "suspend" : "resume", [suspended](State& state) {
            state.suspended = suspended;
            state.remembered.clear();
        });
    Status status = co_await waits;
    if (!left) {
        status.notes.push_back(
            "the account could not be taken out of the group warifu-exempt, with which sshd may let it in by "
            "its key alone: the log says why");
    }
    co_return status;
}

Task<Status> Engine::require(Subject subject, Caller caller, bool required) {
    return administer(std::move(subject), std::move(caller), required ? "require" : "require-no-more",
                      [required](State& state) { state.required = required; });
}

}  // namespace warifu
