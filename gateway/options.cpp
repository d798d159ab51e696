#include "gateway/options.h"

#include <charconv>

#include "core/error/error.h"

namespace warifu::gateway {

namespace {

std::size_t number_of_connections(const std::string& text) {
    std::size_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
        number < Options::least_connections || number > Options::most_connections) {
        throw Invalid("--connections", "a number from 2 to 64 is wanted");
    }
    return number;
}

void take(Options& options, const std::string& name, const std::string& value) {
    if (name == "--listen") {
        const auto endpoint = parse_endpoint(value);
        if (!endpoint) throw Invalid(name, "ADDRESS:PORT is wanted, as 127.0.0.1:8442 or [::1]:8442");
        options.listen = *endpoint;
    } else if (name == "--socket") {
        options.socket = value;
    } else if (name == "--proxy") {
        const auto address = parse_address(value);
        if (!address) throw Invalid(name, "the address of a proxy is wanted, as 127.0.0.1");
        options.proxies.insert(*address);
    } else if (name == "--connections") {
        options.connections = number_of_connections(value);
    } else if (name == "--user") {
        options.user = value;
    } else {
        throw Invalid(name, "there is no such option");
    }
}

}  // namespace

Options parse_options(const std::vector<std::string>& words) {
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--version") {
            options.mode = Options::Mode::version;
        } else if (words[i] == "--help") {
            options.mode = Options::Mode::help;
        } else if (i + 1 == words.size()) {
            throw Invalid(words[i], words[i].starts_with("--")
                                        ? "a value is missing, or there is no such option"
                                        : "nothing but options is taken");
        } else {
            take(options, words[i], words[i + 1]);
            ++i;
        }
    }
    return options;
}

}  // namespace warifu::gateway
