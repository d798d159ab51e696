#include "enroll_tool/derive/derive.h"

namespace warifu::derive {

namespace {

// In single quotes fish knows \' and \\ alone.
std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char character : text) {
        if (character == '\'' || character == '\\') result += '\\';
        result += character;
    }
    return result + "'";
}

std::string seen(std::string_view name) {
    const std::string text(name);
    const std::size_t blank = text.find(' ');
    const std::string first = "__fish_seen_subcommand_from " + text.substr(0, blank);
    return blank == text.npos ? first : first + "; and __fish_seen_subcommand_from " + text.substr(blank + 1);
}

std::string value_of(const OptionRow& option) {
    switch (completion_of(option)) {
        case Completion::choices:
            return " -x -a " + quoted(choices_of(option));
        case Completion::files:
            return " -r -F";
        case Completion::users:
            return " -x -a '(__fish_complete_users)'";
        case Completion::nothing:
            break;
    }
    return takes_value(option) ? " -x" : "";
}

std::string option_line(const CommandRow& command, const OptionRow& option) {
    return "complete -c warifu -n " + quoted(seen(command.name)) + " -l " +
           std::string(option.name.substr(2)) + value_of(option) + " -d " + quoted(option.help) + "\n";
}

std::string summary_of(const std::string& first) {
    for (const CommandRow& command : commands())
        if (command.name == first || command.name.starts_with(first + " "))
            return std::string(command.summary);
    return "";
}

}  // namespace

std::string fish() {
    std::string text =
        "# Completion of warifu(1) in fish; made from its table of commands.\n"
        "complete -c warifu -f\n"
        "complete -c warifu -n __fish_use_subcommand -l help -d 'this help'\n"
        "complete -c warifu -n __fish_use_subcommand -l version -d 'the version'\n"
        "complete -c warifu -n __fish_use_subcommand -l plain -d 'screens on plain lines'\n";
    for (const std::string& first : first_words()) {
        text += "complete -c warifu -n __fish_use_subcommand -a " + first + " -d " +
                quoted(summary_of(first)) + "\n";
        for (const std::string& second : second_words(first)) {
            std::string condition = seen(first);
            condition.append("; and not __fish_seen_subcommand_from ").append(second);
            std::string both = first;
            both.append(" ").append(second);
            text.append("complete -c warifu -n ").append(quoted(condition)).append(" -a ").append(second);
            text.append(" -d ").append(quoted(summary_of(both))).append("\n");
        }
    }
    for (const CommandRow& command : commands())
        for (const OptionRow& option : options_of(command)) text += option_line(command, option);
    return text;
}

}  // namespace warifu::derive
