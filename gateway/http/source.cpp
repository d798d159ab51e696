#include "gateway/http/source.h"

#include <algorithm>
#include <charconv>

namespace warifu::gateway {

namespace {

constexpr std::size_t prefix_bytes = 8;  // of an IPv6 address: a /64

Address source_of(const Address& address) {
    if (!address.is_v6()) return address;
    asio::ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + prefix_bytes, bytes.end(), std::uint8_t{0});
    return asio::ip::address_v6(bytes);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace

Address plain(const Address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    return address;
}

std::optional<Address> parse_address(std::string_view text) {
    error_code error;
    // A scope ("fe80::1%eth0") names an interface of the host that wrote it.
    if (text.find('%') != text.npos) return std::nullopt;
    const Address address = asio::ip::make_address(std::string(text), error);
    return error ? std::nullopt : std::optional(plain(address));
}

std::optional<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    std::string_view host = text.substr(0, colon), digits = text.substr(colon + 1);
    const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (brackets) host = host.substr(1, host.size() - 2);
    error_code error;
    const Address address = asio::ip::make_address(std::string(host), error);
    if (error || address.is_v6() != brackets) return std::nullopt;
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
    return asio::ip::tcp::endpoint(address, port);
}

std::optional<Address> forwarded_for(std::string_view header) {
    const auto comma = header.rfind(',');
    return parse_address(trimmed(comma == header.npos ? header : header.substr(comma + 1)));
}

SourceCounts::Place SourceCounts::take(const Address& address) {
    const Address source = source_of(plain(address));
    std::size_t& used = (*used_)[source];
    if (used >= most_) return nullptr;
    ++used;
    return {used_.get(), [counts = used_, source](void*) {
                const auto found = counts->find(source);
                if (--found->second == 0) counts->erase(found);
            }};
}

}  // namespace warifu::gateway
