#include "core/approval/desk.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr int desk_format = 1;

// A time that limits something and is later than now counts as now.
std::int64_t no_later(std::int64_t time, std::int64_t now) noexcept {
    return std::min(time, now);
}

template <typename T>
void keep_newest(std::vector<T>& list, std::size_t most) {
    if (list.size() > most) {
        list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(most));
    }
}

void forget_the_past(Desk& desk, std::int64_t now) {
    // What lasts longer than it ever can was written by a clock that was wrong.
    std::erase_if(desk.open, [&](const OpenSignIn& one) {
        return one.until <= now || one.until > now + longest_open_seconds;
    });
    std::erase_if(desk.refused, [&](const RefusedOrigin& one) {
        return one.until <= now || one.until > now + refused_seconds;
    });
    std::erase_if(desk.outstanding, [&](std::int64_t until) { return until <= now; });
    for (auto& block : desk.blocks) {
        block.since = no_later(block.since, now);
    }
    std::erase_if(desk.blocks, [&](const BlockedSource& one) { return one.since + not_me_seconds <= now; });
    for (auto* times : {&desk.sign_ins, &desk.actions, &desk.mails}) {
        for (auto& time : *times) {
            time = no_later(time, now);
        }
        std::erase_if(*times, [&](std::int64_t time) { return time + budget_seconds <= now; });
    }
    // Nobody rang for an hour: the pauses begin anew.
    if (desk.sign_ins.empty()) {
        desk.unanswered = 0;
    }
}

std::int64_t pause_after(std::uint32_t unanswered) noexcept {
    constexpr std::uint32_t most_doublings = 7;
    if (unanswered < free_unanswered) {
        return 0;
    }
    const auto doublings = std::min(unanswered - free_unanswered, most_doublings);
    return std::min(first_pause_seconds << doublings, longest_pause_seconds);
}

std::vector<OpenSignIn>::iterator find_open(Desk& desk, const std::string& id) {
    return std::find_if(desk.open.begin(), desk.open.end(),
                        [&](const OpenSignIn& one) { return one.id == id; });
}

}  // namespace

Admitted admit(Desk& desk, const std::string& origin, const std::string& source, std::int64_t now,
               const DeskLimits& limits) {
    forget_the_past(desk, now);
    for (const auto& one : desk.refused) {
        if (!origin.empty() && one.origin == origin) {
            return {Admission::refused, {}, {}};
        }
    }
    for (const auto& one : desk.open) {
        if (!origin.empty() && one.origin == origin) {
            return {Admission::found, one.id, {}};
        }
    }
    if (desk.blocked) {
        return {Admission::silent, {}, "somebody said \"this wasn't me\": a sign-in with a code ends that"};
    }
    const auto blocks = [&](const BlockedSource& one) { return one.source == source; };
    if (std::any_of(desk.blocks.begin(), desk.blocks.end(), blocks)) {
        return {Admission::silent, {}, "\"this wasn't me\" was said of this source within a day"};
    }
    const auto from_here = [&](const OpenSignIn& one) { return one.source == source && !one.redeemed; };
    if (std::any_of(desk.open.begin(), desk.open.end(), from_here)) {
        return {Admission::silent, {}, "another sign-in from this source is waiting"};
    }
    if (desk.open.size() >= most_open_sign_ins || desk.sign_ins.size() >= limits.sign_ins_an_hour) {
        return {Admission::silent, {}, "too many requests within an hour"};
    }
    if (!desk.sign_ins.empty() && now < desk.sign_ins.back() + pause_after(desk.unanswered)) {
        return {Admission::silent, {}, "nobody approved the last ones: the next one waits"};
    }
    return {Admission::ask, {}, {}};
}

void note_asked(Desk& desk, OpenSignIn sign_in, std::int64_t now) {
    desk.open.push_back(std::move(sign_in));
    desk.sign_ins.push_back(now);
    keep_newest(desk.sign_ins, most_sent);
    ++desk.unanswered;
}

bool is_silenced(const Desk& desk, const std::string& source, std::int64_t now) noexcept {
    return desk.blocked || std::any_of(desk.blocks.begin(), desk.blocks.end(), [&](const BlockedSource& one) {
               return one.source == source && now - one.since < not_me_seconds;
           });
}

bool admit_action(Desk& desk, const std::string& source, std::int64_t now, std::int64_t until,
                  const DeskLimits& limits) {
    forget_the_past(desk, now);
    if (is_silenced(desk, source, now)) {
        return false;
    }
    if (desk.actions.size() >= std::min(limits.actions_an_hour, most_sent)) {
        return false;
    }
    if (desk.outstanding.size() >= most_outstanding) {
        return false;
    }
    desk.actions.push_back(now);
    desk.outstanding.push_back(until);
    return true;
}

void note_redeemed(Desk& desk, const std::string& id, std::int64_t now) {
    desk.unanswered = 0;
    if (const auto found = find_open(desk, id); found != desk.open.end()) {
        found->until = now + redeemed_seconds;
        found->redeemed = true;
    }
}

void note_refused(Desk& desk, const std::string& id, std::int64_t now) {
    if (const auto found = find_open(desk, id); found != desk.open.end()) {
        desk.refused.push_back({found->origin, now + refused_seconds});
        keep_newest(desk.refused, most_refused);
        desk.open.erase(found);
    }
}

void note_ended(Desk& desk, const std::string& id) {
    std::erase_if(desk.open, [&](const OpenSignIn& one) { return one.id == id; });
}

void note_not_me(Desk& desk, const std::string& id, const std::string& source, bool everywhere,
                 std::int64_t now) {
    note_refused(desk, id, now);
    desk.blocked = desk.blocked || everywhere;
    std::erase_if(desk.blocks, [&](const BlockedSource& one) { return one.source == source; });
    desk.blocks.push_back({source, now});
    keep_newest(desk.blocks, most_blocks);
}

void lift(Desk& desk) {
    note_code(desk);
    desk.blocks.clear();
    desk.refused.clear();
}

void note_code(Desk& desk) {
    desk.blocked = false;
    desk.unanswered = 0;
}

bool window_is_open(const Desk& desk, std::int64_t now) noexcept {
    return desk.window_opened <= now && now < desk.window_until &&
           desk.window_until - desk.window_opened <= most_window_seconds;
}

void open_window(Desk& desk, std::int64_t now, std::int64_t seconds) noexcept {
    desk.window_opened = now;
    desk.window_until = now + std::clamp<std::int64_t>(seconds, 0, most_window_seconds);
}

bool admit_mail(Desk& desk, std::uint64_t hash, std::int64_t now) {
    forget_the_past(desk, now);
    if (desk.mails.size() >= mails_an_hour) {
        return false;
    }
    desk.mails.push_back(now);
    desk.mailed_hash = hash;
    desk.mailed_at = now;
    desk.mailed_tries = 0;
    return true;
}

bool redeem_mailed(Desk& desk, std::uint64_t hash, std::int64_t now) {
    const bool out =
        desk.mailed_hash != 0 && desk.mailed_at <= now && now < desk.mailed_at + mailed_code_seconds;
    const bool right = out && desk.mailed_hash == hash;
    if (!out || right || ++desk.mailed_tries >= most_mailed_tries) {
        desk.mailed_hash = 0;
    }
    return right;
}

std::string encode_desk(const Desk& desk) {
    json object = {{"version", desk_format},
                   {"blocked", desk.blocked},
                   {"sign_ins", desk.sign_ins},
                   {"actions", desk.actions},
                   {"outstanding", desk.outstanding},
                   {"unanswered", desk.unanswered},
                   {"window_opened", desk.window_opened},
                   {"window_until", desk.window_until},
                   {"mails", desk.mails},
                   {"mailed_hash", desk.mailed_hash},
                   {"mailed_at", desk.mailed_at},
                   {"mailed_tries", desk.mailed_tries},
                   {"open", json::array()},
                   {"refused", json::array()},
                   {"blocks", json::array()}};
    for (const auto& one : desk.open) {
        object["open"].push_back({{"id", one.id},
                                  {"source", one.source},
                                  {"origin", one.origin},
                                  {"until", one.until},
                                  {"redeemed", one.redeemed}});
    }
    for (const auto& one : desk.refused) {
        object["refused"].push_back({{"origin", one.origin}, {"until", one.until}});
    }
    for (const auto& one : desk.blocks) {
        object["blocks"].push_back({{"source", one.source}, {"since", one.since}});
    }
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Desk decode_desk(std::string_view document) {
    Desk desk;
    if (document.empty()) {
        return desk;
    }
    try {
        const json object = json::parse(document);
        if (object.at("version").get<int>() != desk_format) {
            throw Unavailable(
                "the record of somebody's approvals was written by a newer Warifu: upgrade this host");
        }
        desk.blocked = object.at("blocked").get<bool>();
        desk.sign_ins = object.at("sign_ins").get<std::vector<std::int64_t>>();
        desk.actions = object.at("actions").get<std::vector<std::int64_t>>();
        desk.outstanding = object.value("outstanding", std::vector<std::int64_t>());
        desk.unanswered = object.at("unanswered").get<std::uint32_t>();
        desk.window_opened = object.at("window_opened").get<std::int64_t>();
        desk.window_until = object.at("window_until").get<std::int64_t>();
        desk.mails = object.at("mails").get<std::vector<std::int64_t>>();
        desk.mailed_hash = object.at("mailed_hash").get<std::uint64_t>();
        desk.mailed_at = object.at("mailed_at").get<std::int64_t>();
        desk.mailed_tries = object.at("mailed_tries").get<int>();
        for (const auto& one : object.at("open")) {
            desk.open.push_back({one.at("id").get<std::string>(), one.at("source").get<std::string>(),
                                 one.at("origin").get<std::string>(), one.at("until").get<std::int64_t>(),
                                 one.at("redeemed").get<bool>()});
        }
        for (const auto& one : object.at("refused")) {
            desk.refused.push_back(
                {one.at("origin").get<std::string>(), one.at("until").get<std::int64_t>()});
        }
        for (const auto& one : object.at("blocks")) {
            desk.blocks.push_back({one.at("source").get<std::string>(), one.at("since").get<std::int64_t>()});
        }
    } catch (const json::exception&) {
        throw Unavailable("the record of somebody's approvals is damaged: `warifu reset` clears it");
    }
    return desk;
}

}  // namespace warifu
