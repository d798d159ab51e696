// GET and POST /a/{token}: what an approver's link shows and does. The token is its own proof.
#include <ctime>

#include "core/error/error.h"
#include "gateway/api/bearer.h"
#include "gateway/api/failure.h"
#include "gateway/pages/approval_page.h"
#include "gateway/pages/page.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

namespace {

// One text for tokens that are spent, expired, or were never there.
[[noreturn]] void throw_gone() {
    throw NotFound("this link is over");
}

Secret token_of(const Call& call) {
    if (!is_opaque_id(call.argument)) throw_gone();
    return Secret::copy_of(std::string_view(call.argument));
}

Holding holding_of(const ipc::Reply& reply) {
    Holding holding;
    holding.request = request_in(reply);
    holding.purpose = reply.text("purpose");
    holding.holder = reply.text("holder");
    // Whatever is not clearly "no" is "yes".
    const auto blind = reply.object().find("blind");
    holding.blind = blind == reply.object().end() || !blind->is_boolean() || blind->get<bool>();
    return holding;
}

struct Decided {
    std::optional<std::string> decision, number, language;
    std::optional<std::int64_t> seq;
    bool form = false;
};

// As it was meant: with an input method left on, digits are full-width ones (U+FF10 to U+FF19), and blanks
// come along.
std::string plain_digits(std::string_view number) {
    constexpr std::string_view wide = "\xEF\xBC", wide_blank = "\xE3\x80\x80";
    std::string plain;
    while (!number.empty()) {
        std::size_t taken = 1;
        const auto last = number.size() > 2 ? static_cast<unsigned char>(number[2]) : 0U;
        if (number.starts_with(wide) && last >= 0x90 && last <= 0x99) {
            plain += static_cast<char>('0' + (last - 0x90));
            taken = 3;
        } else if (number.starts_with(wide_blank)) {
            taken = wide_blank.size();
        } else if (number.front() != ' ') {
            plain += number.front();
        }
        number.remove_prefix(taken);
    }
    return plain;
}

// A form names its decision: mail scanners submit forms, and no browser sends one without the button that was
// pressed. A button or push service may send nothing at all: then the token's own purpose is meant.
Decided decided_in(const HttpRequest& http) {
    const std::string type = media_type(http.content_type);
    Decided decided;
    decided.form = type == "application/x-www-form-urlencoded";
    if (http.body.empty() && (type.empty() || type == "application/json")) return decided;
    Input input = Input::from_body(type, http.body);
    decided.decision = input.maybe_text("decision");
    if (decided.form && !decided.decision) throw Invalid("decision", "a form names one");
    if (const auto number = input.maybe_text("number"); number && !number->empty()) {
        decided.number = plain_digits(*number);
    }
    decided.seq = input.maybe_number("seq");
    if (decided.form) decided.language = input.maybe_text("language");
    input.end();
    return decided;
}

// 200 where it was done; a wrong number is a wrong value, and "not yet" a matter of the request's state.
HttpResponse json_of(const std::string& result, const AuthenticationRequest& request) {
    nlohmann::json object = {{"result", result}, {"state", request.state}};
    if (result == "wrong_number") {
        return response_of({422, result, "the number is not the one that is shown where this began", {}},
                           object);
    }
    if (result == "not_yet") {
        return response_of({409, result, "this is disarmed; the token stays good", {}}, object);
    }
    return json_response(object);
}

}  // namespace

awaitable<HttpResponse> show_approval(Services services, Call call) {
    const Secret token = token_of(call);
    ipc::Request request("Token");
    request.secret("token", token);
    try {
        const ipc::Reply reply = co_await services.warifud.call(std::move(request));
        const Language accepted = preferred_language(call.http.accept_language);
        const Language language = language_named(reply.text("language"), accepted);
        co_return page_response(approval_page(holding_of(reply), language, std::time(nullptr)));
    } catch (const NotFound&) {
        throw_gone();
    }
}

awaitable<HttpResponse> decide(Services services, Call call) {
    const Decided decided = decided_in(call.http);
    const Secret token = token_of(call);
    ipc::Request request("Decide");
    request.secret("token", token);
    if (decided.decision) request.text("decision", *decided.decision);
    if (decided.number) request.text("number", *decided.number);
    if (decided.seq) request.number("seq", *decided.seq);
    try {
        const ipc::Reply reply = co_await services.warifud.call(std::move(request));
        Outcome outcome{std::string(reply.text("result")), decided.decision.value_or(""), request_in(reply)};
        if (!decided.form) co_return json_of(outcome.result, outcome.request);
        const Language accepted = preferred_language(call.http.accept_language);
        const Language language = language_named(decided.language.value_or(""), accepted);
        const int status = outcome.result == "done" ? 200 : outcome.result == "not_yet" ? 409 : 422;
        co_return page_response(outcome_page(outcome, language), status);
    } catch (const NotFound&) {
        throw_gone();
    }
}

}  // namespace warifu::gateway::routes
