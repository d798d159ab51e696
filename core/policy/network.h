// Networks that a rule names: "local" (the host itself), "private", or an address with a prefix length.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/source_id.h"

namespace warifu {

class Network {
  public:
    // "local": a local door, and loopback. "private": RFC 1918, RFC 4193 (fc00::/7), and link-local addresses
    // (RFC 3927, RFC 4291 section 2.5.6). "any": every source. Otherwise "192.0.2.0/24", "2001:db8::/32"; a
    // prefix of at most 64 bits with IPv6, since addresses count by their /64; without a prefix length the
    // one address (IPv4). nullopt for anything else, and where bits are set behind the prefix.
    static std::optional<Network> parse(std::string_view text);

    // What is no address (a name that DNS gave) is only in "any".
    bool contains(const SourceId& source) const noexcept;

    const std::string& text() const noexcept { return text_; }  // as it was written
    bool operator==(const Network&) const = default;

  private:
    enum class Kind : std::uint8_t { any, local, private_use, ipv4, ipv6 };
    Kind kind_ = Kind::any;
    std::array<std::uint8_t, 16> prefix_{};
    int bits_ = 0;
    std::string text_;
};

bool in_any(const std::vector<Network>& networks, const SourceId& source) noexcept;

}  // namespace warifu
