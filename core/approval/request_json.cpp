#include "core/approval/request_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr int request_format = 1;

[[noreturn]] void damaged(std::string_view id) {
    throw Unavailable("the record of the request " + std::string(id) + " is damaged: ask again");
}

template <typename Enum>
Enum enumerator(const json& object, const char* key, Enum last, std::string_view id) {
    const auto number = object.at(key).get<unsigned>();
    if (number > static_cast<unsigned>(last)) {
        damaged(id);
    }
    return static_cast<Enum>(number);
}

// The facts by name, so that a newer one is not taken for another.
template <typename Visit>
void each_fact(RequestFacts& facts, Visit visit) {
    visit("service", facts.service);
    visit("host", facts.host);
    visit("rhost", facts.rhost);
    visit("tty", facts.tty);
    visit("user_agent", facts.user_agent);
    visit("command", facts.command);
    visit("run_as", facts.run_as);
    visit("directory", facts.directory);
    visit("message", facts.message);
    visit("digest", facts.digest);
}

Request read(const json& object, std::string_view id) {
    Request request;
    request.id = object.at("id").get<std::string>();
    request.kind = enumerator(object, "kind", RequestKind::action, id);
    request.state = enumerator(object, "state", RequestState::revoked, id);
    request.active = object.at("active").get<bool>();
    request.armed = object.at("armed").get<bool>();
    request.rev = object.at("rev").get<std::uint64_t>();
    request.subject = {object.at("realm").get<std::string>(), object.at("name").get<std::string>()};
    each_fact(request.facts, [&](const char* key, std::string& value) {
        value = object.at("facts").at(key).get<std::string>();
    });
    request.source = object.at("source").get<std::string>();
    request.asker = object.at("asker").get<std::string>();
    request.request_key = object.at("request_key").get<std::string>();
    request.created = object.at("created").get<std::int64_t>();
    request.expires = object.at("expires").get<std::int64_t>();
    request.decided = object.at("decided").get<std::int64_t>();
    request.number_mode = enumerator(object, "number_mode", NumberMode::typed, id);
    request.number = object.at("number").get<std::string>();
    request.wrong_numbers = object.at("wrong_numbers").get<int>();
    request.deny_reason = enumerator(object, "deny_reason", DenyReason::policy, id);
    for (const auto& need : object.at("needs")) {
        request.needs.push_back({need.at("label").get<std::string>(),
                                 need.at("holders").get<std::vector<std::string>>(),
                                 need.at("count").get<std::size_t>()});
    }
    for (const auto& text : object.value("hours", json::array())) {
        auto hours = Hours::parse(text.get<std::string>());
        if (!hours) {
            damaged(id);
        }
        request.hours.push_back(std::move(*hours));
    }
    for (const auto& token : object.at("tokens")) {
        request.tokens.push_back({hash_from_hex(token.at("hash").get<std::string>()),
                                  enumerator(token, "purpose", Verb::disarm, id),
                                  token.at("holder").get<std::string>(), token.at("blind").get<bool>()});
    }
    for (const auto& one : object.at("decisions")) {
        request.decisions.push_back({one.at("by").get<std::string>(),
                                     enumerator(one, "what", Verb::expire, id),
                                     one.at("at").get<std::int64_t>(), one.value("rule", std::string())});
    }
    for (const auto& one : object.at("sequences")) {
        request.sequences.push_back(
            {one.at("holder").get<std::string>(), one.at("last").get<std::uint64_t>()});
    }
    return request;
}

}  // namespace

std::string encode_request(const Request& request) {
    json object = {{"version", request_format},
                   {"id", request.id},
                   {"kind", static_cast<unsigned>(request.kind)},
                   {"state", static_cast<unsigned>(request.state)},
                   {"active", request.active},
                   {"armed", request.armed},
                   {"rev", request.rev},
                   {"realm", request.subject.realm},
                   {"name", request.subject.name},
                   {"source", request.source},
                   {"asker", request.asker},
                   {"request_key", request.request_key},
                   {"created", request.created},
                   {"expires", request.expires},
                   {"decided", request.decided},
                   {"number_mode", static_cast<unsigned>(request.number_mode)},
                   {"number", request.number},
                   {"wrong_numbers", request.wrong_numbers},
                   {"deny_reason", static_cast<unsigned>(request.deny_reason)},
                   {"needs", json::array()},
                   {"hours", json::array()},
                   {"tokens", json::array()},
                   {"decisions", json::array()},
                   {"sequences", json::array()}};
    RequestFacts facts = request.facts;
    each_fact(facts, [&](const char* key, std::string& value) { object["facts"][key] = value; });
    for (const auto& need : request.needs) {
        object["needs"].push_back({{"label", need.label}, {"holders", need.holders}, {"count", need.count}});
    }
    for (const auto& hours : request.hours) {
        object["hours"].push_back(hours.text());
    }
    for (const auto& token : request.tokens) {
        object["tokens"].push_back({{"hash", hex_of(token.hash)},
                                    {"purpose", static_cast<unsigned>(token.purpose)},
                                    {"holder", token.holder},
                                    {"blind", token.blind}});
    }
    for (const auto& one : request.decisions) {
        object["decisions"].push_back(
            {{"by", one.by}, {"what", static_cast<unsigned>(one.what)}, {"at", one.at}, {"rule", one.rule}});
    }
    for (const auto& one : request.sequences) {
        object["sequences"].push_back({{"holder", one.holder}, {"last", one.last}});
    }
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Request decode_request(std::string_view document, std::string_view id) {
    try {
        const json object = json::parse(document);
        if (object.at("version").get<int>() != request_format) {
            throw Unavailable("the record of the request " + std::string(id) +
                              " was written by a newer Warifu: upgrade this host");
        }
        Request request = read(object, id);
        if (request.id != id) {
            damaged(id);
        }
        return request;
    } catch (const json::exception&) {
        damaged(id);
    } catch (const std::invalid_argument&) {
        damaged(id);
    }
}

}  // namespace warifu
