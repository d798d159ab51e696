// One connection: NUL-terminated varlink messages, one at a time. A message that is too long, unfinished for
// too long or no JSON ends it; a refused call does not.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/engine/action_approval.h"
#include "core/engine/conversation.h"
#include "daemon/asio.h"
#include "daemon/methods.h"

namespace warifu {

class Session : public std::enable_shared_from_this<Session> {
  public:
    static constexpr int seconds_for_a_message =
        10;  // from its first byte to its last; the first one from connect
    static constexpr int seconds_between_messages = 300;  // a person at a prompt, or a proof that lasts
    // After which "wait" is answered where a step is still in the making: well within what a door waits.
    static constexpr int seconds_before_wait = 4;

    Session(LocalSocket socket, Peer peer, Services services, std::function<void()> ended);
    ~Session();

    void run();
    void close();

  private:
    void arm(int seconds);
    void read();
    void received(error_code error, std::size_t size);
    void next_message();
    void handle(std::string_view message);
    void dispatch(const std::string& method, nlohmann::json parameters);
    void converse(Method method, nlohmann::json parameters);
    void start_action(nlohmann::json parameters);
    void answer(nlohmann::json parameters);
    bool converses() const noexcept { return conversation_ || action_; }
    void cancel();
    void abandon();
    void make_step(Task<Step> task);
    void made(std::optional<Step> step, std::exception_ptr error);
    void await_step();
    void watch_caller();
    void deliver_step();
    void reply(nlohmann::json parameters);
    void fail(const std::string& error, nlohmann::json parameters);
    void fail(std::exception_ptr error);
    void send(nlohmann::json message);

    LocalSocket socket_;
    asio::steady_timer timer_;
    Peer peer_;
    Services services_;
    std::function<void()> ended_;
    std::string buffer_;
    std::size_t received_ = 0;
    std::string sending_;
    Proof proof_;
    std::optional<Conversation> conversation_;
    std::optional<ActionApproval> action_;  // or this
    // The conversation's next step: in the making, or made while the caller had been told to wait.
    struct MadeStep {
        std::optional<Step> step;
        std::exception_ptr error;
    };
    asio::steady_timer wait_timer_;
    bool caller_gone_ = false;
    bool making_ = false;
    bool reply_owed_ = false;
    bool cancelled_ = false;
    bool conversation_done_ = false;
    std::optional<MadeStep> made_;
};

}  // namespace warifu
