#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "enroll_tool/account_words.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t line_width = 80, gap = 2;

struct StateWords {
    std::string_view state;
    const char* sentence;  // about the account %1
};

constexpr std::array<StateWords, 5> states{{
    {"none", N_("%1: no second factor.")},
    {"pending", N_("%1: a key is on offer and not confirmed yet.")},
    {"active", N_("%1: the second factor is on.")},
    {"suspended", N_("%1: the second factor is suspended.")},
    {"missing", N_("%1: there were credentials, and they are gone.")},
}};

std::string explain(std::string_view user, std::string_view state) {
    for (const StateWords& known : states)
        if (known.state == state) return fill(tr(known.sentence), {printable(user)});
    return fill("%1: %2.", {printable(user), printable(state)});
}

using Row = std::vector<std::string>;

Row describe(const ipc::Reply& authenticator) {
    const bool by_counter = authenticator.text("kind") == "hotp";
    const std::string period = by_counter ? "" : " " + std::to_string(authenticator.number("period")) + "s";
    const auto used = authenticator.maybe_number("last_used");
    return {printable(authenticator.text("id")),
            printable(authenticator.text("kind")) + " " + printable(authenticator.text("algorithm")) + " " +
                std::to_string(authenticator.number("digits")) + period,
            word_of_state(authenticator.text("state")), used ? moment(*used) : tr("never"),
            printable(authenticator.text("label"))};
}

std::size_t width_of_column(const std::vector<Row>& rows, std::size_t column) {
    std::size_t width = 0;
    for (const Row& row : rows) width = std::max(width, columns(row[column]));
    return width;
}

// The last column has what is left of the line.
void show_table(const std::vector<Row>& rows, Output& page) {
    for (const Row& row : rows) {
        std::string line = "  ";
        for (std::size_t column = 0; column + 1 < row.size(); ++column)
            line += padded(row[column], width_of_column(rows, column) + gap);
        const std::size_t taken = columns(line);
        line += cut(row.back(), taken < line_width ? line_width - taken : 0);
        page.text(line.append("\n"));
    }
}

void show_authenticators(const std::vector<ipc::Reply>& authenticators, Output& page) {
    if (authenticators.empty()) return;
    std::vector<Row> rows{{tr("ID"), tr("TYPE"), tr("STATE"), tr("LAST USED"), tr("LABEL")}};
    for (const ipc::Reply& authenticator : authenticators) rows.push_back(describe(authenticator));
    page.text("\n");
    show_table(rows, page);
}

// The values stand below each other, beyond the widest of the names.
void show_field(std::string_view name, const std::string& value, Output& page) {
    page.text(wrapped(padded(name, columns(tr("Recovery codes")) + gap) + value, 2));
}

void show_status(const ipc::Reply& status, Output& page) {
    page.text(wrapped(explain(status.text("user"), status.text("state"))));
    if (const auto source = status.maybe_text("source")) show_field(tr("Kept in"), printable(*source), page);
    const std::int64_t left = status.number("recovery_codes_left");
    show_field(tr("Recovery codes"),
               fill(trn("%1 left", "%1 left", static_cast<unsigned long>(left)), {std::to_string(left)}),
               page);
    if (const auto failures = status.number("failures"); failures != 0)
        show_field(tr("Failures"), std::to_string(failures), page);
    if (const auto until = status.maybe_number("limited_until"))
        show_field(tr("Limited until"), moment(*until), page);
    if (const auto remembered = status.number("remembered"); remembered != 0)
        show_field(tr("Remembered"),
                   fill(trn("%1 sign-in", "%1 sign-ins", static_cast<unsigned long>(remembered)),
                        {std::to_string(remembered)}),
                   page);
    show_authenticators(status.objects("authenticators"), page);
    const auto notes = status.texts("notes");
    if (!notes.empty()) page.text("\n");
    for (const std::string_view note : notes)
        page.text(wrapped(fill(tr("Note: %1"), {printable(tr_message(note))}), 2));
}

}  // namespace

ExitCode run_status(Session& session) {
    const ipc::Reply status = session.call(account_request(session, "Status"));
    if (session.json()) return session.print(status);
    show_status(status, session.out());
    return ExitCode::done;
}

}  // namespace warifu
