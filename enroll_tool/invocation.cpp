#include "enroll_tool/invocation.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/duration.h"
#include "ipc/wire/utf8.h"

namespace warifu {

namespace {

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
    throw Invalid(std::string(name), std::string(name) + ": " + why);
}

std::string checked_number(const OptionRow& row, std::string_view value) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    if (!whole || number < row.least || number > row.most)
        refuse(row.name, "a number from " + std::to_string(row.least) + " to " + std::to_string(row.most));
    return std::to_string(number);
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string checked_choice(const OptionRow& row, std::string_view value) {
    std::string all;
    for (const std::string_view choice : row.choices) {
        if (equal_in_any_case(choice, value)) return std::string(choice);
        all.append(all.empty() ? "" : ", ").append(choice);
    }
    refuse(row.name, "one of " + all);
}

std::string checked_duration(const OptionRow& row, std::string_view value) {
    const auto seconds = parse_duration(value);
    if (!seconds) refuse(row.name, "a time such as 90d, 12h, 30m, 45s or 2w");
    return std::to_string(*seconds);
}

std::string checked(const OptionRow& row, const std::string& value) {
    switch (row.value) {
        case Value::number:
            return checked_number(row, value);
        case Value::choice:
            return checked_choice(row, value);
        case Value::duration:
            return checked_duration(row, value);
        case Value::key:
            if (value == "-") break;
            refuse(row.name,
                   "takes only -, and asks for the key or reads it from standard input: a key among the "
                   "arguments is seen by everybody on this host");
        case Value::path:
        case Value::text:
            if (value.empty() && !row.may_be_empty) refuse(row.name, "is empty");
            break;
        case Value::code:
        case Value::none:
            break;
    }
    // warifud runs in another directory.
    return row.value == Value::path ? std::filesystem::absolute(value).string() : value;
}

// CLI11 tells what is an option, a value, a command; everything else is decided here, in our words.
CLI::Option* add(CLI::App& app, const OptionRow& row) {
    const std::string name = row.name == "--help" ? "-h,--help" : std::string(row.name);
    if (row.value == Value::none) return app.add_flag(name)->disable_flag_override();
    return app.add_option(name)->type_name(std::string(row.placeholder));
}

}  // namespace

class Parser {
  public:
    Parser() {
        app_.set_help_flag();
        app_.require_subcommand(0, 1);  // so that a label may be the name of a command
        add_all(app_, screen_options());
        add_all(app_, common_options());
        for (const CommandRow& row : commands()) add_command(row);
    }

    Invocation parse(std::vector<std::string> arguments) {
        std::ranges::reverse(arguments);
        try {
            app_.parse(std::move(arguments));
        } catch (const CLI::ExtrasError&) {
            refuse_extra();
        } catch (const CLI::ParseError& error) {
            throw Invalid("", error.what());
        }
        return result();
    }

  private:
    struct Leaf {
        const CommandRow* row;
        CLI::App* app;
        CLI::Option* operands;
    };

    void add_all(CLI::App& app, std::span<const OptionRow> rows) {
        for (const OptionRow& row : rows) options_.emplace_back(&row, add(app, row));
    }

    CLI::App& app_of(std::string_view name) {
        CLI::App* app = &app_;
        for (std::size_t from = 0; from < name.size();) {
            const std::size_t end = std::min(name.find(' ', from), name.size());
            const std::string word(name.substr(from, end - from));
            // "client" is there already, from "client add".
            const auto known =
                app->get_subcommands([&word](CLI::App* sub) { return sub->get_name() == word; });
            app = known.empty() ? app->add_subcommand(word) : known.front();
            app->fallthrough()->set_help_flag();
            from = end + 1;
        }
        return *app;
    }

    void add_command(const CommandRow& row) {
        CLI::App& app = app_of(row.name);
        add_all(app, carrier_options(row.carrier));
        add_all(app, row.options);
        CLI::Option* operands = nullptr;
        // Any number: take_leaf() knows how many there may be.
        if (!row.positionals.empty())
            operands = app.add_option("operands")->expected(CLI::detail::expected_max_vector_size);
        leaves_.push_back({&row, &app, operands});
    }

    [[noreturn]] void refuse_extra() const {
        const auto extra = app_.remaining(/*recurse=*/true);
        const auto option = std::ranges::find_if(
            extra, [](const std::string& word) { return word.size() > 1 && word.starts_with('-'); });
        if (option != extra.end()) {
            const std::string name = option->substr(0, option->find('='));
            throw Invalid(name, name + ": no such option here; --help lists them");
        }
        if (app_.get_subcommands().empty()) throw Invalid("", "no such command; `warifu --help` lists them");
        if (const CLI::App* command = app_.get_subcommands().front();
            command->get_subcommands().empty() && !command->get_subcommands({}).empty())
            refuse_without_second_word();
        throw Invalid("", "an argument too many; --help tells what the command takes");
    }

    Invocation result() const {
        Invocation result;
        for (const auto& [row, option] : options_)
            if (option->count() > 0) result.set(row->name, checked(*row, value_of(*option)));
        for (const Leaf& leaf : leaves_)
            if (leaf.app->parsed()) take_leaf(leaf, result);
        if (result.command != nullptr && result.has("--plain"))
            throw Invalid("--plain", "--plain: only without a command");
        if (result.command == nullptr && !app_.get_subcommands().empty()) refuse_without_second_word();
        for (const auto& [name, value] : result.values_)
            if (!wire::valid_utf8(value.text())) refuse(name, "is not UTF-8");
        return result;
    }

    [[noreturn]] void refuse_without_second_word() const {
        std::string words;
        for (const CLI::App* word : app_.get_subcommands().front()->get_subcommands({}))
            words += (words.empty() ? "" : ", ") + word->get_name();
        throw Invalid("", fill("this command wants a second word: one of %1", {words}));
    }

    static std::string value_of(const CLI::Option& option) {
        return option.get_items_expected_max() == 0 ? std::string() : option.results().front();
    }

    static void take_leaf(const Leaf& leaf, Invocation& result) {
        result.command = leaf.row;
        if (leaf.operands == nullptr) return;
        auto names = leaf.row->positionals;
        if (names.front().name == "ID" && result.has("--authenticator")) {
            result.set("ID", *result.text("--authenticator"));
            names = names.subspan(1);
        }
        const auto operands = leaf.operands->results();
        if (operands.size() > names.size())
            throw Invalid("", "an argument too many; --help tells what it takes");
        for (std::size_t i = 0; i < operands.size(); ++i) result.set(names[i].name, operands[i]);
    }

    CLI::App app_;
    std::vector<std::pair<const OptionRow*, CLI::Option*>> options_;
    std::vector<Leaf> leaves_;
};

Invocation Invocation::parse(std::vector<std::string> arguments) {
    return Parser().parse(std::move(arguments));
}

void Invocation::set(std::string_view name, std::string_view value) {
    values_.insert_or_assign(std::string(name), Secret::copy_of(value));
}

std::optional<std::string_view> Invocation::text(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second.text();
}

std::optional<std::int64_t> Invocation::number(std::string_view name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(value->data(), value->data() + value->size(), number);
    return number;
}

bool wants_json(const std::vector<std::string>& arguments) noexcept {
    return std::ranges::find(arguments, "--json") != arguments.end();
}

}  // namespace warifu
