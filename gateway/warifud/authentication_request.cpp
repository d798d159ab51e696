#include "gateway/warifud/authentication_request.h"

#include "ipc/client/errors.h"

namespace warifu::gateway {

namespace {

std::string text(const ipc::Reply& object, const char* name) {
    return std::string(object.text(name));
}

// What is not told (to a blind holder, or by an older warifud) is empty.
std::string text_or_nothing(const ipc::Reply& object, const char* name) {
    return std::string(object.maybe_text(name).value_or(""));
}

std::optional<std::string> maybe(const ipc::Reply& object, const char* name) {
    const auto value = object.maybe_text(name);
    return value ? std::optional(std::string(*value)) : std::nullopt;
}

std::vector<AuthenticationRequest::Decision> decisions_of(const ipc::Reply& object) {
    std::vector<AuthenticationRequest::Decision> all;
    const auto decisions = object.maybe_objects("decisions");
    if (!decisions) return all;
    for (const ipc::Reply& decision : *decisions) {
        all.push_back({text(decision, "by"), text(decision, "what"), decision.number("at")});
    }
    return all;
}

AuthenticationRequest read(const ipc::Reply& object) {
    AuthenticationRequest request;
    request.auth_req_id = text_or_nothing(object, "auth_req_id");
    request.kind = text(object, "kind");
    request.state = text(object, "state");
    const auto active = object.object().find("active");
    request.active = active != object.object().end() && active->is_boolean() && active->get<bool>();
    request.rev = object.number("rev");
    request.realm = text_or_nothing(object, "realm");
    request.user = text_or_nothing(object, "user");
    request.service = text_or_nothing(object, "service");
    request.host = text_or_nothing(object, "host");
    request.rhost = text_or_nothing(object, "rhost");
    request.tty = text_or_nothing(object, "tty");
    request.user_agent = text_or_nothing(object, "user_agent");
    request.command = text_or_nothing(object, "command");
    request.run_as = text_or_nothing(object, "run_as");
    request.directory = text_or_nothing(object, "directory");
    request.message = text_or_nothing(object, "message");
    request.digest = text_or_nothing(object, "digest");
    request.created = object.maybe_number("created").value_or(0);
    request.expires = object.number("expires");
    request.needed = object.maybe_number("needed").value_or(1);
    request.approvals = object.maybe_number("approvals").value_or(0);
    request.decisions = decisions_of(object);
    request.deny_reason = maybe(object, "deny_reason");
    request.number_mode = text_or_nothing(object, "number_mode");
    request.number = maybe(object, "number");
    request.assertion = maybe(object, "assertion");
    return request;
}

}  // namespace

AuthenticationRequest request_in(const ipc::Reply& reply) {
    const auto found = reply.object().find("request");
    if (found == reply.object().end() || !found->is_object()) {
        throw ipc::NoReply("warifud's reply has no object \"request\"");
    }
    return read(ipc::Reply(*found));
}

}  // namespace warifu::gateway
