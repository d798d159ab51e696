#include "enroll_tool/comma_list.h"

#include <algorithm>

namespace warifu {

std::vector<std::string_view> comma_list(std::string_view list) {
    std::vector<std::string_view> words;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (comma != 0) words.push_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return words;
}

}  // namespace warifu
