// One end of a connection to warifud, as any uid: what no well-behaved program would send goes over it too.
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

inline constexpr char everybodys_socket[] = "/run/warifu/warifu.sock";
inline constexpr char roots_socket[] = "/run/warifu/root.sock";

class VarlinkPeer {
  public:
    // Connected by a process of this uid inside the sandbox. Throws std::system_error with connect's error;
    // EAGAIN: the backlog is full.
    VarlinkPeer(const Sandbox& sandbox, uid_t uid, const std::string& path = everybodys_socket);
    // The end of whoever connects next to a socket of listen_as(): this side is then warifud.
    static VarlinkPeer accepted_from(const Descriptor& listener);

    // All of it, within `patience`; false when the other side has ended the connection.
    bool send(std::string_view bytes);
    // The next message without its NUL; nullopt when the other side ends the connection instead.
    std::optional<std::string> receive();
    // Sends one call and returns its whole reply, {"parameters": …} or with "error" too; null when the
    // connection ends instead.
    nlohmann::json call(const std::string& method, const nlohmann::json& parameters);

  private:
    explicit VarlinkPeer(Descriptor socket) : socket_(std::move(socket)) {}

    Descriptor socket_;
    std::string received_;
};

// "NotPermitted" for io.warifu.NotPermitted and so on; empty for a reply that is no error.
std::string error_of(const nlohmann::json& reply);

// A socket, everybody's to connect to, that a process of this uid has bound and listens on, with room for
// `backlog` connections. Non-blocking.
Descriptor listen_as(const Sandbox& sandbox, uid_t uid, const std::string& path, int backlog = 16);
// What each of the connections that wait there has sent until now.
std::vector<std::string> sent_to(const Descriptor& listener);

}  // namespace warifu::integration
