#include "core/account/source_id.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace warifu {

namespace {

constexpr std::array<std::uint8_t, 12> v4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t ipv6_prefix_bytes = 8;
constexpr std::size_t client_at = 8, client_bytes = 8;  // no kind of place has more than eight bytes but ::1

bool same_bits(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b,
               int bits) noexcept {
    for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
        const int unused = bits < 8 ? 8 - bits : 0;
        if ((a[i] ^ b[i]) >> unused != 0) {
            return false;
        }
    }
    return true;
}

std::string_view without_brackets(std::string_view rhost) noexcept {
    const bool bracketed = rhost.size() > 2 && rhost.front() == '[' && rhost.back() == ']';
    return bracketed ? rhost.substr(1, rhost.size() - 2) : rhost;
}

}  // namespace

SourceId SourceId::local(std::uint32_t uid) noexcept {
    SourceId source;
    source.kind_ = Kind::local;
    for (int i = 0; i < 4; ++i) {
        source.address_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(uid >> (24 - 8 * i));
    }
    return source;
}

// An address as it stands there, IPv6 not cut to its prefix.
SourceId SourceId::whole(std::string_view rhost) noexcept {
    SourceId source;
    source.kind_ = Kind::other;
    rhost = without_brackets(rhost);
    rhost = rhost.substr(0, rhost.find('%'));
    std::array<char, INET6_ADDRSTRLEN + 1> text{};
    if (rhost.size() >= text.size() || rhost.find('\0') != std::string_view::npos) {
        return source;
    }
    std::copy(rhost.begin(), rhost.end(), text.begin());
    if (inet_pton(AF_INET, text.data(), source.address_.data()) == 1) {
        source.kind_ = Kind::ipv4;
        return source;
    }
    if (inet_pton(AF_INET6, text.data(), source.address_.data()) != 1) {
        source.address_ = {};
        return source;
    }
    source.kind_ = Kind::ipv6;
    if (std::equal(v4_mapped.begin(), v4_mapped.end(), source.address_.begin())) {
        std::rotate(source.address_.begin(), source.address_.begin() + v4_mapped.size(),
                    source.address_.end());
        std::fill(source.address_.begin() + 4, source.address_.end(), std::uint8_t{0});
        source.kind_ = Kind::ipv4;
    }
    return source;
}

SourceId SourceId::remote(std::string_view rhost) noexcept {
    SourceId source = whole(rhost);
    const auto& address = source.address_;
    const bool loopback =
        address.back() == 1 && std::all_of(address.begin(), address.end() - 1, [](auto b) { return b == 0; });
    if (source.kind_ == Kind::ipv6 && !loopback) {
        std::fill(source.address_.begin() + ipv6_prefix_bytes, source.address_.end(), std::uint8_t{0});
    }
    return source;
}

std::string SourceId::exact(std::string_view rhost) {
    const SourceId source = whole(rhost);
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (source.kind_ == Kind::other) {
        return {};
    }
    const int family = source.kind_ == Kind::ipv4 ? AF_INET : AF_INET6;
    std::string text = inet_ntop(family, source.address_.data(), buffer.data(), buffer.size());
    rhost = without_brackets(rhost);
    return text.append(rhost.substr(std::min(rhost.find('%'), rhost.size())));
}

SourceId SourceId::through(std::uint64_t client) const noexcept {
    SourceId source = is_loopback() ? remote("127.0.0.1") : *this;
    source.through_ = true;
    for (std::size_t i = 0; i < client_bytes; ++i) {
        source.address_[client_at + i] = static_cast<std::uint8_t>(client >> (8 * (client_bytes - 1 - i)));
    }
    return source;
}

bool SourceId::is_loopback() const noexcept {
    return (kind_ == Kind::ipv4 && address_[0] == 127) ||
           (kind_ == Kind::ipv6 && !through_ && address_.back() == 1);
}

bool SourceId::can_become_known() const noexcept {
    return (kind_ == Kind::ipv4 || kind_ == Kind::ipv6) && !is_loopback();
}

bool SourceId::within_ipv4(const std::array<std::uint8_t, 16>& prefix, int bits) const noexcept {
    return kind_ == Kind::ipv4 && same_bits(address_, prefix, bits);
}

bool SourceId::within_ipv6(const std::array<std::uint8_t, 16>& prefix, int bits) const noexcept {
    return kind_ == Kind::ipv6 && same_bits(address_, prefix, bits);
}

std::string SourceId::text() const {
    if (!through_) {
        return place();
    }
    std::uint64_t client = 0;
    SourceId bare = *this;
    bare.through_ = false;
    for (std::size_t i = client_at; i < client_at + client_bytes; ++i) {
        client = client << 8 | address_[i];
        bare.address_[i] = 0;
    }
    return "client:" + std::to_string(client) + ":" + bare.place();
}

std::string SourceId::place() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    switch (kind_) {
        case Kind::none:
            return {};
        case Kind::local: {
            std::uint32_t uid = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                uid = uid << 8 | address_[i];
            }
            return "local:" + std::to_string(uid);
        }
        case Kind::ipv4:
            return inet_ntop(AF_INET, address_.data(), buffer.data(), buffer.size());
        case Kind::ipv6: {
            const std::string address = inet_ntop(AF_INET6, address_.data(), buffer.data(), buffer.size());
            return address_.back() == 1 ? address : address + "/64";
        }
        case Kind::other:
            return "other";
    }
    return {};
}

std::array<std::uint8_t, SourceId::encoded_size> SourceId::encode() const noexcept {
    std::array<std::uint8_t, encoded_size> bytes{};
    bytes[0] = static_cast<std::uint8_t>(kind_);
    std::copy(address_.begin(), address_.end(), bytes.begin() + 1);
    bytes.back() = through_ ? 1 : 0;
    return bytes;
}

SourceId SourceId::decode(const std::array<std::uint8_t, encoded_size>& bytes) noexcept {
    SourceId source;
    if (bytes[0] == 0 || bytes[0] > static_cast<std::uint8_t>(Kind::other)) {
        return source;
    }
    source.kind_ = static_cast<Kind>(bytes[0]);
    std::copy(bytes.begin() + 1, bytes.begin() + 17, source.address_.begin());
    source.through_ = bytes.back() == 1;
    return source;
}

}  // namespace warifu
