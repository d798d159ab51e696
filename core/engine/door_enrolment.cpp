#include "core/engine/door_enrolment.h"

#include <syslog.h>

#include <algorithm>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "core/qr/qr.h"
#include "core/verifier/answer.h"

namespace warifu {

namespace {

constexpr int terminal_columns = 80, quiet_columns = 4;
constexpr std::size_t group_size = 4, codes_in_a_line = 2;
constexpr std::size_t most_step_bytes = 12 * 1024;  // of the 16 KiB that a reply may have

// The key as a hand types it: groups of four.
void append_groups(std::string& text, std::string_view key) {
    for (std::size_t i = 0; i < key.size(); i += group_size) {
        text += i == 0 ? "" : " ";
        text += key.substr(i, group_size);
    }
}

// Upper case without what people put between groups.
std::string bare(std::string_view text) {
    std::string result;
    for (const char character : text) {
        if (character >= 'a' && character <= 'z') {
            result += static_cast<char>(character - 'a' + 'A');
        } else if (character != ' ' && character != '-' && character != '\n' && character != '\r') {
            result += character;
        }
    }
    return result;
}

// "a", as a keyboard with a Japanese input method left on types it, too.
bool wants_ascii(std::string_view text) {
    const std::string word = bare(text);
    return word == "A" || word == "ａ" || word == "Ａ";
}

}  // namespace

DoorEnrolment::DoorEnrolment(Engine& engine, Subject subject, const Caller& caller)
    : engine_(engine), subject_(std::move(subject)), caller_(caller) {
    // root's door speaks for the person who stands before it: nothing here is an administrator's doing.
    caller_.admin = false;
}

std::string_view DoorEnrolment::say(Phrase phrase) const {
    return engine_.ports().say(engine_.config().language_of(caller_.service), phrase);
}

Task<Step> DoorEnrolment::begin() {
    EnrolRequest request;
    request.subject = subject_;
    request.caller = caller_;
    request.otp = engine_.config().enrolment_otp;
    auto waits = engine_.enroll(std::move(request));
    offered_ = co_await waits;
    draws_ = engine_.config().shows_qr(caller_.service) &&
             QrCode(offered_.uri.text()).size() + quiet_columns <= terminal_columns;
    co_return show_key(false);
}

Step DoorEnrolment::show_key(bool ascii) const {
    Step step;
    step.kind = Step::Kind::info;
    std::string& text = step.text;
    text.reserve(most_step_bytes);  // what grows leaves no copy of a key behind
    text += "\n";
    text += say(draws_ ? Phrase::enrol_scan : Phrase::enrol_type_in);
    text += "\n\n";
    if (draws_) {
        const Secret drawing = render(QrCode(offered_.uri.text()), ascii ? QrForm::ascii : QrForm::utf8);
        text += drawing.text();
        text += "\n";
    }
    std::string key;
    key.reserve(2 * offered_.secret.size());
    append_groups(key, offered_.secret.text());
    text += fill(say(Phrase::enrol_key), {key});
    wipe(key);
    const OtpParameters& otp = offered_.otp;
    const std::string digits = std::to_string(otp.digits), period = std::to_string(otp.period);
    text += "\n";
    text += otp.kind == OtpKind::totp ? fill(say(Phrase::enrol_totp), {digits, period, name(otp.algorithm)})
                                      : fill(say(Phrase::enrol_hotp), {digits, name(otp.algorithm)});
    text += "\n";
    if (!offered_.others.empty()) {
        std::string where;
        for (const auto& other : offered_.others) {
            where += (where.empty() ? "" : ", ") + other.source;
        }
        text += "\n" + fill(say(Phrase::enrol_others), {where}) + "\n";
    }
    if (const std::string& support = engine_.config().support; !support.empty()) {
        text += fill(say(Phrase::enrol_support), {support}) + "\n";
    }
    return step;
}

Step DoorEnrolment::prompt(Phrase before, bool repeated) const {
    Step step;
    step.kind = Step::Kind::prompt;
    step.echo = true;
    if (repeated) {
        step.text += say(before);
        step.text += "\n";
    }
    step.text += say(draws_ ? Phrase::enrol_prompt_ascii : Phrase::enrol_prompt);
    return step;
}

Step DoorEnrolment::prompt_of_codes(bool again) const {
    Step step;
    step.kind = Step::Kind::prompt;
    step.echo = true;
    std::string& text = step.text;
    text.reserve(2 * max_prompt_bytes);
    text += say(again ? Phrase::enrol_codes_again : Phrase::enrol_codes);
    for (std::size_t i = 0; i < recovery_codes_.size(); ++i) {
        text += i % codes_in_a_line == 0 ? "\n" : "  ";
        text += recovery_codes_[i].text();
    }
    text += "\n";
    text += say(Phrase::enrol_codes_prompt);
    return step;
}

Step DoorEnrolment::end(Verdict verdict, Reason reason, std::string text, std::string detail) const {
    AttemptResult result;
    result.verdict = verdict;
    result.reason = reason;
    result.label = verdict == Verdict::success ? offered_.label : "";
    result.detail = std::move(detail);
    engine_.ports().log(verdict == Verdict::success ? LOG_INFO : LOG_NOTICE,
                        sign_in_line(subject_, caller_, result));
    Step step;
    step.kind = Step::Kind::done;
    step.verdict = verdict;
    step.reason = reason;
    step.text = std::move(text);
    return step;
}

Task<Step> DoorEnrolment::answer(ReplyKind kind, std::string text) {
    if (awaits_ == Awaits::shown) {
        awaits_ = Awaits::confirmation;
        co_return prompt(Phrase::enrol_wrong, wrong_ > 0);
    }
    if (awaits_ == Awaits::beginning) {
        if (kind != ReplyKind::text) {
            wipe(text);
        }
        auto waits = check_beginning(std::move(text));
        co_return co_await waits;
    }
    if (kind == ReplyKind::text && draws_ && wants_ascii(text)) {
        awaits_ = Awaits::shown;
        co_return show_key(true);
    }
    if (kind != ReplyKind::text) {
        wipe(text);  // the password, or no answer at all: it confirms nothing
    }
    auto waits = confirm(std::move(text));
    co_return co_await waits;
}

Task<Step> DoorEnrolment::confirm(std::string text) {
    Answer code = parse_answer(text);
    wipe(text);
    try {
        if (code.shape == AnswerShape::digits) {
            auto waits = engine_.confirm(subject_, caller_, offered_.authenticator, std::move(code),
                                         Addition::refused);
            Confirmed confirmed = co_await waits;
            recovery_codes_ = std::move(confirmed.recovery_codes);
            wrong_ = 0;
            if (recovery_codes_.empty()) {
                auto in_waits = let_in();
                co_return co_await in_waits;
            }
            awaits_ = Awaits::beginning;
            co_return prompt_of_codes(false);
        }
    } catch (const Denied& denied) {
        if (denied.reason == name(Reason::limited)) {
            co_return end(Verdict::denied, Reason::limited, std::string(say(Phrase::enrol_failed)));
        }
    } catch (const Unavailable& error) {
        co_return end(Verdict::unavailable, Reason::unavailable, {}, error.what());
    } catch (const std::exception& error) {
        // Somebody else changed the account or took the key off the offer.
        co_return end(Verdict::denied, Reason::cannot_enrol, {}, error.what());
    }
    if (++wrong_ >= most_wrong_confirmations) {
        co_return end(Verdict::denied, Reason::bad_code, std::string(say(Phrase::enrol_failed)));
    }
    co_return prompt(Phrase::enrol_wrong, true);
}

Task<Step> DoorEnrolment::let_in() {
    Status status;
    try {
        auto waits = engine_.status(subject_);
        status = co_await waits;
    } catch (const std::exception& error) {
        co_return end(Verdict::unavailable, Reason::unavailable, {}, error.what());
    }
    const bool there = std::any_of(
        status.authenticators.begin(), status.authenticators.end(),
        [&](const AuthenticatorStatus& entry) { return entry.active && entry.id == offered_.authenticator; });
    if (status.state == "active" && there) {
        co_return end(Verdict::success, Reason::enrolled, std::string(say(Phrase::enrol_done)));
    }
    co_return end(Verdict::denied, status.state == "suspended" ? Reason::suspended : Reason::cannot_enrol, {},
                  "the account was changed while somebody enrolled: sign in again");
}

Task<Step> DoorEnrolment::check_beginning(std::string text) {
    std::string typed = bare(text);
    wipe(text);
    const bool right = typed.size() >= recovery_beginning &&
                       std::any_of(recovery_codes_.begin(), recovery_codes_.end(),
                                   [&](const Secret& code) { return bare(code.text()).starts_with(typed); });
    wipe(typed);  // it may have been the whole of a code
    if (right) {
        auto waits = let_in();
        co_return co_await waits;
    }
    if (++wrong_ >= most_wrong_beginnings) {
        co_return end(Verdict::denied, Reason::enrolled, {},
                      "the key is confirmed, but the recovery codes were not acknowledged");
    }
    co_return prompt_of_codes(true);
}

}  // namespace warifu
