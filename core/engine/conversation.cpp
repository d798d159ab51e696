#include "core/engine/conversation.h"

#include <syslog.h>

#include <algorithm>

#include "core/engine/log_line.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::string_view code_lengths = "8 7 6";

std::string sentence(const AttemptResult& result) {
    std::string text;
    if (result.recovery_left) {
        const auto left = *result.recovery_left;
        text =
            "That recovery code is used up; " +
            (left == 0   ? std::string("it was the last one. Make new ones with `warifu codes --regenerate`.")
             : left == 1 ? std::string("one is left.")
                         : std::to_string(left) + " are left.");
    }
    if (result.clock_off_seconds != 0) {
        const auto off = result.clock_off_seconds;
        text += (text.empty() ? "" : " ") + std::string("Your phone's clock is about ") +
                std::to_string(off < 0 ? -off : off) + " seconds " + (off < 0 ? "slow." : "fast.") +
                " Let the network set it.";
    }
    return text;
}

}  // namespace

std::optional<ReplyKind> parse_reply_kind(std::string_view text) noexcept {
    constexpr std::pair<std::string_view, ReplyKind> kinds[] = {
        {"text", ReplyKind::text},         {"tails", ReplyKind::tails},     {"recovery", ReplyKind::recovery},
        {"password", ReplyKind::password}, {"invalid", ReplyKind::invalid}, {"none", ReplyKind::none},
    };
    for (const auto& [spelling, kind] : kinds) {
        if (text == spelling) {
            return kind;
        }
    }
    return std::nullopt;
}

std::string_view name(Step::Kind kind) noexcept {
    switch (kind) {
        case Step::Kind::prompt:
            return "prompt";
        case Step::Kind::info:
            return "info";
        case Step::Kind::error:
            return "error";
        case Step::Kind::wait:
            return "wait";
        case Step::Kind::done:
            return "done";
    }
    return "done";
}

Step Conversation::prompt() const {
    Step step;
    step.kind = Step::Kind::prompt;
    step.text = engine_.config().prompt_of(request_.caller.service);
    if (request_.single_field) {
        step.tails = code_lengths;
    }
    return step;
}

Step Conversation::end(const AttemptResult& result) {
    Step step;
    step.kind = Step::Kind::done;
    step.verdict = result.verdict;
    step.reason = result.reason;
    if (result.verdict == Verdict::success) {
        step.text = sentence(result);
    }
    return step;
}

Task<Step> Conversation::start(StartRequest request) {
    request_ = std::move(request);
    const auto& config = engine_.config();
    AttemptResult refused;
    try {
        options_ = parse_line_options(request_.options);
    } catch (const Invalid& error) {
        refused.verdict = Verdict::denied;
        refused.reason = Reason::bad_option;
        refused.detail = "PAM option " + escape_for_log(error.field) + ": " + error.what();
    }
    subject_ = {"host", request_.user};
    if (refused.reason == Reason::bad_option) {
        engine_.ports().log(LOG_ERR, sign_in_line(subject_, request_.caller, refused));
        co_return end(refused);
    }
    const auto& doors = config.services;
    if (options_.listed && std::find(doors.begin(), doors.end(), request_.caller.service) == doors.end()) {
        AttemptResult passed;
        passed.verdict = Verdict::ignored;
        passed.reason = Reason::not_listed;
        co_return end(passed);
    }
    PersonAnswer person;
    person.found = Found::no;
    if (valid_subject_name(request_.user)) {
        auto waits = engine_.ports().person(request_.user);
        person = co_await waits;
        if (person.found == Found::yes) {
            subject_.name = person.person.name;
        } else if (person.found == Found::unavailable) {
            problem_ = "the login name could not be looked up: " + person.reason;
        }
    } else {
        // No record, path or log is ever made of such a name; it is asked like any other and denied.
        subject_.name = "?";
    }
    const bool may_pass =
        options_.nullok && config.unenrolled == Unenrolled::by_line && !options_.first_factor_failed;
    if (may_pass) {
        AttemptResult passed;
        bool passes = false;
        try {
            auto waits = engine_.surely_not_enrolled(subject_, person);
            passes = co_await waits;
        } catch (const std::exception& error) {
            problem_ = std::string("nullok does not hold: ") + error.what();
        }
        if (passes) {
            passed.verdict = Verdict::ignored;
            passed.reason = Reason::unenrolled_pass;
            engine_.ports().log(LOG_INFO, sign_in_line(subject_, request_.caller, passed));
            co_return end(passed);
        }
    }
    if (options_.grace_seconds && !options_.first_factor_failed) {
        bool within = false;
        try {
            within = engine_.within_grace(subject_, request_.caller.source, *options_.grace_seconds);
        } catch (const std::exception& error) {
            problem_ = std::string("grace_period does not hold: ") + error.what();
        }
        if (within) {
            AttemptResult passed;
            passed.verdict = Verdict::ignored;
            passed.reason = Reason::ok;
            passed.detail = "within grace_period";
            engine_.ports().log(LOG_INFO, sign_in_line(subject_, request_.caller, passed));
            co_return end(passed);
        }
    }
    awaiting_ = true;
    co_return prompt();
}

Task<Step> Conversation::answer(ReplyKind kind, std::string text) {
    if (!awaiting_) {
        throw Conflict("no answer is awaited on this connection");
    }
    awaiting_ = false;
    AttemptRequest request;
    request.subject = subject_;
    request.caller = request_.caller;
    request.single_field = request_.single_field;
    request.learn_drift = options_.learn_drift;
    if (kind == ReplyKind::text || kind == ReplyKind::recovery) {
        request.answer = parse_answer(text);
    } else if (kind == ReplyKind::tails) {
        request.answer = parse_tails(text);
    }
    wipe(text);
    if (subject_.name == "?") {
        request.decoy_reason = Reason::not_enrolled;
    } else if (options_.first_factor_failed) {
        request.decoy_reason = Reason::first_factor_failed;
    } else if (kind == ReplyKind::password) {
        request.decoy_reason = Reason::password_typed;
    } else if (!problem_.empty()) {
        request.decoy_reason = Reason::unavailable;
        request.problem = problem_;
    }
    std::vector<int> lengths;
    for (const auto& candidate : request.answer.candidates) {
        lengths.push_back(request.answer.shape == AnswerShape::digits ? static_cast<int>(candidate.size())
                                                                      : 0);
    }
    auto waits = engine_.attempt(std::move(request));
    AttemptResult result = co_await waits;
    Step step = end(result);
    if (result.verdict == Verdict::success && result.candidate) {
        step.tail = lengths[*result.candidate];
    }
    co_return step;
}

}  // namespace warifu
