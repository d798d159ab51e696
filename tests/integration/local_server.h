// A server of the test's own inside a sandbox, on its loopback: one process listens, and each connection has
// one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

// One connection, in the process that serves it.
class ServedConnection {
  public:
    ServedConnection(Descriptor socket, int test) : socket_(std::move(socket)), test_(test) {}

    // Up to and without `end`, which is taken too; throws when the peer hangs up first.
    std::string read_until(std::string_view end);
    std::string read(std::size_t size);
    void write(std::string_view bytes) const;
    // Returns when the peer has hung up.
    void wait_for_end();
    // What LocalServer::next() returns; at most 128 KiB.
    void tell(std::string_view record) const;

  private:
    void receive();

    Descriptor socket_;
    int test_;
    std::string received_;
};

class LocalServer {
  public:
    // Listens on 127.0.0.1:`port` when it returns. Until this object ends `serve` runs for each connection;
    // it may throw, and the connection ends with it.
    LocalServer(const Sandbox& sandbox, std::uint16_t port,
                const std::function<void(ServedConnection&)>& serve);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

    // The next record in the order in which they were told. Throws std::runtime_error where none comes in
    // time.
    std::string next(std::chrono::seconds within = patience);
    // Whether one has come until now that nobody took.
    bool has_next() const;

  private:
    pid_t process_ = -1;
    Descriptor records_;
};

}  // namespace warifu::integration
