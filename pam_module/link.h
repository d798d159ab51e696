// The connection to warifud: to the one that listens, or, for root, to a child started for this one sign-in.
#pragma once

#include <cstddef>

#include "ipc/wire/message.h"
#include "pam_module/log.h"
#include "pam_module/options.h"

namespace warifu::pam {

// Milliseconds.
inline constexpr int backlog_patience = 500;       // how long a full backlog is tried again
inline constexpr int first_step_patience = 3'000;  // then root starts a child
inline constexpr int child_patience = 8'000;       // a child's first step: it opens the store
inline constexpr int step_patience = 8'000;        // every later reply
inline constexpr int wait_patience = 10'000;       // the reply after a step "wait", which may take 5 s

class Link {
  public:
    // `inbox` is used by this alone and outlives it, as do the options. `interruption`: a descriptor that,
    // once it can be read, ends every wait for a reply; -1: none.
    Link(Log log, const Options& options, wire::Inbox* inbox, int interruption = -1) noexcept
        : log_(log), options_(options), inbox_(inbox), interruption_(interruption) {}
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link() { close(); }

    // Sends Start and waits for the first reply: over the socket, and where that fails and the host is root,
    // over a child; `child_only` leaves the socket out. False: one log line says what failed, or it was
    // interrupted.
    bool begin(const char* start, std::size_t size, bool child_only, const char** reply) noexcept;

    // As send_message and Inbox::receive of ipc/wire/message.h.
    int send(const char* message, std::size_t size) noexcept;
    int receive(int milliseconds, const char** reply) noexcept;

    // Whether the last failure of begin() or receive() was that.
    bool interrupted() const noexcept { return interrupted_; }

    void close() noexcept;

  private:
    bool begin_socket(const char* start, std::size_t size, const char** reply) noexcept;
    bool begin_child(const char* start, std::size_t size, const char** reply) noexcept;
    int first_reply(const char* start, std::size_t size, int milliseconds, const char** reply) noexcept;
    int take_reply(wire::Deadline deadline, const char** reply) noexcept;

    Log log_;
    const Options& options_;
    wire::Inbox* inbox_;
    int interruption_;
    bool interrupted_ = false;
    int fd_ = -1;
};

}  // namespace warifu::pam
