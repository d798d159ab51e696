#include "daemon/marker_keeper.h"

#include <syslog.h>

#include <algorithm>

namespace warifu {

namespace {

constexpr const char* realm = "host";

bool says_so(const MarkerGroup& group, const Standing& standing) {
    return &group == &Markers::enrolled ? standing.enrolled : standing.pending_until != 0;
}

}  // namespace

void MarkerKeeper::withdraw_exemptions(const Config& config) {
    if (!publisher_.markers()) {
        return;
    }
    const Markers& markers = *publisher_.markers();
    const Date today = date_of(engine_.ports().local_time());
    auto listing = markers.list(Markers::exempt);
    for (auto names = listing.next(most_at_once); !names.empty(); names = listing.next(most_at_once)) {
        for (const auto& name : names) {
            if (!always_exempt(config.rules, exempting_service, name, today)) {
                (void)publisher_.report(markers.set(Markers::exempt, name, false));
            }
        }
    }
}

void MarkerKeeper::grant_exemptions() {
    if (!publisher_.markers()) {
        return;
    }
    const Markers& markers = *publisher_.markers();
    try {
        for (const auto& name : exempt_users(engine_.config().rules)) {
            const Subject subject{realm, name};
            bool exempt = engine_.standing(subject).exempt;
            (void)publisher_.report(markers.set(Markers::exempt, name, exempt));
            // Another process may have suspended the account meanwhile, and left before this joined.
            if (exempt && !engine_.standing(subject).exempt) {
                (void)publisher_.report(markers.set(Markers::exempt, name, false));
            }
        }
    } catch (const std::exception&) {
        return;  // the store cannot be read, which is logged already: the exempt stay who they were
    }
}

void MarkerKeeper::reconcile() {
    if (!publisher_.markers()) {
        return;
    }
    run<bool>(reconcile_all(), [this](std::optional<bool>, std::exception_ptr failed) {
        try {
            if (failed) {
                std::rethrow_exception(failed);
            }
            engine_.ports().log(LOG_INFO, "NSS groups: all are told");
        } catch (const std::exception& error) {
            engine_.ports().log(
                LOG_ERR,
                std::string("NSS groups: `id` may be wrong until warifud is restarted: ") + error.what());
        }
    });
}

Task<bool> MarkerKeeper::reconcile_all() {
    auto prepare_waits = publisher_.prepare();
    (void)co_await prepare_waits;
    auto enrolled_waits = look_at_markers(Markers::enrolled);
    (void)co_await enrolled_waits;
    auto pending_waits = look_at_markers(Markers::pending);
    (void)co_await pending_waits;
    auto credentials_wait = look_at_credentials();
    (void)co_await credentials_wait;
    auto offers_wait = look_at_offers();
    (void)co_await offers_wait;
    auto states_wait = look_at_states();
    co_return co_await states_wait;
}

Task<bool> MarkerKeeper::publish_all(std::vector<std::string> names) {
    bool done = true;
    for (const auto& name : names) {
        auto waits = engine_.publish(Subject{realm, name});
        const bool published = co_await waits;
        done = done && published;
    }
    co_return done;
}

Task<bool> MarkerKeeper::look_at_markers(const MarkerGroup& group) {
    const auto listing = std::make_shared<Markers::Listing>(publisher_.markers()->list(group));
    for (;;) {
        auto waits = publisher_.next(listing, most_at_once);
        std::vector<std::string> names = co_await waits;
        if (names.empty()) {
            co_return true;
        }
        std::erase_if(names, [this, &group](const std::string& name) {
            return says_so(group, engine_.standing(Subject{realm, name}));
        });
        auto publish_waits = publish_all(std::move(names));
        (void)co_await publish_waits;
    }
}

Task<bool> MarkerKeeper::look_at_credentials() {
    std::string cursor;
    for (;;) {
        std::vector<std::string> names =
            engine_.ports().list(RecordKind::credentials, realm, cursor, most_at_once);
        if (names.empty()) {
            co_return true;
        }
        cursor = names.back();
        auto waits = publisher_.missing(Markers::enrolled, std::move(names));
        std::vector<std::string> without = co_await waits;
        auto publish_waits = publish_all(std::move(without));
        (void)co_await publish_waits;
    }
}

Task<bool> MarkerKeeper::look_at_offers() {
    std::string cursor;
    for (;;) {
        std::vector<std::string> names = engine_.ports().list(RecordKind::offer, realm, cursor, most_at_once);
        if (names.empty()) {
            co_return true;
        }
        cursor = names.back();
        auto waits = publish_all(std::move(names));
        (void)co_await waits;
    }
}

// Of those with credentials in the store all is told already.
Task<bool> MarkerKeeper::look_at_states() {
    std::string cursor;
    for (;;) {
        std::vector<std::string> names = engine_.ports().list(RecordKind::state, realm, cursor, most_at_once);
        if (names.empty()) {
            co_return true;
        }
        const auto enrolled = engine_.ports().list(RecordKind::credentials, realm, cursor, most_at_once);
        cursor = names.back();
        std::erase_if(names, [&enrolled](const std::string& name) {
            return std::binary_search(enrolled.begin(), enrolled.end(), name);
        });
        std::erase_if(names, [this](const std::string& name) {
            const Standing standing = engine_.standing(Subject{realm, name});
            return !standing.enrolled && standing.pending_until == 0;
        });
        auto waits = publish_all(std::move(names));
        (void)co_await waits;
    }
}

}  // namespace warifu
