#include "enroll_tool/session.h"

#include <string>
#include <utility>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/translation.h"

namespace warifu {

ipc::Endpoint endpoint_of(const Invocation& given) {
    const auto text = [&given](std::string_view name) { return std::string(given.text(name).value_or("")); };
    return {text("--socket"), text("--config"), text("--daemon")};
}

Session::Session(const Invocation& given, Output& out) : given_(given), out_(out) {
    if (given_.has("--proof"))
        proof_ = answers_.get({"--proof", tr("Code or recovery code, as proof: ")}, given_.text("--proof"));
}

std::string_view Session::required(std::string_view name) const {
    const auto value = given_.text(name);
    if (!value || value->empty()) throw Invalid(std::string(name), fill("%1 is missing; see --help", {name}));
    return *value;
}

Secret Session::code(std::string_view name, std::string_view prompt) {
    return answers_.get({name, prompt}, given_.text(name));
}

ipc::Reply Session::call(ipc::Request request) {
    if (!connection_) connect();
    if (!can_prove()) return connection_->call(std::move(request));
    Secret message = std::move(request).finish();
    try {
        return connection_->call(Secret::copy_of(message.bytes()));
    } catch (const NotPermitted& refused) {
        // The sentence is all that tells this from what no proof helps with.
        const bool wants_proof = std::string_view(refused.what()).find("--proof") != std::string_view::npos;
        if (!wants_proof || !prove()) throw;
    }
    return connection_->call(std::move(message));
}

void Session::interrupted_by(int descriptor) noexcept {
    interruption_ = descriptor;
    if (connection_) connection_->interrupted_by(descriptor);
}

void Session::connect() {
    connection_ = ipc::reach(endpoint());
    connection_->interrupted_by(interruption_);
}

bool Session::can_prove() const noexcept {
    return !proved_ && (proof_ || (!json() && answers_.somebody_is_there()));
}

bool Session::prove() {
    if (!proof_)
        proof_ = answers_.ask({"--proof", tr("This wants a code of yours first. Code or recovery code: ")});
    if (!proof_) return false;
    ipc::Request request("Prove");
    request.text("user", user()).secret("code", *std::exchange(proof_, std::nullopt));
    connection_->call(std::move(request));
    proved_ = true;
    return true;
}

ExitCode Session::print(const ipc::Reply& reply) {
    out_.object(reply.object());
    return ExitCode::done;
}

ipc::Request account_request(const Session& session, const char* method) {
    ipc::Request request(method);
    request.text("user", session.user());
    return request;
}

}  // namespace warifu
