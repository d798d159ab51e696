#include "tests/integration/curl.h"

#include <sstream>
#include <stdexcept>

#include "tests/integration/process.h"

namespace warifu::integration {
namespace {

// What differs from one answer to the next whatever was asked.
bool is_of_the_moment(const std::string& line) {
    return line.starts_with("Date:");
}

}  // namespace

CurlAnswer curl(const Sandbox& sandbox, const std::string& rest, const std::vector<std::string>& options) {
    std::vector<std::string> words = {"curl", "--silent", "--show-error", "--include"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back("http://127.0.0.1" + rest);
    const std::string text = output_of(sandbox, as_root(words));
    CurlAnswer answer;
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    answer.status = std::stoi(line.substr(line.find(' ')));
    while (std::getline(lines, line) && line != "\r") {
        if (!is_of_the_moment(line)) answer.head += line + "\n";
    }
    answer.body.assign(std::istreambuf_iterator<char>(lines), {});
    return answer;
}

CurlAnswer curl_as(const Sandbox& sandbox, const std::string& rest, const std::string& user,
                   const std::string& typed) {
    return curl(sandbox, rest, {"--user", user + ":" + typed});
}

std::string password_line(const Sandbox& sandbox, const Account& account) {
    std::istringstream shadow(sandbox.read("/etc/shadow"));
    for (std::string line; std::getline(shadow, line);) {
        if (!line.starts_with(account.name + ":")) continue;
        const auto hash = account.name.size() + 1;
        return line.substr(0, line.find(':', hash)) + "\n";
    }
    throw std::runtime_error("no hash of " + account.name);
}

}  // namespace warifu::integration
