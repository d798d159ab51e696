#include "enroll_tool/app_choice.h"

#include <string>
#include <utility>
#include <vector>

#include "enroll_tool/apps.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr const char* apps_fail = N_("These apps would show wrong codes or refuse the key: %1.");

std::string names_of(const std::vector<const App*>& list) {
    std::string names;
    for (const App* app : list) names.append(names.empty() ? "" : ", ").append(app->title);
    return names;
}

// In English or for people.
std::vector<std::string> lines(const Session& session, const ipc::Reply& key,
                               std::string (AppWarning::*spoken)() const, const char* about_all) {
    const KeyDetails details = read_key_details(key.text("uri"));
    std::vector<std::string> result;
    if (const auto name = session.given().text("--app")) {
        for (const AppWarning& warning : warnings(*find_app(*name), details))
            result.push_back((warning.*spoken)());
    } else if (const auto failing = apps_that_fail(details); !failing.empty()) {
        result.push_back(fill(about_all, {names_of(failing)}));
    }
    return result;
}

}  // namespace

void warn_of_apps(const Session& session, const ipc::Reply& key, Output& page) {
    const auto all = lines(session, key, &AppWarning::translated, tr(apps_fail));
    for (const std::string& line : all) page.text(wrapped(line));
    if (!all.empty()) page.text("\n");
}

ipc::Reply with_app_warnings(const Session& session, const ipc::Reply& key) {
    nlohmann::json object = key.object();
    // A script gets what was answered, whatever that lacks.
    if (!key.maybe_text("uri")) return ipc::Reply(std::move(object));
    if (const auto all = lines(session, key, &AppWarning::english, apps_fail); !all.empty())
        object["warnings"] = all;
    return ipc::Reply(std::move(object));
}

}  // namespace warifu
