#include "enroll_tool/help.h"

#include <span>
#include <vector>

#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t command_width = 18, option_width = 24, value_width = 52, summary_width = 60;

std::string exit_codes() {
    return wrapped(
        tr("Exit status: 0 done, 1 denied or not found, 2 usage, 3 not permitted,\n"
           "4 unavailable, conflict, or output that could not be written."));
}

// `name` and, beside it, what it means.
std::string entry(std::string_view name, std::size_t name_width, const std::string& meaning,
                  std::size_t width) {
    std::string lines;
    for (const std::string& line : broken(meaning, width)) {
        lines += "  " + padded(name, name_width) + line + "\n";
        name = "";
    }
    return lines;
}

// In lines of at most `value_width`, each but the last ended by "|".
std::vector<std::string> choices_of(const OptionRow& row) {
    std::vector<std::string> lines(1);
    for (const std::string_view choice : row.choices) {
        if (!lines.back().empty()) lines.back() += '|';
        if (lines.back().size() + choice.size() >= value_width) lines.emplace_back();
        lines.back() += choice;
    }
    return lines;
}

std::vector<std::string> values_of(const OptionRow& row) {
    if (row.value == Value::choice) return choices_of(row);
    if (row.value == Value::number)
        return {fill(tr("%1 to %2"), {std::to_string(row.least), std::to_string(row.most)})};
    if (row.value == Value::code) return {tr("or - for standard input")};
    return {};
}

std::string line(std::string_view name, const std::string& help) {
    return entry(name, option_width + 1, help, value_width);
}

std::string lines_of(const OptionRow& row) {
    if (row.hidden) return "";
    std::string name(row.name);
    if (!row.placeholder.empty()) name.append(" ").append(row.placeholder);
    std::string lines = line(name, tr_text(row.help));
    for (const std::string& values : values_of(row)) lines += line("", values);
    return lines;
}

std::string lines_of(std::span<const OptionRow> rows) {
    std::string lines;
    for (const OptionRow& row : rows) lines += lines_of(row);
    return lines;
}

}  // namespace

std::string command_list() {
    std::string list;
    for (const CommandRow& row : commands())
        list += entry(row.name, command_width, tr_text(row.summary), summary_width);
    return list;
}

std::string general_help() {
    return wrapped(tr("Usage: warifu [COMMAND] [OPTIONS]")) + "\n" +
           wrapped(tr("Without a command: screens, for setting up and looking after a second factor.")) +
           "\n" + command_list() + "\n" + wrapped(tr("Without a command:")) + lines_of(screen_options()) +
           "\n" + wrapped(tr("Every command takes:")) + lines_of(common_options()) + "\n" +
           wrapped(tr("`warifu COMMAND --help` tells more.")) + exit_codes();
}

std::string command_help(const CommandRow& command) {
    std::string usage = fill(tr("Usage: warifu %1 [OPTIONS]"), {command.name});
    for (const PositionalRow& row : command.positionals) usage.append(" ").append(row.name);
    std::string help = usage + "\n" + wrapped(tr_text(command.summary)) + "\n";
    if (!command.note.empty()) help += wrapped(tr_text(command.note)) + "\n";
    for (const PositionalRow& row : command.positionals) help += line(row.name, tr_text(row.help));
    help +=
        lines_of(command.options) + lines_of(carrier_options(command.carrier)) + lines_of(common_options());
    return help + "\n" + exit_codes();
}

}  // namespace warifu
