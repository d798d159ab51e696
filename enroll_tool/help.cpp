#include "enroll_tool/help.h"

#include <span>
#include <vector>

#include "enroll_tool/printable.h"

namespace warifu {

namespace {

constexpr std::size_t command_width = 16, option_width = 24, value_width = 52;

constexpr std::string_view exit_codes =
    "Exit status: 0 done, 1 denied or not found, 2 usage, 3 not permitted,\n"
    "4 unavailable, conflict, or output that could not be written.\n";

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
    if (row.value == Value::number) return {std::to_string(row.least) + " to " + std::to_string(row.most)};
    if (row.value == Value::code) return {"or - for standard input"};
    return {};
}

std::string line(std::string_view name, std::string_view help) {
    return "  " + padded(name, option_width) + " " + std::string(help) + "\n";
}

std::string lines_of(const OptionRow& row) {
    if (row.hidden) return "";
    std::string name(row.name);
    if (!row.placeholder.empty()) name.append(" ").append(row.placeholder);
    std::string lines = line(name, row.help);
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
        list += "  " + padded(row.name, command_width) + std::string(row.summary) + "\n";
    return list;
}

std::string general_help() {
    return "Usage: warifu [COMMAND] [OPTIONS]\n\n"
           "Without a command: screens, for setting up and looking after a second factor.\n\n" +
           command_list() + "\nWithout a command:\n" + lines_of(screen_options()) +
           "\nEvery command takes:\n" + lines_of(common_options()) +
           "\n`warifu COMMAND --help` tells more.\n" + std::string(exit_codes);
}

std::string command_help(const CommandRow& command) {
    std::string usage = "Usage: warifu " + std::string(command.name) + " [OPTIONS]";
    for (const PositionalRow& row : command.positionals) usage.append(" ").append(row.name);
    std::string help = usage + "\n" + wrapped(command.summary) + "\n";
    if (!command.note.empty()) help += wrapped(command.note) + "\n";
    for (const PositionalRow& row : command.positionals) help += line(row.name, row.help);
    help +=
        lines_of(command.options) + lines_of(carrier_options(command.carrier)) + lines_of(common_options());
    return help + "\n" + std::string(exit_codes);
}

}  // namespace warifu
