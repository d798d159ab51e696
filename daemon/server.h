// The listening sockets and the bounds on who may hold how many connections.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/asio.h"
#include "daemon/session.h"

namespace warifu {

// root.sock is for euid 0 alone (0600), so that nobody else can fill it; warifu.sock is for everybody.
enum class Door : std::uint8_t { root, everybody };

class Server {
  public:
    static constexpr std::size_t most_for_a_uid = 8, most_for_everybody = 256, most_for_root = 4'096;
    static constexpr std::size_t most_for_the_gateway = 64;  // where long polls wait
    static constexpr std::size_t most_for_a_client = 64;     // a web server's workers, who all are one uid
    static constexpr int backlog = 4'096;

    Server(asio::io_context& io, Services services) : io_(io), services_(services) {}

    // Binds `path` in a directory that must be root's and closed to others' writing; throws
    // std::system_error.
    void listen(const std::string& path, Door door);
    // A socket that a service manager passed; its door is told by its path's last part.
    // Asks who warifu-gateway is, which may hold more connections than others. Nothing else is its due.
    void look_for_gateway();
    void adopt(int descriptor);
    // Serves one connected socket (`warifud --stdio`); `ended` is called when it is over.
    void serve_one(int descriptor, std::function<void()> ended);

  private:
    using Acceptor = asio::local::stream_protocol::acceptor;
    struct Listener {
        explicit Listener(asio::io_context& io) : acceptor(io), again(io) {}
        Acceptor acceptor;
        asio::steady_timer again;
        Door door = Door::everybody;
    };

    void accept(const std::shared_ptr<Listener>& listener);
    void admit(LocalSocket socket, Door door);
    bool has_most(std::uint32_t uid) const;
    std::optional<std::uint32_t> gateway_;  // the uid of the user warifu-gateway
    void begin(LocalSocket socket, Peer peer, Door door);
    // Open connections. Sessions that end with the io_context, after this object, count themselves out too.
    struct Counts {
        std::map<std::uint32_t, std::size_t> by_uid;
        std::size_t everybody = 0, root = 0;
        // One more, or less, of this uid at everybody's door.
        void count(std::uint32_t uid);
        void forget(std::uint32_t uid);
    };

    asio::io_context& io_;
    Services services_;
    std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace warifu
