#include "gateway/routes/ask_parameters.h"

namespace warifu::gateway {

namespace {

void read_context(Input& input, AskParameters& parameters) {
    parameters.service = input.maybe_text("service");
    parameters.host = input.maybe_text("host");
    parameters.rhost = input.maybe_text("rhost");
    parameters.user_agent = input.maybe_text("user_agent");
    parameters.tty = input.maybe_text("tty");
    parameters.command = input.maybe_text("command");
    parameters.digest = input.maybe_text("digest");
}

void read_rest(Input& input, AskParameters& parameters) {
    parameters.login_hint = input.text("login_hint");
    parameters.kind = input.maybe_text("kind").value_or(parameters.kind);
    parameters.binding_message = input.maybe_text("binding_message").value_or("");
    parameters.initially = input.maybe_text("initially");
    parameters.request_key = input.maybe_text("request_key");
    parameters.requested_expiry = input.maybe_number("requested_expiry");
    parameters.approvers = input.texts("approvers");
    parameters.min_approvals = input.maybe_number("min_approvals");
    parameters.purposes = input.texts("purposes");
}

void add(ipc::Request& request, const char* name, const std::optional<std::string>& value) {
    if (value) request.text(name, *value);
}

void add(ipc::Request& request, const char* name, const std::optional<std::int64_t>& value) {
    if (value) request.number(name, *value);
}

}  // namespace

AskParameters ask_parameters(Input input) {
    AskParameters parameters;
    read_rest(input, parameters);
    Input context = input.part("context");
    read_context(context, parameters);
    context.end();
    input.end();
    return parameters;
}

AskParameters ask_parameters_of_form(Input input) {
    AskParameters parameters;
    read_rest(input, parameters);
    read_context(input, parameters);
    input.end();
    return parameters;
}

ipc::Request ask_request(const Secret& key, const AskParameters& parameters) {
    ipc::Request request("Ask");
    request.secret("key", key).text("user", parameters.login_hint).text("kind", parameters.kind);
    add(request, "initially", parameters.initially);
    request.text("message", parameters.binding_message);
    add(request, "digest", parameters.digest);
    add(request, "service", parameters.service);
    add(request, "rhost", parameters.rhost);
    add(request, "user_agent", parameters.user_agent);
    add(request, "host", parameters.host);
    add(request, "tty", parameters.tty);
    add(request, "command", parameters.command);
    add(request, "seconds", parameters.requested_expiry);
    const std::vector<std::string_view> approvers(parameters.approvers.begin(), parameters.approvers.end());
    request.texts("approvers", approvers);
    add(request, "min_approvals", parameters.min_approvals);
    add(request, "request_key", parameters.request_key);
    if (!parameters.purposes.empty()) {
        const std::vector<std::string_view> purposes(parameters.purposes.begin(), parameters.purposes.end());
        request.texts("purposes", purposes);
    }
    return request;
}

}  // namespace warifu::gateway
