// Every command with its options, as one table: the parser, the help and the completions of shells are made
// of it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "enroll_tool/exit_code.h"

namespace warifu {

class Session;

enum class Value : std::uint8_t {
    none,  // a switch
    text,
    path,      // made absolute
    number,    // `least` to `most`
    duration,  // 90d, 12h, 30m, 45s, 2w; without a unit: days
    choice,    // one of `choices`, in any case
    code,      // or - for a line of standard input
    key,       // only -
};

struct OptionRow {
    std::string_view name;         // "--label"
    std::string_view placeholder;  // "LABEL"; empty for a switch
    std::string_view help;         // at most 50 characters
    Value value = Value::none;
    std::span<const std::string_view> choices = {};
    int least = 0, most = 0;
    bool hidden = false;  // for build trees; neither helped with nor completed
    bool may_be_empty = false;
};

// Each may be left out as far as the parser is concerned; the command says what it cannot do without. Where
// --authenticator is given, a positional ID is not looked for.
struct PositionalRow {
    std::string_view name;  // "CODE"
    std::string_view help;
    Value value = Value::text;
};

// Who carries a command out.
enum class Carrier : std::uint8_t {
    account,  // warifud, for one account: takes --user and --proof
    host,     // warifud, for the host: takes --proof
    program,  // warifud, executed in our place
    tool,     // the tool itself, by looking at the host
};

struct CommandRow {
    std::string_view name;     // "enroll", "config check"
    std::string_view summary;  // at most 60 characters
    Carrier carrier = Carrier::account;
    std::span<const OptionRow> options;
    std::span<const PositionalRow> positionals;
    ExitCode (*run)(Session&) = nullptr;
    std::string_view note = {};  // for --help: what else is to know
};

std::span<const CommandRow> commands() noexcept;
// --json and the like, which every command takes.
std::span<const OptionRow> common_options() noexcept;
// --version and --plain, which stand where no command does.
std::span<const OptionRow> screen_options() noexcept;
// What this carrier adds: --user, --proof.
std::span<const OptionRow> carrier_options(Carrier carrier) noexcept;

// Whether `word` is an option's name or a word of a command's: it can be shown to anybody.
bool is_table_word(std::string_view word) noexcept;

}  // namespace warifu
