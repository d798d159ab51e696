#include "daemon/session.h"

#include <poll.h>
#include <syslog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "daemon/door_role.h"
#include "daemon/interface_text.h"
#include "daemon/params.h"
#include "daemon/place.h"
#include "ipc/wire/nesting.h"
#include "ipc/wire/protocol.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_arguments = 1'024;  // of a command that waits for approval

// Whether one of varlink's own switches is there and anything but false.
bool is_set(const json& call, const char* name) {
    const auto found = call.find(name);
    return found != call.end() && *found != false;
}

json describe(const Step& step) {
    json object = {{"step", std::string(name(step.kind))}};
    if (!step.text.empty()) {
        object["text"] = step.text;
    }
    if (step.kind == Step::Kind::prompt) {
        object["echo"] = step.echo;
        if (!step.tails.empty()) {
            object["tails"] = step.tails;
        }
    }
    if (step.kind == Step::Kind::done) {
        object["verdict"] = std::string(name(step.verdict));
        object["reason"] = std::string(name(step.reason));
        object["tail"] = step.tail;
    }
    return object;
}

// What a peer claims; believe() says how much of it counts.
struct Claims {
    StartRequest request;
    std::uint32_t real_uid = 0;
};

Claims claims_in(json& parameters) {
    Params params(parameters);
    Claims claims;
    auto& request = claims.request;
    const auto protocol = params.number("protocol", 1, INT32_MAX);
    if (protocol != wire::protocol && protocol != wire::protocol - 1) {
        throw Invalid("protocol",
                      "is not spoken here: this warifud and pam_warifu.so are of different versions");
    }
    request.user = params.text("user");
    auto& caller = request.caller;
    caller.service = params.text("service");
    caller.rhost = params.text("rhost");
    caller.tty = params.text("tty");
    caller.ruser = params.text("ruser");
    claims.real_uid = static_cast<std::uint32_t>(params.number("uid", 0, UINT32_MAX));
    request.flags = static_cast<std::uint32_t>(params.number("flags", 0, UINT32_MAX));
    request.options = params.texts("options");
    request.has_authtok = params.flag("has_authtok");
    request.single_field = params.flag("single_field");
    request.auth_info = params.text("auth_info");
    params.end();
    return claims;
}

}  // namespace

Session::Session(LocalSocket socket, Peer peer, Services services, std::function<void()> ended)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      peer_(peer),
      services_(services),
      ended_(std::move(ended)),
      buffer_(wire::max_call_bytes, '\0'),
      wait_timer_(socket_.get_executor()) {}

Session::~Session() {
    wipe(buffer_);
    wipe(sending_);
    ended_();
}

void Session::run() {
    arm(seconds_for_a_message);
    watch_caller();
    read();
}

void Session::close() {
    error_code ignored;
    timer_.cancel();
    wait_timer_.cancel();
    socket_.close(ignored);
    abandon();
}

// What a conversation waits for is withdrawn once nobody hears of it any more.
void Session::abandon() {
    if (!converses() || conversation_done_) {
        return;
    }
    // A request that is being made cannot be withdrawn yet: made() does it.
    conversation_done_ = !making_;
    action_ ? action_->abandon() : conversation_->abandon();
}

void Session::arm(int seconds) {
    timer_.expires_after(std::chrono::seconds(seconds));
    timer_.async_wait([weak = weak_from_this()](error_code error) {
        if (const auto self = weak.lock(); self && !error) {
            self->close();
        }
    });
}

void Session::read() {
    const auto room = asio::buffer(buffer_.data() + received_, buffer_.size() - received_);
    socket_.async_read_some(room, [self = shared_from_this()](error_code error, std::size_t size) {
        self->received(error, size);
    });
}

void Session::received(error_code error, std::size_t size) {
    if (error) {
        close();
        return;
    }
    if (received_ == 0) {
        arm(seconds_for_a_message);
    }
    received_ += size;
    next_message();
}

// Handles the first whole message of the buffer, or reads on.
void Session::next_message() {
    const std::string_view got(buffer_.data(), received_);
    const auto end = got.find('\0');
    if (end == std::string_view::npos) {
        if (received_ == buffer_.size()) {
            close();
            return;
        }
        read();
        return;
    }
    timer_.cancel();
    std::string message(got.substr(0, end));
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(end) + 1,
              buffer_.begin() + static_cast<std::ptrdiff_t>(received_), buffer_.begin());
    const std::size_t left = received_ - end - 1;
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(left),
              buffer_.begin() + static_cast<std::ptrdiff_t>(received_), '\0');
    received_ = left;
    handle(message);
    wipe(message);
}

void Session::handle(std::string_view message) {
    if (wire::nests_too_deep(message)) {
        close();
        return;
    }
    json call = json::parse(message, nullptr, false);
    if (!call.is_object() || !call.contains("method") || !call["method"].is_string()) {
        close();
        return;
    }
    // A varlink caller that wants no reply, or many, is not one of ours.
    if (is_set(call, "oneway") || is_set(call, "upgrade")) {
        close();
        return;
    }
    try {
        // Moved, not copied: whoever takes a text out of the parameters wipes it there.
        json parameters = call.contains("parameters") ? std::move(call["parameters"]) : json::object();
        dispatch(call["method"].get<std::string>(), std::move(parameters));
    } catch (...) {
        fail(std::current_exception());
    }
}

void Session::dispatch(const std::string& method, json parameters) {
    if (method == "org.varlink.service.GetInfo") {
        reply({{"vendor", "Warifu"},
               {"product", "warifud"},
               {"version", WARIFU_VERSION},
               {"url", ""},
               {"interfaces", {"org.varlink.service", "io.warifu"}}});
        return;
    }
    if (method == "org.varlink.service.GetInterfaceDescription") {
        Params params(parameters);
        if (params.text("interface") != "io.warifu") {
            fail("org.varlink.service.InterfaceNotFound", {{"interface", parameters["interface"]}});
            return;
        }
        reply({{"description", interface_text}});
        return;
    }
    const auto known = parse_method(method);
    if (!known) {
        fail("org.varlink.service.MethodNotFound", {{"method", method}});
        return;
    }
    const bool starts = *known == Method::start || *known == Method::start_action;
    const bool conversation = starts || *known == Method::answer || *known == Method::cancel;
    if (converses() && (!conversation || starts)) {
        throw Conflict("this connection carries a conversation: use another one");
    }
    if (conversation) {
        converse(*known, std::move(parameters));
        return;
    }
    ::warifu::run<json>(call(services_, peer_, proof_, *known, std::move(parameters)),
                        [self = shared_from_this()](std::optional<json> value, std::exception_ptr error) {
                            if (error) {
                                self->fail(error);
                            } else {
                                self->reply(std::move(*value));
                            }
                        });
}

void Session::converse(Method method, json parameters) {
    if (method == Method::cancel) {
        cancel();
        return;
    }
    if (method == Method::answer) {
        answer(std::move(parameters));
        return;
    }
    if (method == Method::start_action) {
        start_action(std::move(parameters));
        return;
    }
    Claims claims = claims_in(parameters);
    conversation_.emplace(services_.engine);
    // Named, so that its captures outlive the coroutine's first suspension: they are its parameters.
    const auto begin = [](Session& self, Claims said) -> Task<Step> {
        auto role_waits = door_role(self.services_, self.peer_, said.request.user);
        const Role role = co_await role_waits;
        if (rule(Method::start, role) != Rule::allowed) {
            throw NotPermitted("no conversations for you: ask an administrator");
        }
        believe(said.request, role, self.peer_, said.real_uid, self.services_.engine.config());
        auto step_waits = self.conversation_->start(std::move(said.request));
        co_return co_await step_waits;
    };
    make_step(begin(*this, std::move(claims)));
}

void Session::start_action(json parameters) {
    if (rule(Method::start_action, peer_.root() ? Role::admin : Role::self) != Rule::allowed) {
        throw NotPermitted("actions are asked for by programs of root's");
    }
    Params params(parameters);
    const auto protocol = params.number("protocol", 1, INT32_MAX);
    if (protocol != wire::protocol) {
        throw Invalid("protocol", "is not spoken here: warifud and the plugin are of different versions");
    }
    ActionRequest request;
    request.user = params.text("user");
    auto& caller = request.caller;
    caller.admin = true;
    caller.service = params.text("service");
    if (!caller.service.ends_with(action_service_ending)) {
        caller.service += action_service_ending;
    }
    caller.tty = params.text("tty");
    caller.uid = static_cast<std::uint32_t>(params.number("uid", 0, UINT32_MAX));
    caller.source = SourceId::local(caller.uid);
    request.run_as = params.text("run_as");
    request.directory = params.text("directory");
    request.argv = params.texts("argv", wire::max_call_bytes, most_arguments);
    params.end();
    caller.origin = origin_of(peer_.pid, caller.service, request.user);
    action_.emplace(services_.engine);
    make_step(action_->start(std::move(request)));
}

void Session::answer(json parameters) {
    if (!converses() || cancelled_) {
        throw Conflict("there is no conversation on this connection: begin with Start");
    }
    Params params(parameters);
    const auto kind = parse_reply_kind(params.text("kind", 16));
    std::string text = params.maybe_text("text", wire::max_answer_bytes).value_or("");
    params.end();
    if (!kind) {
        throw Invalid("kind", "takes text, tails, recovery, password, invalid or none");
    }
    if (!making_ && !made_) {
        make_step(action_ ? action_->next() : conversation_->answer(*kind, std::move(text)));
        return;
    }
    wipe(text);
    if (*kind != ReplyKind::none) {
        throw Conflict("a step \"wait\" is answered with kind none");
    }
    reply_owed_ = true;
    made_ ? deliver_step() : await_step();
}

void Session::cancel() {
    cancelled_ = converses();
    made_.reset();
    abandon();
    reply(json::object());
}

void Session::make_step(Task<Step> task) {
    making_ = reply_owed_ = true;
    await_step();
    ::warifu::run<Step>(std::move(task),
                        [self = shared_from_this()](std::optional<Step> step, std::exception_ptr error) {
                            self->made(std::move(step), error);
                        });
    if (caller_gone_ && making_) {
        close();  // what was read was said before
    }
}

void Session::made(std::optional<Step> step, std::exception_ptr error) {
    making_ = false;
    if (cancelled_ || !socket_.is_open()) {
        abandon();
        return;
    }
    made_.emplace(MadeStep{std::move(step), error});
    if (reply_owed_) {
        deliver_step();
    }
}

// Queued for scrypt or a slow disk, a step may take longer than a door waits for a reply.
void Session::await_step() {
    wait_timer_.expires_after(std::chrono::seconds(seconds_before_wait));
    wait_timer_.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (self && !error && self->making_ && self->reply_owed_) {
            self->reply_owed_ = false;
            self->reply({{"step", wire::step_wait}});
        }
    });
}

// Nothing is read while a step is made, so that a caller who goes away in the meantime would be seen at the
// next reply only, and an approval would let in somebody who has given up. Who only says that no more will
// come still hears.
void Session::watch_caller() {
    socket_.async_wait(asio::socket_base::wait_error, [weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (!self || error) {
            return;
        }
        // Asio may say so of a connection whose place in the reactor was another's a moment ago.
        pollfd hung_up{self->socket_.native_handle(), 0, 0};
        if (::poll(&hung_up, 1, 0) < 1) {
            self->watch_caller();
            return;
        }
        self->caller_gone_ = true;
        if (self->making_) {
            self->close();
        }
    });
}

void Session::deliver_step() {
    reply_owed_ = false;
    wait_timer_.cancel();
    MadeStep made = std::move(*made_);
    made_.reset();
    if (made.error) {
        conversation_done_ = true;
        fail(made.error);
        return;
    }
    conversation_done_ = conversation_done_ || made.step->kind == Step::Kind::done;
    reply(describe(*made.step));
    wipe(made.step->text);
}

void Session::reply(json parameters) {
    send({{"parameters", std::move(parameters)}});
}

void Session::fail(const std::string& error, json parameters) {
    send({{"error", error}, {"parameters", std::move(parameters)}});
}

void Session::fail(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (const Invalid& e) {
        fail(wire::error_invalid, {{"field", e.field}, {"message", e.field + " " + e.what()}});
    } catch (const Denied& e) {
        json parameters = {{"reason", e.reason}, {"message", e.what()}};
        if (e.retry_at != 0) {
            parameters["retry_after"] = std::max<std::int64_t>(e.retry_at - services_.ports.now(), 1);
        }
        fail(wire::error_denied, std::move(parameters));
    } catch (const NotFound& e) {
        fail(wire::error_not_found, {{"message", e.what()}});
    } catch (const NotPermitted& e) {
        fail(wire::error_not_permitted, {{"message", e.what()}});
    } catch (const Conflict& e) {
        fail(wire::error_conflict, {{"message", e.what()}});
    } catch (const std::exception& e) {
        services_.ports.log(LOG_ERR, std::string("unavailable: ") + e.what());
        fail(wire::error_unavailable, {{"message", e.what()}});
    }
}

void Session::send(json message) {
    sending_ = message.dump(-1, ' ', false, json::error_handler_t::replace);
    wipe_texts(message);
    sending_ += '\0';
    if (sending_.size() > wire::max_reply_bytes) {
        close();
        return;
    }
    arm(seconds_for_a_message);
    asio::async_write(socket_, asio::buffer(sending_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                          wipe(self->sending_);
                          if (error) {
                              self->close();
                              return;
                          }
                          const bool begun = self->received_ != 0;
                          self->arm(begun ? seconds_for_a_message : seconds_between_messages);
                          self->next_message();
                      });
}

}  // namespace warifu
