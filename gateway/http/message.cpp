#include "gateway/http/message.h"

namespace warifu::gateway {

std::string media_type(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!type.empty() && blank(type.front())) type.remove_prefix(1);
    while (!type.empty() && blank(type.back())) type.remove_suffix(1);
    std::string lower(type);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

}  // namespace warifu::gateway
