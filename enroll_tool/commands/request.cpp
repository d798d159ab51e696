// request: asks for others' approval of one action, waits, and hands over the signed assertion.
#include <optional>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/comma_list.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

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

}  // namespace

ExitCode run_request(Session& session) {
    const ipc::Reply made = session.call(wish(session));
    std::optional<ipc::Reply> request(made.object().at("request"));
    const std::string id(request->text("auth_req_id"));
    if (!session.json()) {
        std::string line = fill(tr("%1 waits for approval."), {printable(id)});
        if (const auto number = request->maybe_text("number"))
            line += " " + fill(tr("The number is %1."), {printable(*number)});
        session.out().text(wrapped(line));
        session.out().flush();
    }
    while (request->text("state") == "pending") {
        ipc::Request poll("Poll");
        poll.text("auth_req_id", id).number("rev", request->number("rev")).number("wait", most_held_back);
        const ipc::Reply polled = session.call(std::move(poll));
        request.emplace(polled.object().at("request"));
    }
    const bool approved = request->text("state") == "approved";
    if (approved) {
        ipc::Request consume("Consume");
        consume.text("auth_req_id", id);
        const ipc::Reply consumed = session.call(std::move(consume));
        request.emplace(consumed.object().at("request"));
    }
    if (session.json()) {
        session.print(*request);
    } else if (approved) {
        session.out().text(std::string(request->text("assertion")) + "\n");
    } else {
        session.out().text(wrapped(fill(tr("Not approved: %1."), {printable(request->text("state"))})));
    }
    return approved ? ExitCode::done : ExitCode::denied;
}

}  // namespace warifu
