#include <array>
#include <string>

#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/recovery_page.h"
#include "ipc/wire/protocol.h"

namespace warifu {

namespace {

struct Ending {
    std::string_view verdict;
    ExitCode exit;
    std::string_view word;
};

// "ignored" lets a sign-in pass without a factor; for whoever asks whether a code is right it is a no.
constexpr std::array<Ending, 5> endings{{{wire::verdict_success, ExitCode::done, "Right"},
                                         {wire::verdict_denied, ExitCode::denied, "Denied"},
                                         {wire::verdict_limited, ExitCode::denied, "Limited"},
                                         {wire::verdict_ignored, ExitCode::denied, "Not checked"},
                                         {wire::verdict_unavailable, ExitCode::unavailable, "Unavailable"}}};

Ending ending_of(std::string_view verdict) {
    for (const Ending& ending : endings)
        if (ending.verdict == verdict) return ending;
    return {verdict, ExitCode::unavailable, "Unavailable"};
}

struct Explanation {
    std::string_view reason, words;
};

constexpr std::array<Explanation, 8> explanations{{
    {"bad_code", "the code is wrong"},
    {"replayed", "the code was used before; wait for the next one"},
    {"mark_ahead", "codes from later than now were used: the clock was set back"},
    {"not_enrolled", "the account has no second factor"},
    {"suspended", "the account's second factor is suspended"},
    {"limited", "too many wrong codes"},
    {"junk", "this is neither a code nor a recovery code"},
    {"unavailable", "warifud could not check it; its log says why"},
}};

std::string explain(std::string_view reason) {
    for (const Explanation& known : explanations)
        if (known.reason == reason) return std::string(known.words);
    return printable(reason);
}

void show_verdict(const ipc::Reply& verdict, const Ending& ending, Output& page) {
    std::string line(ending.word);
    if (ending.exit != ExitCode::done) line += ": " + explain(verdict.text("reason"));
    if (const auto id = verdict.maybe_text("authenticator")) line += " (" + printable(*id) + ")";
    line += ".";
    if (const auto wait = verdict.maybe_number("retry_after"))
        line += " Try again in " + span_of_time(*wait) + ".";
    if (const auto left = verdict.maybe_number("recovery_codes_left"))
        line += " That was a recovery code: " + recovery_codes_left(*left) + ".";
    page.text(wrapped(line));
}

}  // namespace

ExitCode run_verify(Session& session) {
    ipc::Request request = account_request(session, "Verify");
    request.secret("code", session.code("CODE", "Code: "));
    const ipc::Reply verdict = session.call(std::move(request));
    const Ending ending = ending_of(verdict.text("verdict"));
    if (session.json())
        session.print(verdict);
    else
        show_verdict(verdict, ending, session.out());
    return ending.exit;
}

}  // namespace warifu
