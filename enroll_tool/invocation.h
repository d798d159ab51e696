// A command line, parsed and checked against the table of commands.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret/secret.h"
#include "enroll_tool/command_table.h"

namespace warifu {

class Invocation {
  public:
    // `arguments` without the program's name. Throws Invalid, with a message that repeats no argument but an
    // unknown option's name: any other may be a code in the wrong place.
    static Invocation parse(std::vector<std::string> arguments);

    const CommandRow* command = nullptr;  // none: help, version, or nothing at all was asked for

    // Options and positionals by their names in the table ("--label", "CODE"). A choice is spelled as there.
    bool has(std::string_view name) const { return values_.contains(name); }
    std::optional<std::string_view> text(std::string_view name) const;
    std::optional<std::int64_t> number(std::string_view name) const;  // durations in seconds

  private:
    void set(std::string_view name, std::string_view value);

    std::map<std::string, Secret, std::less<>> values_;  // any of them may be a code
    friend class Parser;
};

// Whether --json is among the arguments: asked before they are parsed, since an error in them is said in
// JSON.
bool wants_json(const std::vector<std::string>& arguments) noexcept;

}  // namespace warifu
