#include "tests/integration/sshd.h"

namespace warifu::integration {
namespace {

// sshd takes the first value that it reads for a key: the caller's lines stand first.
constexpr char common_settings[] = R"(
ListenAddress 127.0.0.1
HostKey /etc/ssh/sandbox_key
UsePAM yes
KbdInteractiveAuthentication yes
PasswordAuthentication no
PrintMotd no
PrintLastLog no
LogLevel VERBOSE
)";

Command prepare(Sandbox& sandbox, const std::string& settings, const std::string& blocks) {
    sandbox.write("/etc/ssh/sshd_config", settings + common_settings + blocks);
    output_of(sandbox,
              as_root({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/sandbox_key"}));
    return as_root({"/usr/sbin/sshd", "-D"});
}

}  // namespace

Sshd::Sshd(Sandbox& sandbox, const std::string& settings, const std::string& blocks)
    : process_(sandbox, prepare(sandbox, settings, blocks)) {
    sandbox.wait_for_log("Server listening on 127.0.0.1");
}

Command ssh(const std::string& user, const std::string& words, const std::vector<std::string>& options) {
    // ssh takes the first value that it reads for an option.
    std::vector<std::string> all = {"ssh", "-F", "none"};
    all.insert(all.end(), options.begin(), options.end());
    for (const char* option :
         {"StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
          "PreferredAuthentications=keyboard-interactive", "NumberOfPasswordPrompts=1"}) {
        all.insert(all.end(), {"-o", option});
    }
    all.push_back(user + "@127.0.0.1");
    if (!words.empty()) all.push_back(words);
    return as_root(all);
}

void add_address(const Sandbox& sandbox, const std::string& address) {
    output_of(sandbox, as_root({"ip", "address", "add", address, "dev", "lo"}));
}

std::vector<std::string> add_key(Sandbox& sandbox, const Account& account) {
    const std::string key = "/root/" + account.name + ".key";
    output_of(sandbox, as_root({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}));
    output_of(sandbox, as_user(account, {"mkdir", "-m", "700", ".ssh"}));
    sandbox.write(account.home + "/.ssh/authorized_keys", sandbox.read(key + ".pub"));
    return {"-i", key,
            "-o", "IdentitiesOnly=yes",
            "-o", "PreferredAuthentications=publickey,keyboard-interactive"};
}

}  // namespace warifu::integration
