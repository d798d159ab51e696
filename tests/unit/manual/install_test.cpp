// `cmake --install` puts each file where it belongs, with its mode, and no other file anywhere.
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <string>

#include "tests/unit/crypto/program_output.h"

namespace warifu {
namespace {

namespace fs = std::filesystem;

std::map<std::string, mode_t> installed() {
    std::string directory = "/tmp/warifu-install-XXXXXX";
    EXPECT_NE(mkdtemp(directory.data()), nullptr);
    program_output("umask 022; DESTDIR=" + directory + " " CMAKE_PROGRAM " --install " WARIFU_BUILD_DIR);
    std::map<std::string, mode_t> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        struct stat status{};
        EXPECT_EQ(lstat(entry.path().c_str(), &status), 0);
        if (!S_ISDIR(status.st_mode))
            files[entry.path().string().substr(directory.size())] = status.st_mode & 07777U;
        else
            EXPECT_EQ(status.st_mode & 07777U, 0755U) << entry.path();
    }
    fs::remove_all(directory);
    return files;
}

TEST(Install, E11_PutsEachFileWhereItBelongsAndNoOtherAnywhere) {
    const std::string share = "/usr/share/", examples = share + "doc/warifu/examples/";
    std::map<std::string, mode_t> expected{
        {"/etc/warifu/warifu.conf", 0644},
        {"/etc/apparmor.d/usr.sbin.warifud", 0644},
        {"/usr/lib/systemd/system/warifud.service", 0644},
        {"/usr/lib/systemd/system/warifud.socket", 0644},
        {"/usr/lib/systemd/system/warifud-root.socket", 0644},
        {share + "pam-configs/warifu", 0644},
        {share + "pam-configs/warifu-first-factor", 0644},
        {examples + "pam/cockpit", 0644},
        {"/usr/bin/warifu", 0755},
        {"/usr/sbin/warifud", 0755},
        {"/usr/libexec/warifu/warifu-notify", 0755},
        {"/usr/sbin/warifu-gateway", 0755},
        {"/etc/apparmor.d/usr.sbin.warifu-gateway", 0644},
        {"/usr/lib/systemd/system/warifu-gateway.service", 0644},
        {"/usr/lib/systemd/system/warifu-gateway.socket", 0644},
        {"/usr/lib/sysusers.d/warifu-gateway.conf", 0644},
        {share + "man/man8/warifu-gateway.8", 0644},
        {examples + "nginx/warifu-gateway.conf", 0644},
        {"/etc/apparmor.d/usr.libexec.warifu.warifu-notify", 0644},
        {"/usr/lib/sysusers.d/warifu-notify.conf", 0644},
        {share + "man/man8/warifu-notify.8", 0644},
        {"/usr/lib/" MULTIARCH "/security/pam_warifu.so", 0644},
        {"/usr/libexec/sudo/sudo_warifu.so", 0644},
        {"/usr/lib/" MULTIARCH "/libnss_warifu.so.2", 0644},
        {"/usr/lib/sysusers.d/warifu.conf", 0644},
        {"/usr/lib/tmpfiles.d/warifu.conf", 0644},
        {share + "man/man1/warifu.1", 0644},
        {share + "man/man5/warifu.conf.5", 0644},
        {share + "man/man8/warifud.8", 0644},
        {share + "man/man8/pam_warifu.8", 0644},
        {share + "man/man8/sudo_warifu.8", 0644},
        {share + "bash-completion/completions/warifu", 0644},
        {share + "zsh/vendor-completions/_warifu", 0644},
        {share + "fish/vendor_completions.d/warifu.fish", 0644},
        {share + "locale/ja/LC_MESSAGES/warifu.mo", 0644},
        {examples + "pam/sshd", 0644},
        {examples + "pam/sudo", 0644},
        {examples + "pam/sudo-i", 0644},
        {examples + "pam/su", 0644},
        {examples + "pam/login", 0644},
        {examples + "pam/nginx", 0644},
        {examples + "pam/apache2", 0644},
        {examples + "pam/vsftpd", 0644},
        {examples + "pam/dovecot", 0644},
        {examples + "pam/i3lock", 0644},
        {examples + "pam/panel", 0644},
        {examples + "nginx/warifu.conf", 0644},
        {examples + "apache2/warifu.conf", 0644},
        {examples + "panel/panel.py", 0644},
        {examples + "sshd_config.d/warifu.conf", 0644},
        {examples + "sudo/sudo.conf", 0644},
        {examples + "approvals/verify-assertion.sh", 0644},
    };
    for (const char* file :
         {"account.js", "accounts.js", "dom.js", "enrolment.js", "index.html", "main.js", "manifest.json",
          "po.ja.js", "recovery_codes.js", "theme.js", "tool.js", "warifu.css", "words.js"})
        expected[share + "cockpit/warifu/" + file] = 0644;
    EXPECT_EQ(installed(), expected);
}

// The paths that are compiled in are those of the installation.
TEST(Install, ProgramsLookWhereTheFilesAre) {
    const auto has = [](const char* file, const char* path) {
        return program_output("grep -c -a -F " + std::string(path) + " " WARIFU_BUILD_DIR "/" + file) !=
               "0\n";
    };
    EXPECT_TRUE(has("pam_module/pam_warifu.so", "/usr/sbin/warifud"));
    EXPECT_TRUE(has("enroll_tool/warifu", "/usr/sbin/warifud"));
    EXPECT_TRUE(has("enroll_tool/warifu", "/usr/share/locale"));
    EXPECT_TRUE(has("daemon/warifud", "/usr/libexec/warifu/warifu-notify"));
}

}  // namespace
}  // namespace warifu
