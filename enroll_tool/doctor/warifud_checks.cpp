#include <algorithm>

#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor {

namespace {

using enum Kind;

void check_not_in_force(const ConfigFacts& config, Findings& findings) {
    if (config.problem.empty()) return;
    constexpr const char* remedy =
        N_("Mend it until `warifu config check` is content; then systemctl reload warifud.");
    if (!config.may_see_last_good)
        findings.push_back(
            {config_bad, config.file, Sentence(N_("the file is not in force: %1"), config.problem), remedy});
    else if (config.in_force)
        findings.push_back(
            {config_bad, config.file,
             Sentence(N_("the file is not in force, the last good configuration is: %1"), config.problem),
             remedy});
    else
        findings.push_back(
            {config_refuses_all, config.file,
             Sentence(N_("no configuration is in force, and every sign-in is refused: %1"), config.problem),
             remedy});
}

void check_shared_key(const WarifudFacts::Shared& key, Findings& findings) {
    const std::string subject = "shared:" + key.name;
    findings.push_back({shared_key, subject,
                        N_("people share this key: each can make the codes of all, and a guess that is right "
                           "is right for all"),
                        N_("Give a key of their own to as many as you can: warifu enroll --user USER.")});
    if (key.overdue)
        findings.push_back({shared_key_overdue, subject,
                            N_("its schedule wanted it replaced, and nobody did"),
                            N_("warifu shared rotate --due; warifud does it by itself where it runs.")});
    if (key.guessed)
        findings.push_back({shared_key_guessed, subject,
                            N_("too many wrong codes: whoever has not signed in with it before waits"),
                            Sentence(N_("If somebody guesses: warifu shared rotate %1 --now."), key.name)});
    for (const std::string& group : key.unknown_groups)
        findings.push_back(
            {shared_key_group, subject,
             Sentence(N_("the group %1 is not there or does not answer: whoever has no key of "
                         "their own is refused, root too"),
                      group),
             Sentence(N_("Bring the group back, or name others: warifu shared change %1 --group LIST."),
                      key.name)});
}

}  // namespace

namespace {

bool has_source(const ConfigInForce& config, const char* source) {
    return std::ranges::find(config.sources, source) != config.sources.end();
}

void check_sources(const ConfigInForce& config, const std::string& file, Findings& findings) {
    if (has_source(config, "home"))
        findings.push_back(
            {sources_home, file,
             N_("[store] sources has \"home\": whatever runs as a person can read and replace the "
                "person's key, without a proof"),
             N_("Use \"central\" alone, unless you accept that.")});
    const std::string& keys = config.google_authenticator_file;
    if (has_source(config, "google-authenticator") &&
        (keys.starts_with('~') || keys.find("${HOME}") != keys.npos))
        findings.push_back(
            {sources_home, file,
             N_("[store] sources has \"google-authenticator\", with files in the homes: whatever runs as a "
                "person "
                "can read and replace the person's key, without a proof"),
             N_("Have people enrol with `warifu enroll`, then take \"google-authenticator\" out.")});
}

}  // namespace

Findings check_config(const Facts& facts) {
    const ConfigFacts& config = facts.config;
    Findings findings;
    if (config.unknown) {
        findings.push_back({config_unknown, config.file, *config.unknown,
                            N_("Install warifud again: it did not say which configuration is in force.")});
        return findings;
    }
    check_not_in_force(config, findings);
    for (const std::string& warning : config.warnings)
        findings.push_back(
            {config_warning, config.file, {"%1", warning}, N_("Change the value, unless it is meant.")});
    if (config.differs_from_last_good && config.problem.empty() && facts.warifud.not_running.empty())
        findings.push_back({config_not_reloaded, config.file,
                            N_("the file was changed since warifud read it, and is not in force yet"),
                            "systemctl reload warifud"});
    if (config.in_force) check_sources(*config.in_force, config.file, findings);
    return findings;
}

Findings check_warifud(const Facts& facts) {
    const WarifudFacts& warifud = facts.warifud;
    Findings findings;
    if (!warifud.unreachable.empty()) {
        findings.push_back({warifud_unreachable,
                            "warifud",
                            {"%1", warifud.unreachable},
                            N_("Install warifud again, or look into its log: journalctl -t warifud.")});
        return findings;
    }
    if (!warifud.not_running.empty())
        findings.push_back({warifud_not_running,
                            warifud.socket,
                            {"%1", warifud.not_running},
                            N_("systemctl enable --now warifud.socket: root's sign-ins work without it, more "
                               "slowly; lockers and other programs without root do not.")});
    if (!warifud.version.empty() && warifud.version != warifud.own_version)
        findings.push_back({warifud_version, "warifud",
                            Sentence(N_("warifud %1 is running, and this is warifu %2"), warifud.version,
                                     warifud.own_version),
                            "systemctl restart warifud"});
    for (const auto& one : warifud.turned)
        findings.push_back(
            {switched_off, one.service.empty() ? "warifud" : one.service,
             one.off ? Sentence(N_("the second factor is switched off (by %1): nobody is asked"), one.by)
                     : Sentence(N_("a switch (by %1) lets whoever is not enrolled pass"), one.by),
             Sentence(N_("Turn it back: warifu switch turn %1"),
                      std::string(one.off ? "second-factor" : "unregistered") + " default" +
                          (one.service.empty() ? "" : " --service " + one.service))});
    for (const auto& key : warifud.shared) check_shared_key(key, findings);
    if (!warifud.store.empty() && warifud.store != "ok")
        findings.push_back({store_unhealthy,
                            "warifud",
                            {"%1", warifud.store},
                            N_("Do what the line above says; then systemctl restart warifud.")});
    return findings;
}

}  // namespace warifu::doctor
