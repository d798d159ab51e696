#include "core/engine/door_approval.h"

#include <syslog.h>

#include <algorithm>

#include "core/approval/request_json.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr int poll_milliseconds = 1'000;

std::string approvers_of(const Request& request) {
    std::string all;
    for (const auto& decision : request.decisions) {
        if (decision.what == Verb::approve) {
            all += (all.empty() ? "by " : ", ") + escape_for_log(decision.by);
        }
    }
    return all;
}

}  // namespace

DoorApproval::DoorApproval(Engine& engine, Subject subject, const Caller& caller, bool passwordless)
    : engine_(engine),
      approvals_(engine),
      subject_(std::move(subject)),
      caller_(caller),
      passwordless_(passwordless) {}

AttemptResult DoorApproval::result(Verdict verdict, Reason reason, std::string detail) const {
    AttemptResult answer;
    answer.verdict = verdict;
    answer.reason = reason;
    answer.detail = std::move(detail);
    return answer;
}

Task<std::optional<AttemptResult>> DoorApproval::begin(std::optional<ApprovalRule> rule, bool may_send) {
    const auto& config = engine_.config();
    begun_ = engine_.ports().now();
    expires_ = begun_ + config.approval_seconds;
    std::string problem;
    try {
        number_ = config.approval_number == NumberMode::off ? std::string() : new_number();
        std::vector<Need> needs;
        if (may_send && rule && caller_.origin.empty()) {
            problem =
                "who asks cannot be told apart from others: warifud has to see /proc of the door's process";
            may_send = false;
        }
        if (rule) {
            // Groups are looked up for whomever the rule fits, or the time that takes would tell who is
            // asked.
            try {
                auto needs_wait = approvals_.needs(subject_, rule->ask, rule->count, rule->together);
                needs = co_await needs_wait;
            } catch (const Invalid& error) {
                // Of whom nothing may be sent for, the log says nothing either.
                problem = may_send ? error.what() : "";
                may_send = false;
            }
        }
        if (rule && may_send) {
            auto waits = ask(needs, rule->armed);
            std::optional<AttemptResult> decided = co_await waits;
            if (decided || !id_.empty()) {
                co_return decided;
            }
        }
        auto waits = work_in_vain(std::move(needs));
        (void)co_await waits;
    } catch (const std::exception& error) {
        problem = error.what();
    }
    if (!problem.empty()) {
        id_.clear();
        engine_.ports().log(LOG_ERR, "approval: user=" + escape_for_log(subject_.name) + " service=" +
                                         escape_for_log(caller_.service) + " not sent: " + problem);
    }
    co_return std::nullopt;
}

Task<std::optional<AttemptResult>> DoorApproval::ask(std::vector<Need> needs, std::vector<Hours> armed) {
    const DeskLimits limits = engine_.config().approval_limits;
    const std::string source = caller_.source.text(), origin = caller_.origin;
    OpenSignIn entry{new_request_id(), source, origin, expires_ + redeem_grace_seconds, false};
    Admitted admitted;
    bool window = true;
    const std::int64_t now = begun_;
    auto desk_waits = approvals_.change_desk(subject_, [&](Desk& desk) {
        window = !passwordless_ || window_is_open(desk, now);
        admitted = window ? admit(desk, origin, source, now, limits) : Admitted{};
        if (admitted.admission == Admission::ask) {
            note_asked(desk, entry, now);
        }
    });
    (void)co_await desk_waits;
    if (admitted.admission == Admission::refused) {
        co_return result(Verdict::denied, Reason::approval_refused);
    }
    if (admitted.admission == Admission::found) {
        auto waits = take_up(admitted.id);
        co_return co_await waits;
    }
    desk_told_ = true;
    if (admitted.admission == Admission::silent) {
        const std::string why =
            window ? admitted.reason : "no window for signing in without a password is open";
        engine_.ports().log(LOG_NOTICE, "approval: user=" + escape_for_log(subject_.name) +
                                            " service=" + escape_for_log(caller_.service) +
                                            " source=" + escape_for_log(source) + " not sent: " + why);
        co_return std::nullopt;
    }
    Wish wish;
    wish.kind = RequestKind::sign_in;
    wish.id = entry.id;
    wish.subject = subject_;
    wish.caller = caller_;
    wish.asker = origin;
    wish.facts.service = caller_.service;
    wish.facts.rhost = caller_.rhost;
    wish.facts.tty = caller_.tty;
    wish.needs = std::move(needs);
    wish.hours = std::move(armed);
    wish.by_rule = !passwordless_;  // there a person has to look
    wish.seconds = expires_ - begun_;
    wish.number_mode = engine_.config().approval_number;
    auto waits = approvals_.make(std::move(wish));
    const Made made = co_await waits;
    id_ = made.request.id;
    number_ = made.request.number;
    // By a rule of theirs somebody has said yes or no already.
    if (!is_open(made.request, begun_) || is_redeemable(made.request, begun_)) {
        auto settled = settle(made.request);
        co_return co_await settled;
    }
    co_return std::nullopt;
}

// The same loads and commits as for a request that goes out, on a decoy's records.
Task<bool> DoorApproval::work_in_vain(std::vector<Need> needs) {
    ApproverRules rules(engine_);
    (void)rules.of_holders(needs);
    const std::string decoy = engine_.decoy_name(subject_);
    Request request;
    request.id = decoy;
    request.subject = {"decoy", decoy};
    request.needs.push_back({"self", {"user:" + decoy}, 1});
    request.created = begun_;
    request.expires = expires_;
    const RecordKey keys[] = {{RecordKind::desk, "decoy", decoy}, {RecordKind::request, "decoy", decoy}};
    const std::string documents[] = {encode_desk(Desk{}), encode_request(request)};
    for (std::size_t i = desk_told_ ? 1 : 0; i < std::size(keys); ++i) {
        const auto records = engine_.ports().load({keys[i]});
        auto waits = engine_.ports().commit({keys[i], records[0].version, documents[i]});
        (void)co_await waits;
    }
    co_return true;
}

// This sign-in asked before: sshd ran its stack a second time, or sudo after a wrong code.
Task<std::optional<AttemptResult>> DoorApproval::take_up(std::string id) {
    const auto records = engine_.ports().load({request_record(id)});
    if (records[0].version == 0) {
        co_return std::nullopt;  // it was being made when something broke
    }
    Request request = decode_request(records[0].document, id);
    if (request.asker != caller_.origin) {
        co_return std::nullopt;
    }
    id_ = request.id;
    number_ = request.number;
    expires_ = request.expires;
    if (is_open(request, begun_) && !is_redeemable(request, begun_)) {
        co_return std::nullopt;
    }
    auto waits = settle(std::move(request));
    co_return co_await waits;
}

// Closes the window, before anything is redeemed in it: of those who wait in one window one is let in, and
// nobody once it was closed. False: it is not open any more.
Task<bool> DoorApproval::use_window() {
    const std::int64_t now = engine_.ports().now();
    bool open = false;
    auto waits = approvals_.change_desk(subject_, [&](Desk& desk) {
        open = window_is_open(desk, now);
        if (open) {
            open_window(desk, now, 0);
        }
    });
    (void)co_await waits;
    co_return open;
}

// What has come of a request: redeems it where that can be done.
Task<std::optional<AttemptResult>> DoorApproval::settle(Request request) {
    if (shared_->abandoned) {
        co_return result(Verdict::denied, Reason::withdrawn);
    }
    const std::int64_t now = engine_.ports().now();
    if (request.state == RequestState::consumed && request.decided <= now &&
        now - request.decided < redeemed_seconds) {
        co_return result(Verdict::success, Reason::approved, approvers_of(request));
    }
    if (is_redeemable(request, now)) {
        if (passwordless_) {
            auto window_waits = use_window();
            const bool open = co_await window_waits;
            if (!open) {
                auto withdraw_waits = withdraw();
                (void)co_await withdraw_waits;
                co_return result(Verdict::denied, Reason::approval_refused,
                                 "the window was closed meanwhile");
            }
        }
        Act redeem;
        redeem.verb = Verb::redeem;
        redeem.actor = Actor::asker;
        auto waits = approvals_.act(request.id, redeem, caller_, false);
        const Acted acted = co_await waits;
        if (acted.result == ActResult::done) {
            const std::int64_t redeemed = engine_.ports().now();
            auto desk_waits = approvals_.change_desk(
                subject_, [&](Desk& desk) { note_redeemed(desk, request.id, redeemed); });
            (void)co_await desk_waits;
            co_return result(Verdict::success, Reason::approved, approvers_of(acted.request));
        }
        request = acted.request;
    }
    if (request.state == RequestState::denied || request.state == RequestState::revoked) {
        co_return result(Verdict::denied, Reason::approval_denied, std::string(name(request.deny_reason)));
    }
    Act expire;
    expire.verb = Verb::expire;
    expire.actor = Actor::clock;
    auto waits = approvals_.act(request.id, expire, caller_, false);
    (void)co_await waits;
    co_return result(Verdict::denied, Reason::approval_expired);
}

Task<std::optional<AttemptResult>> DoorApproval::wait_in_vain(std::int64_t until) {
    const RecordKey record{RecordKind::request, "decoy", engine_.decoy_name(subject_)};
    const auto shared = shared_;
    while (engine_.ports().now() < until && !shared->abandoned) {
        auto waits = engine_.ports().changed(record, poll_milliseconds);
        (void)co_await waits;
    }
    // A request that nobody answered is ended by two commits.
    if (!shared->abandoned && engine_.ports().now() >= expires_) {
        desk_told_ = false;
        auto work_waits = work_in_vain({});
        (void)co_await work_waits;
    }
    if (shared->abandoned) {
        co_return result(Verdict::denied, Reason::withdrawn);
    }
    co_return engine_.ports().now() < expires_
        ? std::nullopt
        : std::optional(result(Verdict::denied, Reason::approval_expired));
}

Task<std::optional<AttemptResult>> DoorApproval::wait() {
    const std::int64_t now = engine_.ports().now();
    std::int64_t until = expires_;
    if (caller_.service == "cockpit") {
        until = std::min(until, now + most_waited_at_cockpit);
    } else if (caller_.service == "sshd") {
        expires_ = until = std::min(until, begun_ + most_waited_at_sshd);
    }
    if (id_.empty()) {
        auto waits = wait_in_vain(until);
        co_return co_await waits;
    }
    const auto shared = shared_;
    for (;;) {
        const Request seen = approvals_.find(id_);
        const std::int64_t at = engine_.ports().now();
        if (!is_open(seen, at) || is_redeemable(seen, at) || shared->abandoned) {
            auto waits = settle(seen);
            co_return co_await waits;
        }
        if (at >= until) {
            if (until < expires_) {
                co_return std::nullopt;
            }
            auto waits = settle(seen);
            co_return co_await waits;
        }
        auto waits = approvals_.await_change(seen, until, [shared] { return shared->abandoned; });
        (void)co_await waits;
    }
}

Task<bool> DoorApproval::withdraw() {
    if (id_.empty()) {
        co_return false;
    }
    Act cancel;
    cancel.verb = Verb::cancel;
    cancel.actor = Actor::asker;
    auto waits = approvals_.act(id_, cancel, caller_, false);
    const Acted acted = co_await waits;
    co_return acted.result == ActResult::done;
}

void DoorApproval::abandon() {
    shared_->abandoned = true;
    if (id_.empty()) {
        return;
    }
    // Nothing of this object may be used from here on: whoever waits for the answer is gone, and so is it.
    const auto cancel = [](Engine& engine, std::string id, Caller caller) -> Task<bool> {
        Act act;
        act.verb = Verb::cancel;
        act.actor = Actor::asker;
        Approvals approvals(engine);
        auto waits = approvals.act(std::move(id), act, std::move(caller), false);
        (void)co_await waits;
        co_return true;
    };
    run<bool>(cancel(engine_, id_, caller_), [](std::optional<bool>, std::exception_ptr) {});
}

}  // namespace warifu
