#include "daemon/place.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

#include "core/account/source_id.h"

namespace warifu {

namespace {

constexpr std::size_t most_stat_bytes = 4'096;
constexpr char boot_id[] = "/proc/sys/kernel/random/boot_id";

// What proc(5) has in /proc/PID/stat behind the command, counted from 1 at the pid.
constexpr std::size_t first_field = 3, session_field = 6, terminal_field = 7, start_field = 22;

// The beginning of a file of the kernel's, or nothing.
std::string beginning_of(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    std::string text(most_stat_bytes, '\0');
    text.resize(file ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
    return text;
}

std::optional<std::int64_t> number_at(const std::vector<std::string>& fields, std::size_t place) {
    std::int64_t number = 0;
    if (place >= fields.size()) {
        return std::nullopt;
    }
    const std::string& text = fields[place];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

struct Stat {
    std::string command;
    std::int64_t session = 0;
    std::int64_t terminal = 0;  // its device number; 0: none
    std::int64_t start = 0;     // clock ticks since the boot
};

// The command stands in brackets and may hold anything, brackets and blanks too: what follows the last one
// counts.
std::optional<Stat> stat_of(std::int64_t pid) {
    const std::string text = beginning_of("/proc/" + std::to_string(pid) + "/stat");
    const auto opening = text.find('('), bracket = text.rfind(") ");
    if (pid <= 0 || opening == std::string::npos || bracket == std::string::npos || bracket < opening) {
        return std::nullopt;
    }
    std::istringstream words(text.substr(bracket + 2));
    std::vector<std::string> fields(first_field);  // so that each stands at its number
    for (std::string word; words >> word;) {
        fields.push_back(std::move(word));
    }
    const auto session = number_at(fields, session_field), terminal = number_at(fields, terminal_field),
               start = number_at(fields, start_field);
    if (!session || !terminal || !start) {
        return std::nullopt;
    }
    return Stat{text.substr(opening + 1, bracket - opening - 1), *session, *terminal, *start};
}

bool is_root_s(std::int64_t pid) {
    struct stat found{};
    return ::stat(("/proc/" + std::to_string(pid)).c_str(), &found) == 0 && found.st_uid == 0;
}

}  // namespace

bool is_local_door(std::string_view service, std::string_view rhost) noexcept {
    constexpr std::string_view doors[] = {"sudo", "sudo-i", "su", "su-l", "doas", "polkit-1"};
    return rhost.empty() || std::find(std::begin(doors), std::end(doors), service) != std::end(doors);
}

std::string remote_place(std::string_view rhost) {
    const SourceId source = SourceId::remote(rhost);
    return source.can_become_known() ? "address " + SourceId::exact(rhost) : std::string();
}

std::string local_place(std::uint32_t uid, std::string_view tty, pid_t peer) {
    const auto asking = stat_of(peer);
    if (tty.empty() || !asking || asking->terminal == 0) {
        return {};
    }
    const auto leader = stat_of(asking->session);
    const std::string boot = beginning_of(boot_id);
    if (!leader || leader->session != asking->session || boot.empty()) {
        return {};
    }
    std::string place = "session";
    for (const std::int64_t number : {std::int64_t{uid}, asking->terminal, asking->session, leader->start}) {
        place += ' ' + std::to_string(number);
    }
    return place + ' ' + boot + std::string(tty);
}

std::string origin_of(pid_t peer, std::string_view service, std::string_view user) {
    std::int64_t pid = peer;
    auto asking = stat_of(pid);
    const std::string boot = beginning_of(boot_id);
    if (!asking || boot.empty()) {
        return {};
    }
    // sshd runs the stack in children, and twice for one connection: what stays is their session's leader.
    if (service == "sshd" && asking->session != pid) {
        const auto leader = stat_of(asking->session);
        if (leader && leader->command == asking->command && is_root_s(asking->session)) {
            pid = asking->session;
            asking = leader;
        }
    }
    return "process " + std::to_string(pid) + ' ' + std::to_string(asking->start) + ' ' +
           boot.substr(0, boot.find('\n')) + ' ' + std::to_string(service.size()) + ':' +
           std::string(service) + std::string(user);
}

}  // namespace warifu
