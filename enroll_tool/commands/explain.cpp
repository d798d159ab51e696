// policy explain: what policy says of one sign-in, and which rule says so.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 5> sentences{{
    {"exempt", N_("Nobody is asked: %1 signs in at %2 without a code.")},
    {"pass", N_("%1 is asked for a code at %2, and passes without one until enrolled.")},
    {"by-line", N_("%1 is asked for a code at %2; who is not enrolled passes where the PAM line says nullok, "
                   "and is refused "
                   "elsewhere.")},
    {"enrol", N_("%1 is asked for a code at %2; who is not enrolled enrols at the sign-in.")},
    {"refuse", N_("%1 is asked for a code at %2; who is not enrolled is refused.")},
}};

constexpr std::array<std::pair<std::string_view, const char*>, 3> code_sentences{{
    {"either", N_("A code does instead.")},
    {"both", N_("The code is wanted as well.")},
    {"none", N_("A code does not do instead.")},
}};

constexpr int seconds_in_minute = 60;

bool is_true(const ipc::Reply& reply, const char* name) {
    return reply.object().value(name, false);
}

std::string outcome(const ipc::Reply& reply) {
    for (const auto& [word, sentence] : sentences)
        if (word == reply.text("outcome"))
            return fill(tr(sentence), {printable(reply.text("user")), printable(reply.text("service"))});
    return printable(reply.text("outcome"));
}

void explain_approval(const ipc::Reply& rule, Output& page) {
    std::string asked;
    for (const std::string_view one : rule.texts("ask"))
        asked += (asked.empty() ? "" : ", ") + printable(one);
    const char* const sentence = is_true(rule, "together")
                                     ? N_("The approval rule in line %1 wants %2 to approve of each of: %3.")
                                     : N_("The approval rule in line %1 wants %2 to approve of all of: %3.");
    std::string text = fill(tr(sentence), {std::to_string(rule.number("rule_line")),
                                           std::to_string(rule.number("count")), asked});
    for (const auto& [word, of_code] : code_sentences)
        if (word == rule.text("code")) text += std::string(" ") + tr(of_code);
    page.text(wrapped(text));
    if (!is_true(rule, "sure"))
        page.text(
            wrapped(tr("A group did not answer: until it does, this rule may not be the one, and sign-ins "
                       "are refused.")));
}

void explain(const ipc::Reply& reply, Output& page) {
    page.text(wrapped(outcome(reply)));
    if (const auto turned = reply.maybe_text("turned")) {
        page.text(wrapped(tr("A switch that an administrator turned says so: see `warifu switch list`.")));
        if (*turned == "second_factor") return;
    }
    const auto line = reply.number("rule_line");
    page.text(wrapped(
        line == 0 ? std::string(tr("No rule fits: [policy] unenrolled decides."))
                  : fill(tr("The rule in line %1 of the configuration says so."), {std::to_string(line)})));
    if (const auto approval = reply.object().find("approval"); approval != reply.object().end())
        explain_approval(ipc::Reply(*approval), page);
    if (is_true(reply, "required"))
        page.text(wrapped(tr("An administrator requires this account to enrol.")));
    if (is_true(reply, "after_reset"))
        page.text(wrapped(tr("The account was reset a short while ago: it may enrol at the next sign-in.")));
    if (const auto date = reply.maybe_text("announced"))
        page.text(wrapped(fill(tr("From %1 on a stricter rule counts."), {printable(*date)})));
    if (!is_true(reply, "listed"))
        page.text(
            wrapped(tr("PAM lines with the option \"listed\" step aside here: [policy] services does not "
                       "name this service.")));
    if (!is_true(reply, "may_enrol"))
        page.text(wrapped(tr("People do not enrol themselves here: [enrolment] self.")));
    if (!is_true(reply, "may_enrol_from_here"))
        page.text(
            wrapped(tr("Nobody enrols at a sign-in from there: [enrolment] networks does not hold it.")));
    if (const auto seconds = reply.number("remembered_for"); seconds != 0)
        page.text(wrapped(fill(tr("A sign-in there stands for %1 minutes: nobody is asked again meanwhile."),
                               {std::to_string(seconds / seconds_in_minute)})));
}

}  // namespace

ExitCode run_policy_explain(Session& session) {
    ipc::Request request = account_request(session, "Explain");
    request.text("service", session.required("--service"));
    if (const auto rhost = session.given().text("--rhost")) request.text("rhost", *rhost);
    const ipc::Reply reply = session.call(std::move(request));
    if (session.json()) return session.print(reply);
    explain(reply, session.out());
    return ExitCode::done;
}

}  // namespace warifu
