#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/doctor/text_file.h"
#include "enroll_tool/name_service.h"
#include "enroll_tool/nsswitch.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/report.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr char nsswitch_path[] = "/etc/nsswitch.conf";
constexpr std::size_t gap = 2;

struct Source {
    std::string service;
    NameAnswer answer;
};

struct StandingWords {
    Standing standing;
    std::string_view json;
    const char* word;
};
constexpr std::array<StandingWords, 4> standings{{
    {Standing::found, "found", N_("found")},
    {Standing::nobody, "not_found", N_("not there")},
    {Standing::unavailable, "unavailable", N_("no answer")},
    {Standing::missing, "missing", N_("not installed")},
}};

const StandingWords& words_of(Standing standing) {
    return *std::ranges::find(standings, standing, &StandingWords::standing);
}

std::vector<Source> ask_each(const std::string& name) {
    const std::string nsswitch = doctor::text_of_file(nsswitch_path).value_or("");
    std::vector<Source> sources;
    for (const std::string& service : name_services(nsswitch, "passwd"))
        sources.push_back({service, ask_name_service(service, name)});
    return sources;
}

// The first that says by itself what NSS says altogether. A cache, or an action in nsswitch.conf, may leave
// none.
const Source* source_of(const NameAnswer& whole, const std::vector<Source>& sources) {
    const auto same = [&whole](const Source& source) {
        return source.answer.standing == Standing::found && source.answer.person == whole.person;
    };
    const auto first = std::ranges::find_if(sources, same);
    return first == sources.end() ? nullptr : &*first;
}

nlohmann::json array_of(const std::vector<Source>& sources) {
    nlohmann::json array = nlohmann::json::array();
    for (const auto& [service, answer] : sources) {
        array.push_back({{"source", service},
                         {"answer", words_of(answer.standing).json},
                         {"microseconds", answer.took.count()}});
        if (answer.standing == Standing::found) array.back()["uid"] = answer.person.uid;
        if (!answer.error.empty()) array.back()["error"] = answer.error;
    }
    return array;
}

nlohmann::json object_of(const NameAnswer& whole, const std::vector<Source>& sources) {
    nlohmann::json object{{"user", whole.person.name},
                          {"uid", whole.person.uid},
                          {"gid", whole.person.gid},
                          {"home", whole.person.home},
                          {"shell", whole.person.shell},
                          {"groups", whole.groups},
                          {"microseconds", whole.took.count()},
                          {"groups_microseconds", whole.groups_took.count()},
                          {"sources", array_of(sources)}};
    if (whole.uids_owner) object["user_of_uid"] = *whole.uids_owner;
    if (const Source* const source = source_of(whole, sources)) object["source"] = source->service;
    return object;
}

void show_sources(const std::vector<Source>& sources, Output& page) {
    std::size_t first = columns(tr("SOURCE")), second = columns(tr("ANSWER"));
    for (const auto& [service, answer] : sources) {
        first = std::max(first, columns(printable(service)));
        second = std::max(second, columns(tr(words_of(answer.standing).word)));
    }
    const auto row = [&](std::string_view source, std::string_view answer, std::string_view time) {
        page.text("  " + padded(source, first + gap) + padded(answer, second + gap) + std::string(time) +
                  "\n");
    };
    row(tr("SOURCE"), tr("ANSWER"), tr("MICROSECONDS"));
    for (const auto& [service, answer] : sources)
        row(printable(service), tr(words_of(answer.standing).word), std::to_string(answer.took.count()));
}

void show(const std::string& asked, const NameAnswer& whole, const std::vector<Source>& sources,
          Output& page) {
    const Person& person = whole.person;
    page.text(wrapped(fill(asked == person.name ? tr("%1: NSS knows this login name.")
                                                : tr("%1: NSS knows this login name, and spells it %2."),
                           {printable(asked), printable(person.name)})));
    const std::size_t width =
        std::max({columns(tr("Uid")), columns(tr("Home")), columns(tr("Groups")), columns(tr("Answered"))}) +
        gap;
    const auto field = [&](const char* name, const std::string& value) {
        page.text(wrapped(padded(name, width) + value, 2));
    };
    std::string groups;
    for (const std::string& group : whole.groups) groups += (groups.empty() ? "" : " ") + printable(group);
    const Source* const source = source_of(whole, sources);
    const std::string took = std::to_string(whole.took.count());
    field(tr("Uid"), std::to_string(person.uid));
    field(tr("Home"), printable(person.home));
    field(tr("Groups"), groups);
    field(tr("Answered"), source == nullptr
                              ? fill(tr("in %1 microseconds, by none of the sources alone"), {took})
                              : fill(tr("in %1 microseconds, by %2"), {took, printable(source->service)}));
    if (whole.uids_owner.value_or("") != person.name)
        page.text(wrapped(
            fill(tr("Note: %1"), {whole.uids_owner ? fill(tr("to NSS the uid is %1's: two names share it"),
                                                          {printable(*whole.uids_owner)})
                                                   : std::string(tr("NSS has no name for the uid"))}),
            2));
    page.text("\n");
    show_sources(sources, page);
}

// Who is not found, with what each source said of it, which is what whoever asks wants to know.
ExitCode report_absence(const Session& session, const std::string& asked, const NameAnswer& whole,
                        const std::vector<Source>& sources) {
    const bool nobody = whole.standing == Standing::nobody;
    const std::string message = nobody ? fill("NSS knows nobody called %1", {asked})
                                       : fill("NSS cannot say who %1 is: %2",
                                              {asked, whole.error.empty() ? "no answer" : whole.error});
    if (session.json()) {
        session.out().object({{"error", nobody ? "not_found" : "unavailable"},
                              {"message", message},
                              {"sources", array_of(sources)}});
    } else {
        show_sources(sources, session.out());
        session.out().flush();
        complain(tr_message(message));
    }
    return nobody ? ExitCode::denied : ExitCode::unavailable;
}

}  // namespace

ExitCode run_whois(Session& session) {
    const std::string asked(session.required("NAME"));
    const NameAnswer whole = ask_nss(asked);
    const std::vector<Source> sources = ask_each(asked);
    if (whole.standing != Standing::found) return report_absence(session, asked, whole, sources);
    if (session.json())
        session.out().object(object_of(whole, sources));
    else
        show(asked, whole, sources, session.out());
    return ExitCode::done;
}

}  // namespace warifu
