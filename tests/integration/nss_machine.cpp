#include "tests/integration/nss_machine.h"

#include <sstream>

#include "tests/integration/process.h"

namespace warifu::integration {

void install_nss(Sandbox& sandbox) {
    output_of(sandbox, as_root({"systemd-sysusers", WARIFU_SOURCE_DIR "/packaging/sysusers.d/warifu.conf"}));
    sandbox.write("/etc/nsswitch.conf", "passwd: files\ngroup: files warifu\nshadow: files\nhosts: files\n");
}

std::set<std::string> groups_of(const Sandbox& sandbox, const std::string& user) {
    std::istringstream names(output_of(sandbox, as_root({"id", "-Gn", user})));
    std::set<std::string> groups;
    for (std::string name; names >> name;) {
        if (name != user) groups.insert(name);
    }
    return groups;
}

}  // namespace warifu::integration
