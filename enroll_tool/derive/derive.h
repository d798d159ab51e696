// What is made from the table of commands when Warifu is built: the reference of the manual page, and the
// completions of three shells. Each gives the whole text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "enroll_tool/command_table.h"

namespace warifu::derive {

std::string manual();  // commands and options in scdoc's format, to be put into docs/man/warifu.1.scd
std::string bash();
std::string zsh();
std::string fish();

// All that a command takes and is not hidden: its own options, its carrier's, the common ones.
std::vector<OptionRow> options_of(const CommandRow& command);
// Every option of every command, each once.
std::vector<OptionRow> all_options();
bool takes_value(const OptionRow& option) noexcept;
// How a shell completes a value.
enum class Completion { choices, files, users, nothing };
Completion completion_of(const OptionRow& option) noexcept;
// "totp hotp"
std::string choices_of(const OptionRow& option);
// First words of commands, each once: "config" for "config check"; and the words that may follow one.
std::vector<std::string> first_words();
std::vector<std::string> second_words(const std::string& first);

}  // namespace warifu::derive
