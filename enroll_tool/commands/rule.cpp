// rule add, rule list, rule remove: what somebody who approves for others has decided beforehand.
#include <string>

#include "core/phrase/fill.h"
#include "enroll_tool/comma_list.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

std::string joined(const ipc::Reply& rule, const char* field) {
    std::string all;
    for (const std::string_view word : rule.texts(field)) all += (all.empty() ? "" : ",") + printable(word);
    return all;
}

// "k3f7q2aa  approve  users=alice services=sshd  until 2027-01-31 09:05"
std::string line_of(const ipc::Reply& rule) {
    std::string conditions;
    for (const char* field : {"users", "services", "hosts", "networks", "hours"})
        if (const std::string values = joined(rule, field); !values.empty())
            conditions += std::string(conditions.empty() ? "" : " ") + field + "=" + values;
    return padded(printable(rule.text("rule")), 10) + padded(printable(rule.text("says")), 9) + conditions +
           "  " + fill(tr("until %1"), {moment(rule.number("until"))}) + "\n";
}

}  // namespace

ExitCode run_rule_add(Session& session) {
    const Invocation& given = session.given();
    ipc::Request request = account_request(session, "AddRule");
    request.truth("deny", given.has("--deny"));
    const std::pair<const char*, const char*> lists[] = {{"--of", "users"},
                                                         {"--service", "services"},
                                                         {"--host", "hosts"},
                                                         {"--network", "networks"},
                                                         {"--hours", "hours"}};
    for (const auto& [option, field] : lists)
        if (const auto list = given.text(option)) request.texts(field, comma_list(*list));
    if (const auto span = given.number("--for")) request.number("seconds", *span);
    const ipc::Reply added = session.call(std::move(request));
    if (session.json()) return session.print(added);
    session.out().text(line_of(added));
    return ExitCode::done;
}

ExitCode run_rule_list(Session& session) {
    const ipc::Reply list = session.call(account_request(session, "ListRules"));
    if (session.json()) return session.print(list);
    const auto rules = list.objects("rules");
    if (rules.empty()) session.out().text(wrapped(tr("There are no rules: you are asked each time.")));
    for (const ipc::Reply& rule : rules) session.out().text(line_of(rule));
    return ExitCode::done;
}

ExitCode run_rule_remove(Session& session) {
    ipc::Request request = account_request(session, "RemoveRule");
    request.text("rule", session.required("RULE"));
    const ipc::Reply removed = session.call(std::move(request));
    if (session.json()) return session.print(removed);
    session.out().text(wrapped(fill(tr("The rule %1 is gone."), {printable(removed.text("rule"))})));
    return ExitCode::done;
}

}  // namespace warifu
