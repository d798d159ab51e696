#include "enroll_tool/derive/derive.h"

namespace warifu::derive {

namespace {

// For single quotes; `special` gets a backslash, for _arguments and _describe.
std::string quoted(std::string_view text, std::string_view special = "") {
    std::string result;
    for (const char character : text) {
        if (special.find(character) != special.npos) result += '\\';
        if (character == '\'')
            result += "'\\''";
        else
            result += character;
    }
    return result;
}

std::string value_of(const OptionRow& option) {
    if (!takes_value(option)) return "";
    std::string message = ":" + quoted(option.placeholder, ":") + ":";
    switch (completion_of(option)) {
        case Completion::choices:
            return message + "(" + choices_of(option) + ")";
        case Completion::files:
            return message + "_files";
        case Completion::users:
            return message + "_users";
        case Completion::nothing:
            break;
    }
    return message;
}

std::string option_word(const OptionRow& option) {
    return "                '" + std::string(option.name) + "[" + quoted(option.help, "[]:") + "]" +
           value_of(option) + "' \\\n";
}

std::string arguments_of(const CommandRow& command) {
    std::string text = "            _arguments \\\n";
    for (const OptionRow& option : options_of(command)) text += option_word(option);
    for (const PositionalRow& positional : command.positionals)
        text += "                ':" + quoted(positional.name, ":") + ":' \\\n";
    return text + "                && return\n            ;;\n";
}

std::string branch(const CommandRow& command, std::string_view word) {
    return "        " + std::string(word) + ")\n" + arguments_of(command);
}

// A command of two words: the second is completed where it is not there yet, and stands in $words[1]
// afterwards.
std::string branch_of_two_words(const std::string& first) {
    std::string words, branches;
    for (const CommandRow& command : commands()) {
        if (!command.name.starts_with(first + " ")) continue;
        const std::string_view second = command.name.substr(first.size() + 1);
        words.append(words.empty() ? "" : " ").append(second);
        branches += branch(command, second);
    }
    return "        " + first + ")\n            if (( CURRENT == 2 )); then compadd -- " + words +
           "; return; fi\n            shift words; (( CURRENT-- ))\n            case $words[1] in\n" +
           branches + "            esac\n            ;;\n";
}

std::string branch(const std::string& first) {
    for (const CommandRow& command : commands())
        if (command.name == first) return branch(command, first);
    return branch_of_two_words(first);
}

std::string described_commands() {
    std::string text;
    for (const CommandRow& command : commands()) {
        const std::string_view first = command.name.substr(0, command.name.find(' '));
        text += "        '" + std::string(first) + ":" + quoted(command.summary) + "'\n";
    }
    return text;
}

}  // namespace

std::string zsh() {
    std::string text =
        "#compdef warifu\n"
        "# Completion of warifu(1) in zsh; made from its table of commands.\n"
        "_warifu() {\n"
        "    local curcontext=$curcontext state line\n"
        "    local -a commands\n"
        "    commands=(\n" +
        described_commands() +
        "    )\n"
        "    _arguments -C '(- *)--help[this help]' '(- *)--version[the version]' '--plain[screens on plain "
        "lines]' '1: :->command' '*:: "
        ":->rest' && "
        "return\n"
        "    if [[ $state == command ]]; then _describe command commands; return; fi\n"
        "    case $words[1] in\n";
    for (const std::string& first : first_words()) text += branch(first);
    return text + "    esac\n}\n_warifu \"$@\"\n";
}

}  // namespace warifu::derive
