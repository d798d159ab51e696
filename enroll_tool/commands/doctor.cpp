#include <unistd.h>

#include <algorithm>
#include <string>

#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/gather.h"
#include "enroll_tool/printable.h"

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

void show(const Finding& finding, Output& page) {
    const std::string_view pattern =
        severity_of(finding) == Severity::fault ? "Fault: %1: %2 [%3]\n" : "Warning: %1: %2 [%3]\n";
    page.text(fill(pattern, {printable(finding.subject), printable(finding.message.english()),
                             doctor::row_of(finding.kind).id}));
    page.text(fill("  Remedy: %1\n", {printable(finding.remedy.english())}));
}

void show_sum(std::size_t faults, std::size_t warnings, Output& page) {
    if (faults + warnings == 0)
        page.text("All is well: nothing is wrong.\n");
    else if (faults == 0)
        page.text(fill("All is well: no fault was found. Warnings: %1.\n", {std::to_string(warnings)}));
    else
        page.text(fill("Faults: %1. Warnings: %2.\n", {std::to_string(faults), std::to_string(warnings)}));
}

void show(const Findings& findings, const doctor::Facts& facts, std::size_t faults, bool root, Output& page) {
    for (const Finding& finding : findings) show(finding, page);
    for (const doctor::Sentence& what : facts.unchecked)
        page.text(fill("Not looked at: %1\n", {printable(what.english())}));
    if (root || faults > 0) show_sum(faults, findings.size() - faults, page);
    if (!root) page.text("Run it as root for the rest.\n");
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
