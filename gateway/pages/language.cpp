#include "gateway/pages/language.h"

#include <algorithm>
#include <optional>

namespace warifu::gateway {

namespace {

constexpr int best_quality = 1000;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view take_part(std::string_view& rest, char separator) noexcept {
    const auto part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return trimmed(part);
}

// "ja", "ja-JP" and "JA" are Japanese.
std::optional<Language> language_of_tag(std::string_view tag) noexcept {
    const std::string_view primary = tag.substr(0, tag.find('-'));
    if (primary.size() != 2) return std::nullopt;
    const char code[] = {lower(primary[0]), lower(primary[1])};
    if (code[0] == 'j' && code[1] == 'a') return Language::japanese;
    if (code[0] == 'e' && code[1] == 'n') return Language::english;
    return std::nullopt;
}

// "q=0.8" as 800; what is no weight counts as none, 0.
int quality_of(std::string_view parameter) noexcept {
    if (parameter.empty()) return best_quality;
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') return 0;
    parameter.remove_prefix(2);
    if (parameter[0] == '1') return best_quality;
    if (parameter[0] != '0') return 0;
    int quality = 0, weight = best_quality / 10;
    for (const char digit : parameter.substr(std::min<std::size_t>(2, parameter.size()))) {
        if (digit < '0' || digit > '9') break;
        quality += (digit - '0') * weight;
        weight /= 10;
    }
    return quality;
}

}  // namespace

std::string_view code_of(Language language) noexcept {
    return language == Language::japanese ? "ja" : "en";
}

Language language_named(std::string_view code, Language otherwise) noexcept {
    if (code == "ja") return Language::japanese;
    if (code == "en") return Language::english;
    return otherwise;
}

Language preferred_language(std::string_view accept_language) noexcept {
    Language best = Language::english;
    int quality = 0;
    while (!accept_language.empty()) {
        std::string_view item = take_part(accept_language, ',');
        const auto language = language_of_tag(take_part(item, ';'));
        const int its_quality = quality_of(trimmed(item));
        if (language && its_quality > quality) {
            best = *language;
            quality = its_quality;
        }
    }
    return best;
}

}  // namespace warifu::gateway
