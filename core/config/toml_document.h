// TOML (toml.io, version 1.0.0) as a flat list of entries: all that the configuration needs of it, and the
// one place that includes toml++, which is heavy to compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace warifu {

// A dotted key or a header may nest as many tables as fit in a line, and toml++ destroys them recursively:
// these two bounds keep that far from the end of the stack.
inline constexpr std::size_t max_toml_line_bytes = 2000;
inline constexpr int max_toml_nesting = 4;       // values within each other
inline constexpr std::size_t max_toml_path = 4;  // what lies deeper is not listed; no configuration key does

struct TomlTable {
    bool operator==(const TomlTable&) const = default;
};

// A list of tables, as [[policy.rule]] makes it. Its tables are entries whose last name is their number,
// counted from 1.
struct TomlTables {
    bool operator==(const TomlTables&) const = default;
};

// A value of a type that no setting has.
struct TomlOther {
    std::string type;  // with its article: "a date"
    bool operator==(const TomlOther&) const = default;
};

using TomlValue =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>, TomlTable, TomlTables, TomlOther>;

// A table or a key with its value.
struct TomlEntry {
    std::vector<std::string> path;  // the tables it stands in, outermost first, then its own name
    std::size_t line = 0;           // counted from 1
    TomlValue value;
};

// Every table and every key in the order of their lines; a table stands before what is in it. Throws Invalid
// with field "FILE:LINE" for what is not TOML: a key twice, bytes that are not UTF-8, a line over its bound.
std::vector<TomlEntry> parse_toml(std::string_view text, std::string_view file);

}  // namespace warifu
