// Where an attempt comes from: an IP literal (IPv4-mapped as IPv4, IPv6 by its /64), or, for local doors, the
// real uid of the process that asks. What a client says (docs/doors/clients.md) is a source of that client's
// own, never the same as one that root's doors saw. Fixed size, so that state rows are.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace warifu {

class SourceId {
  public:
    static constexpr std::size_t encoded_size = 18;

    SourceId() = default;
    static SourceId local(std::uint32_t uid) noexcept;
    // A remote host as PAM names it. What is no IP literal (a name that DNS gave) is one source, "other", for
    // all: whoever runs the reverse zone chooses the name. Brackets and a zone ("%eth0") are taken off.
    static SourceId remote(std::string_view rhost) noexcept;
    // The same address whole, with its zone, in its one spelling; empty where remote() makes it "other".
    static std::string exact(std::string_view rhost);
    // The same place as the client with this number says it: the uid of a local one (API keys have numbers
    // from 2^32 on). Loopback is one place, whichever way it is written.
    SourceId through(std::uint64_t client) const noexcept;
    bool is_through_a_client() const noexcept { return through_; }

    // Only an address that is not loopback can become known.
    bool can_become_known() const noexcept;
    bool is_local() const noexcept { return kind_ == Kind::local; }
    bool is_loopback() const noexcept;
    // Whether this is an address of the network that the first `bits` bits of `prefix` make: an IPv4 one
    // (four bytes count, `bits` to 32) or an IPv6 one (`bits` to 64, since no more of an address is kept).
    bool within_ipv4(const std::array<std::uint8_t, 16>& prefix, int bits) const noexcept;
    bool within_ipv6(const std::array<std::uint8_t, 16>& prefix, int bits) const noexcept;
    bool empty() const noexcept { return kind_ == Kind::none; }

    // "203.0.113.5", "2001:db8::/64", "local:1000", "other", "" where empty; "client:33:203.0.113.5".
    std::string text() const;

    std::array<std::uint8_t, encoded_size> encode() const noexcept;
    static SourceId decode(const std::array<std::uint8_t, encoded_size>& bytes) noexcept;

    bool operator==(const SourceId&) const = default;

  private:
    enum class Kind : std::uint8_t { none, local, ipv4, ipv6, other };
    static SourceId whole(std::string_view rhost) noexcept;
    std::string place() const;

    Kind kind_ = Kind::none;
    bool through_ = false;  // what the last eight bytes of the address are: a client's number
    std::array<std::uint8_t, 16> address_{};  // network order; local: the uid in the first four
};

}  // namespace warifu
