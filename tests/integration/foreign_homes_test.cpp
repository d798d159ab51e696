// Homes that are nobody's but their owners', not even root's, as an NFS server with root_squash has them;
// homes behind a group; uids beyond 2³¹.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <memory>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

class ForeignHomes : public ::testing::Test {
  protected:
    ForeignHomes() {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        sandbox.write("/etc/pam.d/nullok",
                      "auth required pam_warifu.so nullok\nauth required pam_permit.so\n");
        sandbox.write("/etc/pam.d/su",
                      "auth required pam_warifu.so\naccount required pam_permit.so\n"
                      "session required pam_permit.so\n");
        sandbox.write("/etc/warifu/warifu.conf", "[store]\nsources = [\"home\", \"google-authenticator\"]\n");
        output_of(sandbox, as_root({"warifu", "init"}));
    }

    // As root whom a file server believes nothing: what is somebody else's is out of reach.
    static Command as_squashed_root(std::vector<std::string> words) {
        const std::vector<std::string> without = {"setpriv", "--bounding-set=-dac_override,-dac_read_search",
                                                  "--inh-caps=-dac_override,-dac_read_search"};
        words.insert(words.begin(), without.begin(), without.end());
        return as_root(std::move(words));
    }
    void warifud_starts() {
        warifud = std::make_unique<Process>(sandbox, as_squashed_root({"/usr/sbin/warifud"}));
        sandbox.wait_for_log("]: ready");
    }
    int sign_in(const Account& who, const std::string& answer, const std::string& service = "code") {
        return integration::sign_in(sandbox, service, who.name, answer);
    }

    Sandbox sandbox;
    std::unique_ptr<Process> warifud;
};

TEST_F(ForeignHomes, X03_AHomeThatRootCannotReadServes) {
    const Account& alice = sandbox.add_user("alice", "alice's password");
    warifud_starts();
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::vector<std::string> reads = {"cat", alice.home + "/.warifu"};
    EXPECT_EQ(run(sandbox, as_root(reads)).status, 0) << "the control";
    EXPECT_EQ(run(sandbox, as_squashed_root(reads)).status, 1);
    EXPECT_EQ(sign_in(alice, phone.wrong_code()), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(alice, phone.code()), PAM_SUCCESS) << sandbox.log();
    warifud.reset();

    Command su = as_squashed_root({"su", "-c", "id -un", "alice"});
    su.input = phone.code() + "\n";
    const Result in = run(sandbox, su);
    EXPECT_EQ(in.status, 0) << "without warifud: " << sandbox.log();
    EXPECT_THAT(in.out, HasSubstr("alice"));
    su.input = phone.wrong_code() + "\n";
    EXPECT_EQ(run(sandbox, su).status, 1);
}

TEST_F(ForeignHomes, X03_AHomeBehindASupplementaryGroupServes) {
    const Account& carol = sandbox.add_user({"carol", "carol's password", 23001, 23001, "/srv/team/carol"});
    const Account& dave = sandbox.add_user({"dave", "dave's password", 23002, 23002, "/srv/team/dave"});
    sandbox.add_group("team", {"carol"});
    output_of(sandbox, as_root({"sh", "-ec", "chgrp team /srv/team; chmod 0750 /srv/team"}));
    warifud_starts();
    Command ls = as_user(carol, {"ls", carol.home});
    ls.directory = "/";
    EXPECT_EQ(run(sandbox, ls).status, 2) << "the control: with her own group alone";
    Phone phone(sandbox, carol, PhoneKind::hotp);
    EXPECT_EQ(sign_in(carol, phone.code()), PAM_SUCCESS) << sandbox.log();

    // Who may not go there is neither taken for somebody without a key, nor shown why.
    EXPECT_EQ(sign_in(dave, "000000", "nullok"), PAM_AUTHINFO_UNAVAIL);
    EXPECT_THAT(sandbox.log(), HasSubstr("/srv/team"));
    output_of(sandbox, as_root({"sed", "-i", "s/^\\(team:.*:\\)carol$/\\1/", "/etc/group"}));
    EXPECT_EQ(sign_in(carol, phone.code(), "nullok"), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
}

TEST_F(ForeignHomes, X03_UidsBeyondTwoToThe31Serve) {
    warifud_starts();
    for (const uid_t uid : {2147483648U, 4294967294U}) {
        const std::string name = "u" + std::to_string(uid);
        const Account& who = sandbox.add_user({name, "a password", uid, uid, "/home/" + name});
        Phone phone(sandbox, who, PhoneKind::hotp);
        EXPECT_EQ(output_of(sandbox, as_root({"stat", "-c", "%a %u:%g", who.home + "/.warifu"})),
                  "600 " + std::to_string(uid) + ":" + std::to_string(uid) + "\n");
        EXPECT_EQ(sign_in(who, phone.wrong_code()), PAM_AUTH_ERR) << sandbox.log();
        EXPECT_EQ(sign_in(who, phone.code()), PAM_SUCCESS) << sandbox.log();
        EXPECT_EQ(integration::sign_in(sandbox, "code", name, phone.code(), uid), PAM_SUCCESS)
            << "asked by that uid: " << sandbox.log();
        EXPECT_EQ(warifu(sandbox, who, {"status"}).object.value("user", ""), name);
        EXPECT_EQ(output_of(sandbox, as_root({"id", "-u", name})), std::to_string(uid) + "\n");
    }
}

}  // namespace
}  // namespace warifu::integration
