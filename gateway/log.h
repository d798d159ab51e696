// Lines for syslog (facility daemon), sent without waiting: what syslog does not take at once is lost and
// counted, since a syslog that hangs is no reason to keep people waiting. Never a token, a key, or a word of
// a person's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu::gateway {

class Log {
  public:
    // `path`: syslog's socket; tests have their own.
    explicit Log(std::string path = "/dev/log") : path_(std::move(path)) {}
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    // `priority`: LOG_INFO and so on. `text` is one line, and printable: what comes from outside was escaped.
    void line(int priority, std::string_view text) noexcept;

  private:
    bool send(std::string_view record) noexcept;

    std::string path_;
    int socket_ = -1;
    std::size_t lost_ = 0;
};

}  // namespace warifu::gateway
