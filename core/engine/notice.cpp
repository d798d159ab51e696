#include "core/engine/notice.h"

#include <nlohmann/json.hpp>

#include "core/phrase/fill.h"

namespace warifu {

namespace {

using nlohmann::json;

// Hostile bytes of a remote name or a command must not drive whatever shows the message: control characters
// and those that turn text around are replaced.
std::string shown(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = [&](std::size_t by) {
            return i + by < text.size() ? static_cast<unsigned char>(text[i + by]) : 0U;
        };
        const bool control = byte < 0x20 || byte == 0x7F || (byte == 0xC2 && next(1) < 0xA0);
        // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
        const bool turns = byte == 0xE2 && ((next(1) == 0x80 && (next(2) == 0x8E || next(2) == 0x8F ||
                                                                 (next(2) >= 0xA8 && next(2) <= 0xAE))) ||
                                            (next(1) == 0x81 && next(2) >= 0xA6 && next(2) <= 0xA9));
        if (control || turns) {
            result += "\xEF\xBF\xBD";  // U+FFFD
            i += turns ? 2 : byte == 0xC2 ? 1 : 0;
        } else {
            result += text[i];
        }
    }
    return result;
}

// Of a site's realm the realm as well: its "root" is not this host's.
std::string who_of(const Request& request) {
    const auto& [realm, name] = request.subject;
    return shown(realm == "host" ? name : realm + "/" + name);
}

std::string text_of(const Request& request, Language language, Ports& ports) {
    const auto& facts = request.facts;
    const std::string user = who_of(request), host = shown(facts.host);
    const std::string from = shown(facts.rhost.empty() ? facts.tty : facts.rhost);
    std::string text;
    if (!facts.message.empty()) {
        text = fill(ports.say(language, Phrase::approval_message), {user, host, shown(facts.message)});
    } else if (!facts.command.empty()) {
        text = fill(ports.say(language, Phrase::approval_command),
                    {user, host, shown(facts.run_as), shown(facts.command), shown(facts.directory)});
    } else {
        text = fill(ports.say(language, Phrase::approval_sign_in),
                    {user, host, shown(facts.service), from.empty() ? "-" : from});
    }
    // (A door's is that of the command, which is shown.)
    if (!facts.digest.empty() && !request.asker.ends_with(" action")) {
        text += '\n' + shown(facts.digest);
    }
    if (request.number_mode == NumberMode::shown) {
        text += '\n' + fill(ports.say(language, Phrase::approval_number), {request.number});
    } else if (request.number_mode == NumberMode::typed) {
        text += '\n' + std::string(ports.say(language, Phrase::approval_number_typed));
    }
    return text;
}

json facts_of(const Request& request) {
    const auto& facts = request.facts;
    return {{"auth_req_id", request.id},
            {"kind", std::string(name(request.kind))},
            {"realm", request.subject.realm},
            {"user", request.subject.name},
            {"service", facts.service},
            {"host", facts.host},
            {"rhost", facts.rhost},
            {"source", request.source},
            {"tty", facts.tty},
            {"user_agent", facts.user_agent},
            {"command", facts.command},
            {"run_as", facts.run_as},
            {"directory", facts.directory},
            {"message", facts.message},
            {"digest", facts.digest}};
}

json message_of(const Request& request, const HolderTokens& tokens, const Config& config, bool blind,
                Ports& ports) {
    const Language language = config.language_of(request.facts.service);
    const auto say = [&](Phrase phrase) { return std::string(ports.say(language, phrase)); };
    json message = {{"language", std::string(name(language))},
                    {"expires", request.expires},
                    {"labels",
                     {{"open", say(Phrase::approval_open)},
                      {"approve", say(Phrase::approval_approve)},
                      {"deny", say(Phrase::approval_deny)}}}};
    if (blind) {
        message["title"] = say(Phrase::approval_title_blind);
        message["text"] = request.number_mode == NumberMode::shown
                              ? fill(say(Phrase::approval_number), {request.number})
                              : say(Phrase::approval_title_blind);
    } else {
        const bool sign_in = request.kind == RequestKind::sign_in;
        message["title"] = fill(say(sign_in ? Phrase::approval_title : Phrase::approval_title_action),
                                {who_of(request), shown(request.facts.host)});
        message["text"] = text_of(request, language, ports);
        message["request"] = facts_of(request);
    }
    if (!config.approval_url.empty()) {
        const auto link = [&](const Secret& token) {
            return config.approval_url + "/a/" + std::string(token.text());
        };
        const Secret& approve = blind ? tokens.blind_approve : tokens.approve;
        message["link"] = link(approve);
        // A button types no number.
        if (request.number_mode != NumberMode::typed) {
            message["approve"] = link(approve);
        }
        message["deny"] = link(blind ? tokens.blind_deny : tokens.deny);
    }
    return message;
}

// Who stands at a door, as against a program that asks and can wait.
bool at_a_door(const Request& request) {
    return request.kind == RequestKind::sign_in ||
           (!request.asker.starts_with("uid ") && !request.asker.starts_with("key "));
}

}  // namespace

Notice notice_for(const Request& request, const HolderTokens& tokens, const Config& config, Ports& ports) {
    Notice notice;
    notice.urgent = at_a_door(request);
    notice.about = request.id;
    notice.person = tokens.holder.substr(std::string_view("user:").size());
    for (const auto& channel : config.notify_order) {
        const auto found = config.notify.find(channel);
        if (found == config.notify.end()) {
            continue;
        }
        json message = message_of(request, tokens, config, found->second.blind, ports);
        std::string document = message.dump(-1, ' ', false, json::error_handler_t::replace);
        notice.forms.push_back({channel, Secret::copy_of(std::string_view(document))});
        wipe(document);
    }
    return notice;
}

}  // namespace warifu
