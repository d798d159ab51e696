// request: asks for others' approval of one action, waits, and hands over the signed assertion.
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/comma_list.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/held_signals.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/report.h"
#include "enroll_tool/translation.h"
#include "ipc/client/errors.h"

namespace warifu {

namespace {

constexpr std::int64_t most_held_back = 5;  // seconds of one Poll, within what a reply may take

ipc::Request wish(const Session& session) {
    const Invocation& given = session.given();
    ipc::Request request("Ask");
    request.text("user", "").text("kind", "action").text("message", session.required("--message"));
    if (const auto digest = given.text("--digest")) request.text("digest", *digest);
    if (const auto key = given.text("--request-key")) request.text("request_key", *key);
    if (const auto span = given.number("--for")) request.number("seconds", *span);
    if (const auto count = given.number("--count")) request.number("min_approvals", *count);
    request.texts("approvers", comma_list(given.text("--approver").value_or("")));
    return request;
}

// Beside what the command yields, so that a script reads that alone.
void tell(const Session& session, const ipc::Reply& request) {
    if (session.json()) return;
    std::string line = fill(tr("%1 waits for approval."), {printable(request.text("auth_req_id"))});
    if (const auto number = request.maybe_text("number"))
        line += " " + fill(tr("The number is %1."), {printable(*number)});
    std::fputs(wrapped(line).c_str(), stderr);
}

ipc::Reply the_request(const ipc::Reply& reply) {
    return ipc::Reply(reply.object().at("request"));
}

ipc::Reply call_for(Session& session, const char* method, const std::string& id) {
    ipc::Request request(method);
    request.text("auth_req_id", id);
    return the_request(session.call(std::move(request)));
}

// Until it is decided. A warifud that is started anew in the meantime is asked again, once.
void wait_for_decision(Session& session, std::optional<ipc::Reply>& request) {
    const std::string id(request->text("auth_req_id"));
    for (bool lost = false; request->text("state") == "pending";) {
        ipc::Request poll("Poll");
        poll.text("auth_req_id", id).number("rev", request->number("rev")).number("wait", most_held_back);
        try {
            request.emplace(the_request(session.call(std::move(poll))));
            lost = false;
        } catch (const ipc::Interrupted&) {
            throw;
        } catch (const Unavailable&) {
            if (lost) throw;
            lost = true;
            session.disconnect();
        }
    }
}

// Nobody is to approve what nobody waits for any more.
void withdraw(Session& session, const std::string& id) {
    session.interrupted_by(-1);
    session.disconnect();
    call_for(session, "CancelRequest", id);
    complain(fill(tr("%1 is withdrawn."), {id}));
}

// The same, where this command ends in any case: what could not be withdrawn ends by itself.
void try_to_withdraw(Session& session, const std::string& id) {
    try {
        withdraw(session, id);
    } catch (const std::exception& error) {
        complain(tr_message(error.what()));
    }
}

}  // namespace

ExitCode run_request(Session& session) {
    // What has a key of its own is taken up again by the same command, and so outlives this one.
    const bool stays = session.given().has("--request-key");
    const HeldSignals signals(stays ? std::initializer_list<int>{}
                                    : std::initializer_list<int>{SIGINT, SIGTERM, SIGHUP, SIGQUIT});
    std::optional<ipc::Reply> request(the_request(session.call(wish(session))));
    const std::string id(request->text("auth_req_id"));
    tell(session, *request);
    try {
        session.interrupted_by(signals.descriptor());
        wait_for_decision(session, request);
    } catch (const ipc::Interrupted&) {
        try_to_withdraw(session, id);
        signals.pass_on(signals.take());
        return ExitCode::denied;
    } catch (const Unavailable&) {
        if (!stays) try_to_withdraw(session, id);
        throw;
    }
    session.interrupted_by(-1);
    const bool approved = request->text("state") == "approved";
    if (approved) request.emplace(call_for(session, "Consume", id));
    if (session.json())
        session.print(*request);
    else if (approved)
        session.out().text(std::string(request->text("assertion")) + "\n");
    else
        session.out().text(wrapped(fill(tr("Not approved: %1."), {printable(request->text("state"))})));
    session.out().flush();  // before a signal that came meanwhile ends this
    return approved ? ExitCode::done : ExitCode::denied;
}

}  // namespace warifu
