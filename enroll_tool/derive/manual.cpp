#include "enroll_tool/derive/derive.h"

namespace warifu::derive {

namespace {

// scdoc(5): what would be formatting.
std::string plain(std::string_view text) {
    std::string result;
    for (const char character : text) {
        if (character == '*' || character == '_' || character == '\\') result += '\\';
        result += character;
    }
    return result;
}

std::string values_of(const OptionRow& row) {
    switch (row.value) {
        case Value::choice: {
            std::string all;
            for (const std::string_view choice : row.choices)
                all.append(all.empty() ? " One of *" : ", *").append(plain(choice)).append("*");
            return all + ".";
        }
        case Value::number:
            return " " + std::to_string(row.least) + " to " + std::to_string(row.most) + ".";
        case Value::code:
            return " *-* reads it from standard input.";
        case Value::none:
        case Value::text:
        case Value::path:
        case Value::duration:
        case Value::key:
            return "";
    }
    return "";
}

std::string sentence(std::string_view help) {
    return plain(help) + ".";
}

std::string entry(const OptionRow& row, const std::string& tabs) {
    std::string name = tabs + "*" + std::string(row.name) + "*";
    if (!row.placeholder.empty()) name += " _" + plain(row.placeholder) + "_";
    return name + "\n" + tabs + "\t" + sentence(row.help) + values_of(row) + "\n\n";
}

std::string entries(std::span<const OptionRow> rows, const std::string& tabs) {
    std::string all;
    for (const OptionRow& row : rows)
        if (!row.hidden) all += entry(row, tabs);
    return all;
}

std::string command(const CommandRow& row) {
    std::string text = "*warifu " + std::string(row.name) + "*";
    for (const PositionalRow& positional : row.positionals) text += " _" + plain(positional.name) + "_";
    text += "\n\t" + sentence(row.summary) + "\n\n";
    for (const PositionalRow& positional : row.positionals)
        text += "\t_" + plain(positional.name) + "_\n\t\t" + sentence(positional.help) + "\n\n";
    return text + entries(row.options, "\t");
}

}  // namespace

std::string manual() {
    std::string text = "# COMMANDS\n\n";
    for (const CommandRow& row : commands()) text += command(row);
    return text + "# OPTIONS OF EVERY COMMAND\n\n" + entries(common_options(), "") +
           "# OPTIONS OF EVERY COMMAND ABOUT AN ACCOUNT\n\n" + "_--proof_ also goes with *list*.\n\n" +
           entries(carrier_options(Carrier::account), "");
}

}  // namespace warifu::derive
