// What other distributions and mandatory access control read of packaging/, in the hands of their own tools.
#include <gmock/gmock.h>

#include <string>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

const std::string packaging = WARIFU_SOURCE_DIR "/packaging/";

TEST(DistributionFiles, P03_TheAppArmorProfileIsOne) {
    const Sandbox sandbox;
    const Result result = run(sandbox, as_root({"apparmor_parser", "--skip-kernel-load", "--skip-cache",
                                                "--names", packaging + "apparmor/usr.sbin.warifud"}));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(run(sandbox, as_root({"apparmor_parser", "-Q", "-K", packaging + "apparmor/usr.sbin.warifud"}))
                  .status,
              0);
    EXPECT_EQ(result.out, "warifud\n");
    EXPECT_EQ(output_of(sandbox, as_root({"apparmor_parser", "--skip-kernel-load", "--skip-cache", "--names",
                                          packaging + "apparmor/usr.libexec.warifu.warifu-notify"})),
              "warifu-notify\n");
    EXPECT_EQ(output_of(sandbox, as_root({"apparmor_parser", "--skip-kernel-load", "--skip-cache", "--names",
                                          packaging + "apparmor/usr.sbin.warifu-gateway"})),
              "warifu-gateway\n");
}

TEST(DistributionFiles, P03_TheSelinuxModuleCompiles) {
    const Sandbox sandbox;
    output_of(sandbox, as_root({"checkmodule", "-M", "-m", "-o", "/root/warifu.mod",
                                packaging + "selinux/warifu.te"}));
    output_of(sandbox, as_root({"semodule_package", "-o", "/root/warifu.pp", "-m", "/root/warifu.mod", "-f",
                                packaging + "selinux/warifu.fc"}));
    // Back again: what was packed is that module, with the labels.
    output_of(sandbox,
              as_root({"semodule_unpackage", "/root/warifu.pp", "/root/again.mod", "/root/again.fc"}));
    EXPECT_EQ(sandbox.read("/root/again.mod"), sandbox.read("/root/warifu.mod"));
    EXPECT_THAT(sandbox.read("/root/again.fc"), HasSubstr("warifud_exec_t"));
}

TEST(DistributionFiles, P03_TheRpmSpecBuildsAndHoldsWhatAHostNeeds) {
    const Sandbox sandbox;
    Command build =
        as_root({"rpmbuild", "--nodeps", "-bb", "--build-in-place", "--define", "_topdir /root/rpm",
                 "--define", "_rpmdir /root/rpms", "--define", "_libdir /usr/lib/" WARIFU_ARCHITECTURE,
                 "--define", "warifu_build " WARIFU_BUILD_DIR, packaging + "rpm/warifu.spec"});
    build.directory = WARIFU_SOURCE_DIR;
    const Result result = run(sandbox, build);
    ASSERT_EQ(result.status, 0) << result.out << result.err;
    const std::string files = output_of(sandbox, as_root({"sh", "-c", "rpm -qpl /root/rpms/*/*.rpm"}));
    for (const char* file :
         {"/usr/sbin/warifud\n", "/usr/bin/warifu\n", "/usr/libexec/warifu/warifu-notify\n",
          "/usr/sbin/warifu-gateway\n", "/usr/libexec/sudo/sudo_warifu.so\n", "/security/pam_warifu.so\n",
          "/etc/warifu/warifu.conf\n", "/usr/lib/systemd/system/warifud.service\n",
          "/usr/share/authselect/vendor/warifu/system-auth\n", "/usr/share/selinux/packages/warifu.pp\n",
          "/usr/share/man/man8/pam_warifu.8"}) {
        EXPECT_THAT(files, HasSubstr(file));
    }
    const std::string scripts =
        output_of(sandbox, as_root({"sh", "-c", "rpm -qp --scripts /root/rpms/*/warifu-0*.rpm"}));
    EXPECT_THAT(scripts, HasSubstr("warifud --init"));
}

}  // namespace
}  // namespace warifu::integration
