#include "core/engine/conversation.h"

#include <syslog.h>

#include <algorithm>

#include "core/engine/log_line.h"
#include "core/engine/mailed_code.h"
#include "core/error/error.h"
#include "core/phrase/fill.h"

namespace warifu {

namespace {

constexpr std::string_view code_lengths = "8 7 6";
constexpr std::int64_t seconds_of_a_day = 86'400;
constexpr int most_mails = 3;  // of one sign-in

}  // namespace

std::string_view Conversation::say(Phrase phrase) const {
    return engine_.ports().say(engine_.config().language_of(request_.caller.service), phrase);
}

std::string Conversation::sentence(const AttemptResult& result) const {
    std::string text;
    if (result.recovery_left) {
        const auto left = *result.recovery_left;
        text = left == 0   ? std::string(say(Phrase::recovery_last))
               : left == 1 ? std::string(say(Phrase::recovery_one_left))
                           : fill(say(Phrase::recovery_left), {std::to_string(left)});
    }
    if (const auto off = result.clock_off_seconds; off != 0) {
        const std::string seconds = std::to_string(off < 0 ? -off : off);
        text += text.empty() ? "" : " ";
        text += fill(say(off < 0 ? Phrase::clock_slow : Phrase::clock_fast), {seconds});
    }
    if (result.replaced_from != 0) {
        const std::int64_t left = result.replaced_from - engine_.ports().now();
        const std::int64_t days = (left + seconds_of_a_day - 1) / seconds_of_a_day;
        text += text.empty() ? "" : " ";
        text += fill(say(Phrase::shared_replaced), {std::to_string(days)});
    }
    return text;
}

std::string Conversation::approval_prompt() const {
    ApprovalPrompt prompt = prompt_at(engine_.config().approval_rules, request_.caller.service);
    if (options_.passwordless) {
        prompt.code = CodeMode::none;
    }
    const std::string& number = approval_->number();
    const std::string aside = number.empty() ? "" : fill(say(Phrase::approval_number_aside), {number});
    const std::string mail(mail_door() ? say(Phrase::approval_mail_aside) : "");
    switch (prompt.code) {
        case CodeMode::either:
            return fill(say(prompt.own_phone ? Phrase::approval_own_either : Phrase::approval_other_either),
                        {aside, mail});
        case CodeMode::both:
            return fill(say(prompt.own_phone ? Phrase::approval_own_both : Phrase::approval_other_both),
                        {aside, mail});
        case CodeMode::none:
            break;
    }
    return fill(say(prompt.own_phone ? Phrase::approval_own_none : Phrase::approval_other_none), {aside});
}

Step Conversation::prompt() const {
    Step step;
    step.kind = Step::Kind::prompt;
    const auto own = engine_.config().prompt_of(request_.caller.service);
    step.text = own ? *own : std::string(say(Phrase::code_prompt));
    if (!own && mail_door()) {
        step.text = std::string(say(Phrase::code_prompt_mail));
    }
    if (approval_ && !approval_done_) {
        // It has to be seen before anybody acts, and some programs show information late: so here.
        step.text = approval_prompt();
        if (asked_again_) {
            step.text = std::string(say(Phrase::approval_again)) + ' ' + step.text;
        }
    }
    if (mails_ != 0) {
        step.text = std::string(say(Phrase::mail_sent)) + ' ' + step.text;
    }
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

Step Conversation::prompt_again() {
    awaiting_ = true;
    return prompt();
}

Step Conversation::pass(Reason reason, std::string text, std::string detail) {
    AttemptResult passed;
    passed.verdict = Verdict::ignored;
    passed.reason = reason;
    passed.detail = std::move(detail);
    engine_.ports().log(LOG_INFO, sign_in_line(subject_, request_.caller, passed));
    Step step = end(passed);
    step.text = std::move(text);
    return step;
}

bool Conversation::door_counts() const {
    const auto& doors = engine_.config().services;
    return !options_.listed || std::find(doors.begin(), doors.end(), request_.caller.service) != doors.end();
}

Task<PersonAnswer> Conversation::identify() {
    PersonAnswer person;
    person.found = Found::no;
    if (!valid_subject_name(request_.user)) {
        // No record, path or log is ever made of such a name; it is asked like any other and denied.
        subject_.name = "?";
        co_return person;
    }
    auto waits = engine_.ports().person(request_.user);
    person = co_await waits;
    if (person.found == Found::yes) {
        subject_.name = person.person.name;
    } else if (person.found == Found::unavailable) {
        problem_ = "the login name could not be looked up: " + person.reason;
    }
    co_return person;
}

std::string Conversation::hindrance(const DoorPolicy& policy) const {
    const auto& config = engine_.config();
    if (request_.caller.client != 0) {
        return "nobody enrols through a client, which may verify alone: enrol elsewhere, or with `warifu "
               "enroll`";
    }
    if (request_.single_field || (request_.flags & pam_silent) != 0) {
        return "cannot enrol over this door, which shows nothing: enrol elsewhere, or with `warifu enroll`";
    }
    // Whoever has the name alone must not set up the second factor. sshd alone says what it verified itself.
    const bool key_done = request_.caller.service == "sshd" && !request_.auth_info.empty();
    if (!request_.has_authtok && !key_done) {
        return "cannot enrol before a password or an SSH key: put the line of pam_warifu.so after theirs";
    }
    // What an administrator called for, somebody at root's door may do, and no process of the user's.
    const bool called_for = policy.called_for() && request_.caller.admin;
    if (!config.self_enrolment && !called_for) {
        return "people may not enrol themselves here ([enrolment] self): ask an administrator";
    }
    if (!in_any(config.networks, request_.caller.source)) {
        return "enrolling is not permitted from this network ([enrolment] networks): enrol from another, or "
               "with `warifu enroll`";
    }
    return {};
}

// Only for somebody who is surely not enrolled: they pass, or they enrol, or they are asked and refused.
Task<std::optional<Step>> Conversation::for_the_unenrolled(DoorPolicy policy, PersonAnswer person) {
    // Whoever others have to approve does not pass for want of a code.
    const bool passes = !rule_ && (policy.outcome == PolicyOutcome::pass ||
                                   (policy.outcome == PolicyOutcome::by_line && options_.nullok));
    if (!passes && policy.outcome != PolicyOutcome::enrol) {
        co_return std::nullopt;
    }
    // Before anything of the account is looked at: a single field has strangers before it, to whom the
    // enrolled and the others cost the same.
    if (std::string why = passes ? std::string() : hindrance(policy); !why.empty()) {
        hindrance_ = person.found == Found::yes ? std::move(why) : std::string();
        co_return std::nullopt;
    }
    auto waits = engine_.surely_not_enrolled(subject_, std::move(person), options_.key_file);
    const bool sure = co_await waits;
    if (!sure) {
        co_return std::nullopt;
    }
    if (passes) {
        co_return pass(
            Reason::unenrolled_pass,
            policy.announced ? fill(say(Phrase::announced), {text_of(*policy.announced)}) : std::string());
    }
    enrolment_.emplace(engine_, subject_, request_.caller);
    auto begins = enrolment_->begin();
    co_return co_await begins;
}

// grace_period= is for addresses, as in the module that it comes from, and takes the place of the door's own
// setting there.
std::uint32_t Conversation::remember_seconds() const {
    const auto& caller = request_.caller;
    if (!caller.admin) {
        return 0;
    }
    const bool grace = options_.grace_seconds && !caller.source.is_local();
    return static_cast<std::uint32_t>(grace ? *options_.grace_seconds
                                            : engine_.config().remember_seconds_of(caller.service));
}

Task<std::optional<Step>> Conversation::for_the_remembered() {
    const std::uint32_t seconds = remember_seconds();
    // What is remembered replaces a code, never an approval.
    if (seconds == 0 || (rule_ && rule_->code != CodeMode::either)) {
        co_return std::nullopt;
    }
    auto waits = engine_.remembered(subject_, request_.caller, seconds, options_.key_file);
    const bool stands = co_await waits;
    co_return stands ? std::optional(pass(Reason::remembered, {})) : std::nullopt;
}

Task<std::optional<Step>> Conversation::without_a_code(PersonAnswer person) {
    const char* what = "policy cannot be told";
    try {
        auto policy_waits = engine_.policy_for(subject_, request_.caller, person);
        const DoorPolicy policy = co_await policy_waits;
        if (policy.outcome == PolicyOutcome::exempt && person.found == Found::yes) {
            co_return pass(policy.turned == "second_factor" ? Reason::switched_off : Reason::exempt, {});
        }
        if (!policy.approval_sure) {
            throw Unavailable("whether others have to approve cannot be told: a group did not answer");
        }
        rule_ = policy.approval;
        suspended_ = policy.suspended;
        what = policy.outcome == PolicyOutcome::enrol ? "enrolling at this sign-in failed"
                                                      : "nullok does not hold";
        auto waits = for_the_unenrolled(policy, std::move(person));
        std::optional<Step> step = co_await waits;
        if (step) {
            co_return step;
        }
        what = "what is remembered cannot be told";
        auto remembered_waits = for_the_remembered();
        co_return co_await remembered_waits;
    } catch (const std::exception& error) {
        enrolment_.reset();
        problem_ = std::string(what) + ": " + error.what();
    }
    co_return std::nullopt;
}

Task<bool> Conversation::ask_policy_in_vain(PersonAnswer person) {
    try {
        auto waits = engine_.policy_for(subject_, request_.caller, std::move(person));
        const DoorPolicy policy = co_await waits;
        vain_rule_ = policy.approval;
        if (const std::uint32_t seconds = remember_seconds(); seconds != 0) {
            auto remembered_waits = engine_.remembered(subject_, request_.caller, seconds, options_.key_file);
            (void)co_await remembered_waits;
        }
    } catch (const std::exception&) {
        co_return false;  // whatever it is, the verdict is a decoy's
    }
    co_return true;
}

Task<Step> Conversation::start(StartRequest request) {
    request_ = std::move(request);
    subject_ = {"host", request_.user};
    try {
        options_ = parse_line_options(request_.options);
    } catch (const Invalid& error) {
        AttemptResult refused;
        refused.verdict = Verdict::denied;
        refused.reason = Reason::bad_option;
        refused.detail = "PAM option " + escape_for_log(error.field) + ": " + error.what();
        engine_.ports().log(LOG_ERR, sign_in_line(subject_, request_.caller, refused));
        co_return end(refused);
    }
    if (!door_counts()) {
        AttemptResult passed;
        passed.verdict = Verdict::ignored;
        passed.reason = Reason::not_listed;
        co_return end(passed);
    }
    auto person_waits = identify();
    PersonAnswer person = co_await person_waits;
    person_found_ = person.found == Found::yes;
    // After a wrong password there is no policy and no account, only the question: and nothing that would
    // tell.
    if (options_.first_factor_failed) {
        auto waits = ask_policy_in_vain(std::move(person));
        (void)co_await waits;
    } else if (problem_.empty()) {
        auto waits = without_a_code(std::move(person));
        std::optional<Step> step = co_await waits;
        if (step) {
            awaiting_ = step->kind != Step::Kind::done;
            co_return std::move(*step);
        }
    }
    auto approval_waits = ask_for_approval();
    std::optional<Step> decided = co_await approval_waits;
    if (decided) {
        co_return std::move(*decided);
    }
    awaiting_ = true;
    co_return prompt();
}

bool Conversation::approval_door() const {
    const auto& caller = request_.caller;
    return caller.admin && !request_.single_field && (request_.flags & pam_silent) == 0 &&
           engine_.config().asks_approval_at(caller.service);
}

bool Conversation::mail_door() const {
    const auto& caller = request_.caller;
    return caller.admin && !request_.single_field && !options_.passwordless &&
           engine_.config().mails_code_at(caller.service);
}

bool Conversation::may_send() const {
    const bool key_done = request_.caller.service == "sshd" && !request_.auth_info.empty();
    const bool first_factor = request_.has_authtok || key_done || options_.passwordless;
    return problem_.empty() && !options_.first_factor_failed && person_found_ && subject_.name != "?" &&
           first_factor && !suspended_;
}

Task<Step> Conversation::mail_a_code() {
    MailedCode mail(engine_);
    auto waits = mail.send(subject_, request_.caller, !may_send());
    (void)co_await waits;
    ++mails_;
    co_return prompt_again();
}

// A mailed code that is right, or nullopt: what was typed is then checked as any other code.
Task<std::optional<Step>> Conversation::try_mailed(ReplyKind kind, const std::string& text) {
    const Answer answer = kind == ReplyKind::text ? parse_answer(text) : Answer{};
    const bool shaped = answer.shape == AnswerShape::digits && answer.candidates.size() == 1 &&
                        answer.candidates[0].size() == mailed_code_digits;
    if (!mail_door() || !shaped || !may_send() || code_is_worthless()) {
        co_return std::nullopt;
    }
    AttemptResult result;
    try {
        MailedCode mail(engine_);
        auto waits = mail.redeem(subject_, std::string(answer.candidates[0].text()));
        const bool right = co_await waits;
        if (!right) {
            co_return std::nullopt;
        }
        const bool suspended = engine_.is_suspended(subject_);
        result.verdict = suspended ? Verdict::denied : Verdict::success;
        result.reason = suspended ? Reason::suspended : Reason::mailed_code;
    } catch (const std::exception& error) {
        result.detail = error.what();
    }
    engine_.ports().log(result.verdict == Verdict::success ? LOG_INFO : LOG_NOTICE,
                        sign_in_line(subject_, request_.caller, result));
    if (result.verdict != Verdict::success) {
        co_return end(result);
    }
    auto after = after_code(std::move(result), 0);
    co_return co_await after;
}

bool Conversation::code_is_worthless() const {
    if (options_.passwordless) {
        return true;
    }
    return rule_ && (rule_->code == CodeMode::none || (rule_->code == CodeMode::both && !approval_));
}

Task<std::optional<Step>> Conversation::ask_for_approval() {
    if (!approval_door()) {
        co_return std::nullopt;
    }
    approval_.emplace(engine_, subject_, request_.caller, options_.passwordless);
    auto waits = approval_->begin(rule_ ? rule_ : vain_rule_, may_send() && rule_);
    std::optional<AttemptResult> decided = co_await waits;
    if (!decided) {
        co_return std::nullopt;
    }
    auto after = after_approval(std::move(*decided));
    co_return co_await after;
}

Task<Step> Conversation::wait_for_approval() {
    auto waits = approval_->wait();
    std::optional<AttemptResult> decided;
    try {
        decided = co_await waits;
    } catch (const std::exception& error) {
        AttemptResult unavailable;
        unavailable.detail = error.what();
        decided = std::move(unavailable);
    }
    if (!decided) {
        asked_again_ = true;
        co_return prompt_again();
    }
    auto after = after_approval(std::move(*decided));
    co_return co_await after;
}

Task<Step> Conversation::after_approval(AttemptResult result) {
    if (result.verdict == Verdict::success) {
        try {
            if (engine_.is_suspended(subject_)) {
                result = {};
                result.verdict = Verdict::denied;
                result.reason = Reason::suspended;
            }
        } catch (const std::exception& error) {
            result = {};
            result.detail = error.what();
        }
    }
    engine_.ports().log(result.verdict == Verdict::success ? LOG_INFO : LOG_NOTICE,
                        sign_in_line(subject_, request_.caller, result));
    approval_done_ = true;
    if (result.verdict == Verdict::success && rule_ && rule_->code == CodeMode::both && !code_done_) {
        co_return prompt_again();
    }
    co_return end(result);
}

// A right code: the request is withdrawn, or waited for where both are wanted.
Task<Step> Conversation::after_code(AttemptResult result, int tail) {
    // It ends what "this wasn't me" began, also where a code alone does not do: the next sign-in rings again.
    if (approval_) {
        try {
            Approvals approvals(engine_);
            const Desk desk = approvals.desk(subject_);
            if (desk.blocked || desk.unanswered != 0) {
                auto desk_waits = approvals.change_desk(subject_, note_code);
                (void)co_await desk_waits;
            }
        } catch (const std::exception& error) {
            engine_.ports().log(
                LOG_ERR, "approval: user=" + escape_for_log(subject_.name) + " not lifted: " + error.what());
        }
    }
    if (approval_ && !approval_done_ && rule_ && rule_->code == CodeMode::both) {
        code_done_ = true;
        auto waits = wait_for_approval();
        co_return co_await waits;
    }
    Step step = end(result);
    step.tail = tail;
    if (approval_) {
        try {
            auto withdraw_waits = approval_->withdraw();
            (void)co_await withdraw_waits;
        } catch (const std::exception& error) {
            engine_.ports().log(LOG_ERR, "approval: user=" + escape_for_log(subject_.name) +
                                             " not withdrawn: " + error.what());
        }
    }
    co_return step;
}

void Conversation::abandon() {
    if (approval_ && !approval_done_) {
        approval_->abandon();
    }
}

Task<Step> Conversation::answer(ReplyKind kind, std::string text) {
    if (!awaiting_) {
        throw Conflict("no answer is awaited on this connection");
    }
    awaiting_ = false;
    if (enrolment_) {
        auto waits = enrolment_->answer(kind, std::move(text));
        Step step = co_await waits;
        awaiting_ = step.kind != Step::Kind::done;
        co_return step;
    }
    // Enter; or sshd's password method, which answers every question with the password.
    const bool enter = kind == ReplyKind::password ||
                       (kind == ReplyKind::text && text.find_first_not_of(" \t\r\n") == std::string::npos);
    if (approval_ && !approval_done_ && (enter || code_done_)) {
        wipe(text);
        auto waits = wait_for_approval();
        co_return co_await waits;
    }
    const bool wants_mail = kind == ReplyKind::text && (text == "m" || text == "M" || text == "\xEF\xBD\x8D");
    if (wants_mail && mail_door() && mails_ < most_mails) {
        auto waits = mail_a_code();
        co_return co_await waits;
    }
    auto mailed_waits = try_mailed(kind, text);
    std::optional<Step> mailed = co_await mailed_waits;
    if (mailed) {
        wipe(text);
        co_return std::move(*mailed);
    }
    auto waits = check(kind, std::move(text));
    co_return co_await waits;
}

Task<Step> Conversation::check(ReplyKind kind, std::string text) {
    AttemptRequest request;
    request.subject = subject_;
    request.caller = request_.caller;
    request.single_field = request_.single_field;
    request.learn_drift = options_.learn_drift;
    request.key_file = options_.key_file;
    request.remember_seconds = remember_seconds();
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
    } else if (code_is_worthless()) {
        request.decoy_reason = Reason::approval_needed;
    }
    request.hindrance = hindrance_;
    std::vector<int> lengths;
    for (const auto& candidate : request.answer.candidates) {
        lengths.push_back(request.answer.shape == AnswerShape::digits ? static_cast<int>(candidate.size())
                                                                      : 0);
    }
    auto waits = engine_.attempt(std::move(request));
    AttemptResult result = co_await waits;
    if (result.verdict == Verdict::success) {
        const int tail = result.candidate ? lengths[*result.candidate] : 0;
        auto after = after_code(std::move(result), tail);
        co_return co_await after;
    }
    co_return end(result);
}

}  // namespace warifu
