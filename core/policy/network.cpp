#include "core/policy/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace warifu {

namespace {

constexpr int ipv4_bits = 32, most_ipv6_bits = 64;

using Prefix = std::array<std::uint8_t, 16>;

bool is_private(const SourceId& source) noexcept {
    return source.within_ipv4({10}, 8) || source.within_ipv4({172, 16}, 12) ||
           source.within_ipv4({192, 168}, 16) || source.within_ipv4({169, 254}, 16) ||
           source.within_ipv6({0xfc}, 7) || source.within_ipv6({0xfe, 0x80}, 10);
}

std::optional<int> prefix_length(std::string_view text, int most) {
    int bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits < 0 || bits > most) {
        return std::nullopt;
    }
    return bits;
}

bool nothing_behind(const Prefix& prefix, int bits) noexcept {
    for (int bit = bits; bit < 128; ++bit) {
        if ((prefix[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
    Network network;
    network.text_ = text;
    if (text == "any" || text == "local" || text == "private") {
        network.kind_ = text == "any" ? Kind::any : text == "local" ? Kind::local : Kind::private_use;
        return network;
    }
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    if (address.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    if (inet_pton(AF_INET, address.c_str(), network.prefix_.data()) == 1) {
        network.kind_ = Kind::ipv4;
    } else if (inet_pton(AF_INET6, address.c_str(), network.prefix_.data()) == 1) {
        network.kind_ = Kind::ipv6;
    } else {
        return std::nullopt;
    }
    const int most = network.kind_ == Kind::ipv4 ? ipv4_bits : most_ipv6_bits;
    if (slash == std::string_view::npos && network.kind_ == Kind::ipv6) {
        return std::nullopt;
    }
    const auto bits =
        slash == std::string_view::npos ? std::optional(most) : prefix_length(text.substr(slash + 1), most);
    if (!bits || !nothing_behind(network.prefix_, *bits)) {
        return std::nullopt;
    }
    network.bits_ = *bits;
    return network;
}

bool Network::contains(const SourceId& source) const noexcept {
    switch (kind_) {
        case Kind::any:
            return true;
        case Kind::local:
            return source.is_local() || source.is_loopback();
        case Kind::private_use:
            return is_private(source);
        case Kind::ipv4:
            return source.within_ipv4(prefix_, bits_);
        case Kind::ipv6:
            return source.within_ipv6(prefix_, bits_);
    }
    return false;
}

bool in_any(const std::vector<Network>& networks, const SourceId& source) noexcept {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const Network& network) { return network.contains(source); });
}

}  // namespace warifu
