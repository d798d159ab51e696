// Help, made of the table of commands; at most 80 columns wide.
#pragma once

#include <string>

#include "enroll_tool/command_table.h"

namespace warifu {

std::string command_list();
std::string general_help();
std::string command_help(const CommandRow& command);

}  // namespace warifu
