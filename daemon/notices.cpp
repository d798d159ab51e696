#include "daemon/notices.h"

#include <fcntl.h>
#include <syslog.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/source/owned_file.h"

namespace warifu {

namespace {

using nlohmann::json;

std::string filled(std::string pattern, const std::string& person) {
    constexpr std::string_view hole = "{user}";
    for (std::size_t at = pattern.find(hole); at != std::string::npos;
         at = pattern.find(hole, at + person.size())) {
        pattern.replace(at, hole.size(), person);
    }
    return pattern;
}

// What a file holds, without the end of its line: root's, or whoever wrote it would be who is told.
std::string secret_in(const std::string& path) {
    if (path.empty()) {
        return {};
    }
    const auto file = open_owned_file(AT_FDCWD, path, geteuid(), path);
    if (!file) {
        throw Unavailable(path + ": there is no such file");
    }
    const Secret content = read_owned_file(*file, path);
    std::string text(content.text());
    while (text.ends_with('\n') || text.ends_with('\r')) {
        text.pop_back();
    }
    return text;
}

Secret document_for(const NotifyChannel& channel, const std::string& person, const Secret& message) {
    json object = {{"type", channel.type}};
    const std::pair<const char*, std::string> texts[] = {{"url", channel.url},
                                                         {"topic", filled(channel.topic, person)},
                                                         {"address", filled(channel.address, person)},
                                                         {"from", channel.sender},
                                                         {"token", secret_in(channel.token_file)},
                                                         {"secret", secret_in(channel.secret_file)}};
    for (const auto& [key, text] : texts) {
        if (!text.empty()) {
            object[key] = text;
        }
    }
    if (!channel.argv.empty()) {
        object["argv"] = channel.argv;
    }
    std::string text = "{\"channel\":" + object.dump(-1, ' ', false, json::error_handler_t::replace) +
                       ",\"message\":" + std::string(message.text()) + "}";
    Secret document = Secret::copy_of(std::string_view(text));
    wipe(text);
    return document;
}

}  // namespace

std::vector<std::string> problems_of_secrets(const Config& config) {
    std::vector<std::string> problems;
    for (const auto& [name, channel] : config.notify) {
        for (const std::string& path : {channel.token_file, channel.secret_file}) {
            try {
                std::string text = secret_in(path);
                wipe(text);
            } catch (const std::exception& error) {
                problems.push_back("notify." + name + ": nothing goes out by it: " + error.what());
            }
        }
    }
    return problems;
}

void Notices::send(Notice notice) {
    try_next(std::make_shared<Notice>(std::move(notice)), 0);
}

void Notices::try_next(std::shared_ptr<Notice> notice, std::size_t form) {
    const std::string about =
        "notify: request=" + notice->about + " person=" + escape_for_log(notice->person);
    if (form >= notice->forms.size()) {
        log_.line(LOG_ERR, about + ": no way took the message: the code remains");
        return;
    }
    const auto& chosen = notice->forms[form];
    const auto channel = channels_.find(chosen.channel);
    const auto failed = [this, notice, form, about, name = chosen.channel](const std::string& problem) {
        log_.line(LOG_WARNING, about + " way=" + name + ": " + problem);
        try_next(notice, form + 1);
    };
    if (channel == channels_.end()) {
        failed("the configuration has no such way any more");
        return;
    }
    try {
        processes_.deliver(document_for(channel->second, notice->person, chosen.document), notice->urgent,
                           [this, failed, about, name = chosen.channel](std::string problem) {
                               if (problem.empty()) {
                                   log_.line(LOG_INFO, about + " way=" + name + ": sent");
                               } else {
                                   failed(problem);
                               }
                           });
    } catch (const std::exception& error) {
        failed(error.what());
    }
}

}  // namespace warifu
