#include "tests/integration/one_time_code.h"

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace warifu::integration {
namespace {

std::string first_line_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "re"), ::pclose);
    char line[64];
    if (pipe == nullptr || std::fgets(line, sizeof line, pipe.get()) == nullptr) {
        throw std::runtime_error("no answer from: " + command);
    }
    const std::string text = line;
    return text.substr(0, text.find('\n'));
}

}  // namespace

std::string totp(const std::string& secret, std::int64_t at) {
    return first_line_of("oathtool --totp -b --now=@" + std::to_string(at) + " '" + secret + "'");
}

std::string hotp(const std::string& secret, std::uint64_t counter) {
    return first_line_of("oathtool --hotp -b -c " + std::to_string(counter) + " '" + secret + "'");
}

}  // namespace warifu::integration
