// Where a request comes from: what connections are counted by, and what the log says. Nothing is decided by
// it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/asio.h"

namespace warifu::gateway {

using Address = asio::ip::address;

// "127.0.0.1:8442", "[::1]:8442"; nullopt for anything else, names of hosts too.
std::optional<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);
std::optional<Address> parse_address(std::string_view text);

// IPv4 addresses that come as IPv6 are IPv4 ones.
Address plain(const Address& address);

// The last address of an X-Forwarded-For header: the one that the proxy itself saw. nullopt where there is
// none.
std::optional<Address> forwarded_for(std::string_view header);

// Counts what is in use by source: an IPv4 address, or the first 64 bits of an IPv6 one.
class SourceCounts {
  public:
    explicit SourceCounts(std::size_t most) : most_(most) {}

    // One in use, until the last copy is gone; null where the source has as many as it may.
    using Place = std::shared_ptr<void>;
    Place take(const Address& address);

  private:
    std::size_t most_;
    // Shared with the places, which may outlive this.
    std::shared_ptr<std::map<Address, std::size_t>> used_ =
        std::make_shared<std::map<Address, std::size_t>>();
};

}  // namespace warifu::gateway
