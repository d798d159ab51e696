#include "enroll_tool/arguments.h"

#include <string.h>

#include <cstring>
#include <string_view>

#include "enroll_tool/command_table.h"

namespace warifu {

namespace {

// "--code=123456" keeps its name.
std::size_t length_of_name(std::string_view word) noexcept {
    const std::size_t equals = word.find('=');
    return equals != word.npos && is_table_word(word.substr(0, equals)) ? equals + 1 : 0;
}

void overwrite(char* word) noexcept {
    char* const value = word + length_of_name(word);
    const std::size_t length = std::strlen(value);
    explicit_bzero(value, length);
    std::memset(value, '*', length);
}

}  // namespace

std::vector<std::string> take_arguments(int argc, char** argv) {
    std::vector<std::string> arguments;
    for (int i = 1; i < argc; ++i) {
        arguments.emplace_back(argv[i]);
        if (!is_table_word(argv[i])) overwrite(argv[i]);
    }
    return arguments;
}

}  // namespace warifu
