// The command line of warifu-gateway.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/http/source.h"
#include "ipc/wire/connect.h"

namespace warifu::gateway {

struct Options {
    enum class Mode : std::uint8_t { serve, version, help };

    static constexpr std::size_t least_connections = 2, most_connections = 64;

    Mode mode = Mode::serve;
    asio::ip::tcp::endpoint listen{asio::ip::make_address("127.0.0.1"), 8442};
    std::string socket = wire::user_socket;      // warifud's
    std::set<Address> proxies;                   // whose X-Forwarded-For counts
    std::size_t connections = most_connections;  // to warifud, of which half may be held by long polls
    std::string user = "warifu-gateway";         // whom root becomes
    std::string syslog = "/dev/log";             // of tests alone another one
};

inline constexpr char usage[] =
    "usage: warifu-gateway [--listen ADDRESS:PORT] [--socket PATH] [--proxy ADDRESS]... [--connections "
    "NUMBER]\n"
    "                      [--user NAME]\n"
    "       warifu-gateway --version | --help\n";

// Throws Invalid, with the option's name, for what it does not understand.
Options parse_options(const std::vector<std::string>& words);

}  // namespace warifu::gateway
