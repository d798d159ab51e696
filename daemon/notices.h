// Messages about requests on their way out: the ways that the configuration lists are tried in turn until one
// takes the message. What comes of it is said in the log; nothing else waits for it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/engine/ports.h"
#include "daemon/asio.h"
#include "daemon/log.h"
#include "daemon/notify_process.h"

namespace warifu {

// What is wrong with the files of tokens and secrets that the ways name, a line each; a message by such a way
// would not go out.
std::vector<std::string> problems_of_secrets(const Config& config);

class Notices {
  public:
    Notices(asio::io_context& io, Log& log) : processes_(io), log_(log) {}

    void use(const Config& config) { channels_ = config.notify; }
    void send(Notice notice);

  private:
    void try_next(std::shared_ptr<Notice> notice, std::size_t form);

    NotifyProcesses processes_;
    Log& log_;
    std::map<std::string, NotifyChannel, std::less<>> channels_;
};

}  // namespace warifu
