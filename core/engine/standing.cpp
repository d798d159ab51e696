#include "core/engine/standing.h"

#include <algorithm>

#include "core/engine/engine.h"
#include "core/engine/offer.h"
#include "core/error/error.h"

namespace warifu {

Standing standing_of(const StandingFacts& facts) noexcept {
    Standing standing;
    standing.enrolled = facts.has_credentials || facts.state.seen || facts.state.shared;
    if (!standing.enrolled) {
        standing.pending_until = facts.state.required ? pending_until_further_notice
                                                      : std::max(facts.offered_until, facts.reset_until);
    }
    standing.exempt = facts.exempt_by_policy && !facts.state.suspended;
    return standing;
}

std::int64_t Engine::offered_until(const Record& record, const Subject& subject) const {
    if (key_ == nullptr || record.version == 0) {
        return 0;
    }
    try {
        const Offer offer = decode_offer(record.document, subject, *key_);
        const std::int64_t now = ports_.now();
        return offer.pending && offer.made <= now && now < offer.expires ? offer.expires : 0;
    } catch (const Unavailable&) {
        return 0;  // nobody can confirm it either
    }
}

Standing Engine::standing(const Subject& subject) {
    const auto records = ports_.load({{RecordKind::credentials, subject.realm, subject.name},
                                      {RecordKind::state, subject.realm, subject.name},
                                      offer_key(subject)});
    const State state = decode_state(records[1].version == 0 ? std::string_view() : records[1].document);
    const Date today = date_of(ports_.local_time());
    return standing_of(
        {.state = state,
         .has_credentials = records[0].version != 0 && !records[0].document.empty(),
         .offered_until = offered_until(records[2], subject),
         .reset_until = after_reset(state) ? state.enrol_until : 0,
         .exempt_by_policy = always_exempt(config_->rules, exempting_service, subject.name, today)});
}

Task<bool> Engine::publish(Subject subject) {
    if (subject.realm != "host") {
        co_return true;
    }
    try {
        // Whoever changes the account next publishes after this, or is seen here: so whoever writes last
        // looks last, and what two processes wrote in another order than they committed is put right.
        Standing told = standing(subject);
        for (;;) {
            auto waits = ports_.publish(subject.name, told);
            const bool done = co_await waits;
            if (!done) {
                co_return false;
            }
            const Standing now = standing(subject);
            if (now == told) {
                co_return true;
            }
            told = now;
        }
    } catch (const std::exception&) {
        // The store cannot be read: nothing is known that could be told, and warifud puts it right when it
        // starts.
        co_return false;
    }
}

void Engine::publish_unawaited(const Subject& subject) {
    run<bool>(publish(subject), [](std::optional<bool>, std::exception_ptr) {});
}

}  // namespace warifu
