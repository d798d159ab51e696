#include <unistd.h>

#include <algorithm>
#include <string>

#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/gather.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Severity;

Severity severity_of(const Finding& finding) {
    return doctor::row_of(finding.kind).severity;
}

nlohmann::json object_of(const Findings& findings, const doctor::Facts& facts) {
    nlohmann::json faults = nlohmann::json::array();
    for (const Finding& finding : findings)
        faults.push_back({{"id", std::string(doctor::row_of(finding.kind).id)},
                          {"severity", severity_of(finding) == Severity::fault ? "fault" : "warning"},
                          {"subject", finding.subject},
                          {"message", finding.message.english()},
                          {"remedy", finding.remedy.english()}});
    nlohmann::json unchecked = nlohmann::json::array();
    for (const doctor::Sentence& what : facts.unchecked) unchecked.push_back(what.english());
    return {{"faults", std::move(faults)}, {"unchecked", std::move(unchecked)}};
}

// What others said, warifud or an error of ours, is a value where a sentence has a place for it.
std::string value_of(const std::string& value) {
    return value.find(' ') == value.npos ? value : tr_message(value);
}

std::string translated(const doctor::Sentence& sentence) {
    return printable(fill(tr(sentence.pattern), {value_of(sentence.first), value_of(sentence.second)}));
}

void show(const Finding& finding, Output& page) {
    const char* const pattern =
        severity_of(finding) == Severity::fault ? tr("Fault: %1: %2 [%3]") : tr("Warning: %1: %2 [%3]");
    page.text(fill(
        pattern, {printable(finding.subject), translated(finding.message), doctor::row_of(finding.kind).id}));
    page.text("\n  " + fill(tr("Remedy: %1"), {translated(finding.remedy)}) + "\n");
}

void show_sum(std::size_t faults, std::size_t warnings, Output& page) {
    if (faults + warnings == 0)
        page.text(wrapped(tr("All is well: nothing is wrong.")));
    else if (faults == 0)
        page.text(
            wrapped(fill(tr("All is well: no fault was found. Warnings: %1."), {std::to_string(warnings)})));
    else
        page.text(wrapped(
            fill(tr("Faults: %1. Warnings: %2."), {std::to_string(faults), std::to_string(warnings)})));
}

void show(const Findings& findings, const doctor::Facts& facts, std::size_t faults, bool root, Output& page) {
    for (const Finding& finding : findings) show(finding, page);
    for (const doctor::Sentence& what : facts.unchecked)
        page.text(fill(tr("Not looked at: %1"), {translated(what)}) + "\n");
    if (root || faults > 0) show_sum(faults, findings.size() - faults, page);
    if (!root) page.text(wrapped(tr("Run it as root for the rest.")));
}

}  // namespace

ExitCode run_doctor(Session& session) {
    const doctor::Facts facts = doctor::gather(session.endpoint());
    const Findings findings = doctor::examine(facts);
    const auto faults = static_cast<std::size_t>(std::ranges::count(findings, Severity::fault, severity_of));
    const bool root = geteuid() == 0;
    if (session.json())
        session.out().object(object_of(findings, facts));
    else
        show(findings, facts, faults, root, session.out());
    if (!root) return ExitCode::not_permitted;
    return faults > 0 ? ExitCode::denied : ExitCode::done;
}

}  // namespace warifu
