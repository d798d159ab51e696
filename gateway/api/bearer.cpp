#include "gateway/api/bearer.h"

#include <algorithm>

#include "gateway/api/failure.h"

namespace warifu::gateway {

namespace {

constexpr std::string_view scheme = "bearer";
constexpr std::size_t most_id_bytes = 128;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

bool of_key(char c) noexcept {
    return alphanumeric(c) || std::string_view("-._~+/=:").find(c) != std::string_view::npos;
}

}  // namespace

Secret bearer_key(std::string_view authorization) {
    const auto blank = authorization.find(' ');
    const bool bearer =
        blank == scheme.size() && std::ranges::equal(authorization.substr(0, blank), scheme,
                                                     [](char a, char b) { return lower(a) == b; });
    std::string_view key = bearer ? authorization.substr(blank + 1) : std::string_view();
    while (!key.empty() && key.front() == ' ') key.remove_prefix(1);
    if (key.empty() || key.size() > most_key_bytes || !std::ranges::all_of(key, of_key)) {
        throw HttpFailure({401, "invalid_client", "an API key is wanted: Authorization: Bearer KEY", {}});
    }
    return Secret::copy_of(key);
}

bool is_opaque_id(std::string_view text) noexcept {
    const auto fits = [](char c) {
        return alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= most_id_bytes && std::ranges::all_of(text, fits);
}

}  // namespace warifu::gateway
