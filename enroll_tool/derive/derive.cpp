#include "enroll_tool/derive/derive.h"

#include <algorithm>

namespace warifu::derive {

namespace {

void add_visible(std::span<const OptionRow> from, std::vector<OptionRow>& to) {
    for (const OptionRow& row : from)
        if (!row.hidden && std::ranges::find(to, row.name, &OptionRow::name) == to.end()) to.push_back(row);
}

}  // namespace

std::vector<OptionRow> options_of(const CommandRow& command) {
    std::vector<OptionRow> options;
    add_visible(command.options, options);
    add_visible(carrier_options(command.carrier), options);
    add_visible(common_options(), options);
    return options;
}

std::vector<OptionRow> all_options() {
    std::vector<OptionRow> options;
    for (const CommandRow& command : commands()) add_visible(options_of(command), options);
    return options;
}

bool takes_value(const OptionRow& option) noexcept {
    return option.value != Value::none;
}

Completion completion_of(const OptionRow& option) noexcept {
    if (option.value == Value::choice) return Completion::choices;
    if (option.value == Value::path || option.placeholder == "PATH") return Completion::files;
    if (option.placeholder == "USER") return Completion::users;
    return Completion::nothing;
}

std::string choices_of(const OptionRow& option) {
    std::string all;
    for (const std::string_view choice : option.choices) all.append(all.empty() ? "" : " ").append(choice);
    return all;
}

std::vector<std::string> first_words() {
    std::vector<std::string> words;
    for (const CommandRow& command : commands())
        if (std::string word(command.name.substr(0, command.name.find(' ')));
            words.empty() || words.back() != word)
            words.push_back(std::move(word));
    return words;
}

std::vector<std::string> second_words(const std::string& first) {
    std::vector<std::string> words;
    for (const CommandRow& command : commands())
        if (command.name.starts_with(first + " ")) words.emplace_back(command.name.substr(first.size() + 1));
    return words;
}

}  // namespace warifu::derive
