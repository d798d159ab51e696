// client add, client list, client remove: which local accounts may verify other people's codes.
#include <array>
#include <string>

#include "core/phrase/fill.h"
#include "enroll_tool/comma_list.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

ipc::Request client_request(const Session& session, const char* method) {
    ipc::Request request(method);
    request.text("client", session.required("CLIENT"));
    if (const auto realm = session.given().text("--realm")) request.text("realm", *realm);
    return request;
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string all;
    for (const std::string_view word : words) all.append(all.empty() ? "" : ",").append(printable(word));
    return all;
}

// The name comes last and is never cut: it is what the next command is given.
void show_line(std::string_view uid, std::string_view realm, std::string_view scopes, std::string_view since,
               std::string_view account, Output& page) {
    page.text(padded(uid, 14) + padded(realm, 10) + padded(scopes, 12) + padded(since, 18));
    page.text(account);
    page.text("\n");
}

}  // namespace

ExitCode run_client_add(Session& session) {
    ipc::Request request = client_request(session, "AddClient");
    const std::array<std::string_view, 1> scopes{session.required("--scope")};
    request.texts("scopes", scopes);
    const ipc::Reply added = session.call(std::move(request));
    if (session.json()) return session.print(added);
    session.out().text(wrapped(fill(
        tr("What runs as %1 (uid %2) may verify anybody's code from now on, and do nothing else for others."),
        {printable(added.text("account")), std::to_string(added.number("uid"))})));
    return ExitCode::done;
}

ExitCode run_client_remove(Session& session) {
    const ipc::Reply removed = session.call(client_request(session, "RemoveClient"));
    if (session.json()) return session.print(removed);
    if (removed.maybe_text("client").value_or("").starts_with("key:")) {
        session.out().text(wrapped(tr("That API key does nothing any more.")));
        return ExitCode::done;
    }
    session.out().text(wrapped(
        fill(tr("%1 verifies nobody's code but its own any more."), {printable(removed.text("account"))})));
    return ExitCode::done;
}

ExitCode run_client_key(Session& session) {
    ipc::Request request("AddKey");
    request.text("name", session.required("NAME")).text("realm", session.required("--realm"));
    request.texts("scopes", comma_list(session.required("--scope")));
    const ipc::Reply added = session.call(std::move(request));
    if (session.json()) return session.print(added);
    session.out().text(
        wrapped(fill(tr("The API key %1, shown this once:"), {printable(added.text("client"))})));
    session.out().text(added.text("secret"));
    session.out().text("\n");
    return ExitCode::done;
}

ExitCode run_client_list(Session& session) {
    const ipc::Reply list = session.call(ipc::Request("ListClients"));
    if (session.json()) return session.print(list);
    Output& page = session.out();
    show_line("UID", "REALM", "SCOPES", "SINCE", "ACCOUNT", page);
    for (const ipc::Reply& client : list.objects("clients"))
        show_line(client.maybe_number("uid") ? std::to_string(client.number("uid"))
                                             : printable(client.text("client")),
                  printable(client.text("realm")), joined(client.texts("scopes")),
                  moment(client.number("created")), printable(client.text("account")), page);
    return ExitCode::done;
}

}  // namespace warifu
