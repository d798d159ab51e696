#include "tests/integration/gateway.h"

namespace warifu::integration {
namespace {

Command command_with(const std::vector<std::string>& options) {
    Command command = as_root({"/usr/sbin/warifu-gateway"});
    command.words.insert(command.words.end(), options.begin(), options.end());
    return command;
}

}  // namespace

Gateway::Gateway(const Sandbox& sandbox, const std::vector<std::string>& options)
    : process_(sandbox, command_with(options)) {
    sandbox.wait_for_log("warifu-gateway");
}

}  // namespace warifu::integration
