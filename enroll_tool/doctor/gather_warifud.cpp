#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error/error.h"
#include "enroll_tool/doctor/gather.h"
#include "enroll_tool/doctor/program_output.h"
#include "enroll_tool/doctor/text_file.h"
#include "enroll_tool/moment.h"
#include "ipc/client/errors.h"
#include "ipc/wire/connect.h"

namespace warifu::doctor {

namespace {

using nlohmann::json;

constexpr const char* default_config = "/etc/warifu/warifu.conf";
// Where warifud keeps it, wherever the store is.
constexpr const char* last_good = "/var/lib/warifu/store/last-good.conf";
constexpr const char* administrators_groups[] = {"sudo", "wheel"};
constexpr std::size_t most_accounts = 10'000, most_asked_about = 1'000, most_administrators = 200;
constexpr std::int64_t accounts_of_a_page = 100;
constexpr std::chrono::seconds health_deadline{3};
constexpr std::int64_t patience_seconds = 2 * 3'600;  // warifud looks at the schedules once an hour

// ---- the configuration, as `warifud --check-config --json` tells it

Unenrolled unenrolled_of(const std::string& word) {
    if (word == "by-line") return Unenrolled::by_line;
    if (word == "pass") return Unenrolled::pass;
    return word == "enrol" ? Unenrolled::enrol : Unenrolled::refuse;
}

ConfigInForce in_force_of(const json& object) {
    const json &store = object.at("store"), &policy = object.at("policy");
    return {.store_directory = store.at("directory"),
            .key_file = store.at("key_file"),
            .text_file = store.at("text_file"),
            .google_authenticator_file = store.at("google_authenticator_file"),
            .google_authenticator_user = store.at("google_authenticator_user"),
            .sources = store.at("sources"),
            .unenrolled = unenrolled_of(policy.at("unenrolled")),
            .services = policy.at("services")};
}

void read_answer(const json& answer, ConfigFacts& config) {
    if (answer.contains("message")) config.problem = answer.at("message");
    config.warnings = answer.value("warnings", std::vector<std::string>());
    if (answer.contains("in_force")) config.in_force = in_force_of(answer.at("in_force"));
}

// ---- warifud

void read_health(ipc::Connection& connection, WarifudFacts& warifud) {
    const ipc::Reply health = connection.call(ipc::Request("Health"), health_deadline);
    warifud.version = health.text("version");
    warifud.store = health.text("store");
}

// Whoever listens at the socket, if somebody does who answers.
std::optional<ipc::Connection> at_the_socket(const ipc::Endpoint& endpoint, WarifudFacts& warifud) {
    warifud.socket = endpoint.socket;
    if (warifud.socket.empty()) warifud.socket = geteuid() == 0 ? wire::root_socket : wire::user_socket;
    try {
        // A socket that is named, and no configuration: none is started.
        ipc::Connection connection = ipc::reach({warifud.socket, "", endpoint.daemon});
        read_health(connection, warifud);
        return connection;
    } catch (const std::runtime_error& error) {
        warifud.not_running = error.what();
        return std::nullopt;
    }
}

std::optional<ipc::Connection> started_for_this(const ipc::Endpoint& endpoint, WarifudFacts& warifud) {
    try {
        ipc::Connection connection = ipc::reach(endpoint);
        read_health(connection, warifud);
        warifud.version.clear();  // nobody listens
        return connection;
    } catch (const std::runtime_error& error) {
        warifud.unreachable = error.what();
        return std::nullopt;
    }
}

// ---- accounts

std::vector<std::string> administrators() {
    std::vector<std::string> names;
    if (const passwd* root = getpwuid(0)) names.emplace_back(root->pw_name);
    for (const char* group : administrators_groups) {
        const ::group* const found = getgrnam(group);
        if (found == nullptr) continue;
        for (char** member = found->gr_mem; *member != nullptr && names.size() < most_administrators;
             ++member)
            names.emplace_back(*member);
    }
    return names;
}

AccountFact account_of(const ipc::Reply& listed) {
    return {std::string(listed.text("user")),
            std::string(listed.text("state")),
            listed.number("authenticators"),
            listed.number("recovery_codes_left"),
            {}};
}

// False: there are more than are looked at.
bool list_accounts(ipc::Connection& connection, std::vector<AccountFact>& accounts) {
    std::string cursor;
    do {
        ipc::Request request("List");
        request.number("limit", accounts_of_a_page);
        if (!cursor.empty()) request.text("cursor", cursor);
        const ipc::Reply page = connection.call(std::move(request));
        for (const ipc::Reply& listed : page.objects("accounts")) accounts.push_back(account_of(listed));
        cursor = page.maybe_text("cursor").value_or("");
    } while (!cursor.empty() && accounts.size() < most_accounts);
    return cursor.empty();
}

void ask_about(ipc::Connection& connection, AccountFact& account) {
    ipc::Request request("Status");
    request.text("user", account.user);
    try {
        const ipc::Reply status = connection.call(std::move(request));
        account.user = status.text("user");
        account.state = status.text("state");
        account.authenticators = static_cast<std::int64_t>(status.objects("authenticators").size());
        account.recovery_codes_left = status.number("recovery_codes_left");
        for (const std::string_view note : status.texts("notes")) account.notes.emplace_back(note);
    } catch (const ipc::NoReply&) {
        throw;
    } catch (const std::runtime_error& error) {
        account.state = "unavailable";
    }
}

void gather_accounts(ipc::Connection& connection, Facts& facts) {
    auto& [accounts, admins, complete] = facts.accounts;
    admins = administrators();
    const bool all = list_accounts(connection, accounts);
    // The list has no notes, and not those whose credentials are in no store of warifud's.
    for (const std::string& name : admins)
        if (std::ranges::find(accounts, name, &AccountFact::user) == accounts.end())
            accounts.insert(accounts.begin(), AccountFact{name, "none", 0, 0, {}});
    for (std::size_t i = 0; i < accounts.size() && i < most_asked_about; ++i)
        ask_about(connection, accounts[i]);
    complete = true;
    if (!all || accounts.size() > most_asked_about)
        facts.unchecked.emplace_back(N_("Accounts: there are more than the doctor looks at."));
}

void gather_switches(ipc::Connection& connection, WarifudFacts& warifud) {
    const ipc::Reply list = connection.call(ipc::Request("Switches"));
    for (const ipc::Reply& one : list.objects("switches")) {
        const bool off = one.text("second_factor") == "off";
        if (off || one.text("unregistered") == "allow")
            warifud.turned.push_back({std::string(one.text("service")), std::string(one.text("by")), off});
    }
}

void gather_shared_keys(ipc::Connection& connection, Facts& facts) {
    try {
        const ipc::Reply list = connection.call(ipc::Request("ListSharedKeys"));
        for (const ipc::Reply& key : list.objects("keys")) {
            const auto next = key.maybe_number("next");
            WarifudFacts::Shared shared{std::string(key.text("key")),
                                        next && *next + patience_seconds < unix_now(),
                                        key.maybe_number("newcomers_wait_until").has_value(),
                                        {}};
            if (const auto groups = key.maybe_texts("unknown_groups"))
                shared.unknown_groups.assign(groups->begin(), groups->end());
            facts.warifud.shared.push_back(std::move(shared));
        }
    } catch (const ipc::NoReply&) {
        throw;
    } catch (const std::runtime_error& error) {
        // A record that cannot be read hides no account.
        facts.unchecked.push_back(Sentence(N_("Shared keys: %1."), error.what()));
    }
}

void gather_own_account(ipc::Connection& connection, Facts& facts) {
    facts.unchecked.emplace_back(N_("Accounts: only root may look at other people's."));
    AccountFact own;
    ask_about(connection, own);
    if (!own.user.empty()) facts.accounts.accounts.push_back(std::move(own));
}

}  // namespace

void gather_config(const ipc::Endpoint& endpoint, Facts& facts) {
    ConfigFacts& config = facts.config;
    config.file = endpoint.config.empty() ? default_config : endpoint.config;
    const std::string daemon = endpoint.daemon.empty() ? ipc::installed_daemon() : endpoint.daemon;
    try {
        const ProgramOutput output = output_of({daemon, "--check-config", "--json", "--config", config.file});
        read_answer(json::parse(output.out), config);
    } catch (const Unavailable& error) {
        config.unknown = Sentence("%1", error.what());
    } catch (const json::exception&) {
        config.unknown = Sentence(N_("%1 --check-config did not answer"), daemon);
    }
    config.may_see_last_good = geteuid() == 0;
    if (!config.may_see_last_good) return;
    const auto file = text_of_file(config.file), copy = text_of_file(last_good);
    config.differs_from_last_good = file && copy && *file != *copy;
}

void gather_warifud(const ipc::Endpoint& endpoint, Facts& facts) {
    facts.warifud.own_version = WARIFU_VERSION;
    std::optional<ipc::Connection> connection;
    // With a configuration and no socket nobody's socket is meant.
    if (endpoint.config.empty() || !endpoint.socket.empty())
        connection = at_the_socket(endpoint, facts.warifud);
    if (!connection && geteuid() == 0) connection = started_for_this(endpoint, facts.warifud);
    if (!connection || facts.warifud.store != "ok") return;
    try {
        if (geteuid() == 0) {
            gather_switches(*connection, facts.warifud);
            gather_shared_keys(*connection, facts);
            gather_accounts(*connection, facts);
        } else {
            gather_own_account(*connection, facts);
        }
    } catch (const std::runtime_error& error) {
        facts.unchecked.push_back(Sentence(N_("Accounts: %1."), error.what()));
    }
}

}  // namespace warifu::doctor
