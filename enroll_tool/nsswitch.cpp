#include "enroll_tool/nsswitch.h"

#include <algorithm>

namespace warifu {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line.substr(0, line.find('#'));
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> services_of(std::string_view line) {
    std::vector<std::string> services;
    for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
        const bool action = line[0] == '[';
        std::size_t end = action ? line.find(']') : line.find_first_of(" \t\r[");
        if (end == line.npos) end = line.size();
        if (!action) services.emplace_back(line.substr(0, end));
        line.remove_prefix(action ? std::min(end + 1, line.size()) : end);
    }
    return services;
}

}  // namespace

std::vector<std::string> name_services(std::string_view nsswitch, std::string_view database) {
    std::vector<std::string> services{"files"};
    while (!nsswitch.empty()) {
        const std::string_view line = take_line(nsswitch);
        const std::size_t colon = line.find(':');
        if (colon != line.npos && trimmed(line.substr(0, colon)) == database)
            services = services_of(line.substr(colon + 1));
    }
    return services;
}

}  // namespace warifu
