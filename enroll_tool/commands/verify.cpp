#include <array>
#include <string>

#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"
#include "ipc/wire/protocol.h"

namespace warifu {

namespace {

struct Ending {
    std::string_view verdict;
    ExitCode exit;
    const char* word;
};

constexpr const char* unavailable = N_("Unavailable");

// "ignored" lets a sign-in pass without a factor; for whoever asks whether a code is right it is a no.
constexpr std::array<Ending, 5> endings{{{wire::verdict_success, ExitCode::done, N_("Right")},
                                         {wire::verdict_denied, ExitCode::denied, N_("Denied")},
                                         {wire::verdict_limited, ExitCode::denied, N_("Limited")},
                                         {wire::verdict_ignored, ExitCode::denied, N_("Not checked")},
                                         {wire::verdict_unavailable, ExitCode::unavailable, unavailable}}};

Ending ending_of(std::string_view verdict) {
    for (const Ending& ending : endings)
        if (ending.verdict == verdict) return ending;
    return {verdict, ExitCode::unavailable, unavailable};
}

struct Explanation {
    std::string_view reason;
    const char* words;
};

constexpr std::array<Explanation, 8> explanations{{
    {"bad_code", N_("the code is wrong")},
    {"replayed", N_("the code was used before; wait for the next one")},
    {"mark_ahead", N_("codes from later than now were used: the clock was set back")},
    {"not_enrolled", N_("the account has no second factor")},
    {"suspended", N_("the account's second factor is suspended")},
    {"limited", N_("too many wrong codes")},
    {"junk", N_("this is neither a code nor a recovery code")},
    {"unavailable", N_("warifud could not check it; its log says why")},
}};

std::string explain(std::string_view reason) {
    for (const Explanation& known : explanations)
        if (known.reason == reason) return tr(known.words);
    return printable(reason);
}

void show_verdict(const ipc::Reply& verdict, const Ending& ending, Output& page) {
    std::string line(tr(ending.word));
    if (ending.exit != ExitCode::done) line = fill(tr("%1: %2"), {line, explain(verdict.text("reason"))});
    if (const auto id = verdict.maybe_text("authenticator")) line += " (" + printable(*id) + ")";
    line = fill(tr("%1."), {line});
    if (const auto wait = verdict.maybe_number("retry_after"))
        line += fill(tr(" Try again in %1."), {span_of_time(*wait)});
    if (const auto left = verdict.maybe_number("recovery_codes_left"))
        line +=
            fill(trn(" That was a recovery code: %1 recovery code left.",
                     " That was a recovery code: %1 recovery codes left.", static_cast<unsigned long>(*left)),
                 {std::to_string(*left)});
    page.text(wrapped(line));
}

}  // namespace

ExitCode run_verify(Session& session) {
    ipc::Request request = account_request(session, "Verify");
    request.secret("code", session.code("CODE", tr("Code: ")));
    const ipc::Reply verdict = session.call(std::move(request));
    const Ending ending = ending_of(verdict.text("verdict"));
    if (session.json())
        session.print(verdict);
    else
        show_verdict(verdict, ending, session.out());
    return ending.exit;
}

}  // namespace warifu
