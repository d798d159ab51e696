#include <string>

#include "enroll_tool/account_words.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::int64_t default_limit = 100;

ipc::Request make_request(const Invocation& given) {
    ipc::Request request("List");
    if (const auto search = given.text("--search")) request.text("search", *search);
    if (const auto state = given.text("--state")) request.text("state", *state);
    if (const auto span = given.number("--unused-for")) request.number("unused_for", *span);
    request.number("limit", given.number("--limit").value_or(default_limit));
    if (const auto cursor = given.text("--cursor")) request.text("cursor", *cursor);
    return request;
}

// The name comes last and is never cut: it is what the next command is given.
void show_line(std::string_view state, std::string_view authenticators, std::string_view codes,
               std::string_view used, std::string_view user, Output& page) {
    page.text(padded(state, 11) + padded(authenticators, 6) + padded(codes, 7) + padded(used, 18));
    page.text(user);
    page.text("\n");
}

void show_accounts(const ipc::Reply& list, Output& page) {
    show_line(tr("STATE"), tr("KEYS"), tr("CODES"), tr("LAST USED"), tr("USER"), page);
    for (const ipc::Reply& account : list.objects("accounts")) {
        const auto used = account.maybe_number("last_used");
        show_line(word_of_state(account.text("state")), std::to_string(account.number("authenticators")),
                  std::to_string(account.number("recovery_codes_left")), used ? moment(*used) : tr("never"),
                  printable(account.text("user")), page);
    }
    if (const auto cursor = list.maybe_text("cursor"))
        page.text(fill(tr("There are more: the same with --cursor %1"), {printable(*cursor)}) + "\n");
}

}  // namespace

ExitCode run_list(Session& session) {
    const ipc::Reply list = session.call(make_request(session.given()));
    if (session.json()) return session.print(list);
    show_accounts(list, session.out());
    return ExitCode::done;
}

}  // namespace warifu
