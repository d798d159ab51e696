#include "core/engine/action_approval.h"

#include <syslog.h>

#include <algorithm>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/phrase/fill.h"

namespace warifu {

namespace {

bool needs_quotes(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+^";
    return word.empty() || word.find_first_not_of(plain) != std::string::npos;
}

Act asker_does(Verb verb) {
    Act act;
    act.verb = verb;
    act.actor = verb == Verb::expire ? Actor::clock : Actor::asker;
    return act;
}

}  // namespace

std::string shown_command(const std::vector<std::string>& argv) {
    std::string line;
    for (const auto& word : argv) {
        line += line.empty() ? "" : " ";
        if (!needs_quotes(word)) {
            line += word;
            continue;
        }
        line += '\'';
        for (const char character : word) {
            line += character == '\'' ? "'\\''" : std::string(1, character);
        }
        line += '\'';
    }
    return line;
}

std::string digest_of(const std::vector<std::string>& argv) {
    std::string all;
    for (const auto& word : argv) {
        all += word;
        all += '\0';
    }
    return "sha256:" + hex_of(hash_of_token(all));
}

Step ActionApproval::end(Verdict verdict, Reason reason, std::string detail) {
    AttemptResult result;
    result.verdict = verdict;
    result.reason = reason;
    result.detail = std::move(detail);
    const bool good = verdict == Verdict::success || verdict == Verdict::ignored;
    engine_.ports().log(good ? LOG_INFO : LOG_NOTICE, sign_in_line(subject_, caller_, result));
    seen_.reset();
    Step step;
    step.kind = Step::Kind::done;
    step.verdict = verdict;
    step.reason = reason;
    return step;
}

Step ActionApproval::shown(const Request& request) const {
    const Language language = engine_.config().language_of(caller_.service);
    const std::string has = std::to_string(request.approvals()), needs = std::to_string(request.needed());
    Step step;
    step.kind = Step::Kind::info;
    step.text = request.number.empty()
                    ? fill(engine_.ports().say(language, Phrase::approval_waits), {has, needs})
                    : fill(engine_.ports().say(language, Phrase::approval_waits_number),
                           {has, needs, request.number});
    return step;
}

Task<Step> ActionApproval::start(ActionRequest request) {
    caller_ = std::move(request.caller);
    subject_ = {"host", request.user};
    std::string problem;
    try {
        auto person_waits = engine_.ports().person(request.user);
        const PersonAnswer person = co_await person_waits;
        if (person.found != Found::yes) {
            throw Unavailable("the login name could not be looked up" +
                              (person.reason.empty() ? "" : ": " + person.reason));
        }
        subject_.name = person.person.name;
        auto policy_waits = engine_.policy_for(subject_, caller_, person);
        const DoorPolicy policy = co_await policy_waits;
        if (!policy.approval_sure) {
            throw Unavailable("whether others have to approve cannot be told: a group did not answer");
        }
        if (caller_.origin.empty()) {
            throw Unavailable("who asks cannot be told apart from others: warifud has to see /proc of sudo");
        }
        if (policy.suspended) {
            co_return end(Verdict::denied, Reason::suspended, {});
        }
        if (!policy.approval) {
            co_return end(Verdict::ignored, Reason::exempt, {});
        }
        const ApprovalRule& rule = *policy.approval;
        Wish wish;
        auto needs_wait = approvals_.needs(subject_, rule.ask, rule.count, rule.together);
        wish.needs = co_await needs_wait;
        wish.hours = rule.armed;
        wish.subject = subject_;
        wish.caller = caller_;
        wish.asker = caller_.origin + " action";
        wish.facts.service = caller_.service;
        wish.facts.rhost = caller_.rhost;
        wish.facts.tty = caller_.tty;
        wish.facts.run_as = std::move(request.run_as);
        wish.facts.directory = std::move(request.directory);
        wish.facts.command = shown_command(request.argv);
        wish.facts.digest = digest_of(request.argv);
        wish.seconds = engine_.config().approval_action_seconds;
        wish.number_mode = engine_.config().approval_number;
        if (wish.facts.command.size() > most_fact_bytes) {
            throw Unavailable("the command line is too long to be shown to who has to approve it");
        }
        auto made_waits = approvals_.make_action(std::move(wish));
        Made made = co_await made_waits;
        Step step = shown(made.request);
        seen_ = std::move(made.request);
        co_return step;
    } catch (const Denied& error) {
        problem = error.what();
        // Too many: that is an answer, and the same for everybody.
    } catch (const std::exception& error) {
        co_return end(Verdict::unavailable, Reason::unavailable, error.what());
    }
    co_return end(Verdict::limited, Reason::limited, problem);
}

Task<Step> ActionApproval::settle(Request request) {
    const std::int64_t now = engine_.ports().now();
    if (is_redeemable(request, now)) {
        auto waits = approvals_.act(request.id, asker_does(Verb::redeem), caller_, false);
        const Acted acted = co_await waits;
        if (acted.result == ActResult::done) {
            co_return end(Verdict::success, Reason::approved, "request=" + request.id);
        }
        request = acted.request;
    }
    if (request.state == RequestState::denied || request.state == RequestState::revoked) {
        co_return end(Verdict::denied, Reason::approval_denied, std::string(name(request.deny_reason)));
    }
    auto waits = approvals_.act(request.id, asker_does(Verb::expire), caller_, false);
    (void)co_await waits;
    co_return end(Verdict::denied, Reason::approval_expired, {});
}

Task<Step> ActionApproval::next() {
    if (!seen_) {
        throw Conflict("no answer is awaited on this connection");
    }
    try {
        const auto abandoned = abandoned_;
        auto waits = approvals_.await_change(*seen_, seen_->expires, [abandoned] { return *abandoned; });
        Request now = co_await waits;
        if (*abandoned) {
            co_return end(Verdict::denied, Reason::withdrawn, {});
        }
        const std::int64_t at = engine_.ports().now();
        if (is_open(now, at) && !is_redeemable(now, at)) {
            Step step = shown(now);
            seen_ = std::move(now);
            co_return step;
        }
        auto settle_waits = settle(std::move(now));
        co_return co_await settle_waits;
    } catch (const std::exception& error) {
        co_return end(Verdict::unavailable, Reason::unavailable, error.what());
    }
}

void ActionApproval::abandon() {
    *abandoned_ = true;
    if (!seen_) {
        return;
    }
    const auto cancel = [](Engine& engine, std::string id, Caller caller) -> Task<bool> {
        Approvals approvals(engine);
        auto waits = approvals.act(std::move(id), asker_does(Verb::cancel), std::move(caller), false);
        (void)co_await waits;
        co_return true;
    };
    run<bool>(cancel(engine_, seen_->id, caller_), [](std::optional<bool>, std::exception_ptr) {});
}

}  // namespace warifu
