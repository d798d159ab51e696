// The tool on a full disk: what it is told to do is done whole, or not at all and said.
#include <gmock/gmock.h>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

constexpr int unavailable = 4;       // the command's exit status
constexpr int new_accounts = 1'200;  // more than what is set aside for new records holds
constexpr int large_records = 590;   // which take most of it
constexpr int accounts_at_once = 8;

// A file system of its own at `place`, with whatever is there, and so full that not a byte goes in.
class SmallDisk {
  public:
    SmallDisk(const Sandbox& sandbox, const std::string& place, const std::string& options)
        : sandbox_(sandbox), filler_(place + "/filler") {
        output_of(sandbox, as_root({"mkdir", "-p", place}));
        output_of(sandbox, as_root({"mount", "-t", "tmpfs", "-o", options, "tmpfs", place}));
    }
    void fill() const {
        for (const char* block : {"bs=64k", "bs=1"})
            run(sandbox_,
                as_root({"dd", "if=/dev/zero", "of=" + filler_, block, "oflag=append", "conv=notrunc"}));
    }
    void empty() const { output_of(sandbox_, as_root({"rm", filler_})); }

  private:
    const Sandbox& sandbox_;
    std::string filler_;
};

nlohmann::json status_of_account(const Sandbox& sandbox, const std::string& name) {
    return warifu(sandbox, {"status", "--user", name}).object;
}

// Everything of somebody's account that a command may change.
nlohmann::json record(const Sandbox& sandbox, const std::string& name) {
    nlohmann::json status = status_of_account(sandbox, name);
    return {status.at("state"), status.at("authenticators"), status.at("recovery_codes_left")};
}

TEST(FullDisk, X25_TheToolLeavesTheOldRecordOrTheNewOneAndSaysWhich) {
    Sandbox sandbox;
    const Account& alice = sandbox.add_user("alice", "alice's password");
    const SmallDisk disk(sandbox, "/var/lib/warifu", "size=32m,mode=711");
    const Warifud daemon(sandbox);
    Phone phone(sandbox, alice, PhoneKind::hotp);
    std::vector<std::string> names;
    for (int i = 0; i < new_accounts; ++i) names.push_back("new" + std::to_string(i));
    std::string accounts;
    for (std::size_t i = 0; i < names.size(); ++i)
        accounts += names[static_cast<std::size_t>(i)] + ":x:" + std::to_string(40'000 + i) +
                    ":40000::/nonexistent:/bin/false\n";
    sandbox.write("/etc/passwd", sandbox.read("/etc/passwd") + accounts);
    disk.fill();

    // New records find room for a while, in what was set aside; then there is none for any of them.
    run(sandbox, as_root({"sh", "-c",
                          "seq 0 " + std::to_string(large_records - 1) +
                              " | xargs -P 8 -I{} warifu require --user new{}"}));
    std::size_t used = large_records;
    for (bool full = false; !full;) {
        ASSERT_LE(used + accounts_at_once, names.size()) << "the disk is not full";
        full = true;
        for (int i = 0; i < accounts_at_once; ++i) {
            const std::string& name = names[used++];
            const Answer offered = warifu(sandbox, {"enroll", "--user", name});
            full = full && offered.status == unavailable;
            if (offered.status != 0) {
                EXPECT_EQ(offered.status, unavailable) << offered.object;
                EXPECT_EQ(status_of_account(sandbox, name).at("state"), "none");
            }
        }
    }

    const std::string id = status_of_account(sandbox, "alice").at("authenticators")[0].at("id");
    const std::vector<std::vector<std::string>> changes{
        {"rename", "--user", "alice", id, std::string(60, 'n')},
        {"codes", "--user", "alice", "--regenerate"},
        {"enroll", "--user", "alice", "--label", std::string(60, 'l')},
        {"suspend", "--user", "alice"},
        {"resume", "--user", "alice"}};
    for (const auto& change : changes) {
        const auto before = record(sandbox, "alice");
        const Answer answer = warifu(sandbox, change);
        if (answer.status == 0) continue;
        EXPECT_EQ(answer.status, unavailable) << change[0] << answer.object;
        EXPECT_EQ(record(sandbox, "alice"), before) << change[0];
    }
    const Answer verified = warifu(sandbox, {"verify", "--user", "alice", phone.code()});
    EXPECT_EQ(verified.status, 0) << verified.object;

    disk.empty();
    EXPECT_EQ(warifu(sandbox, {"enroll", "--user", names.back()}).status, 0);
}

TEST(FullDisk, X25_AFullHomeKeepsTheOldFile) {
    Sandbox sandbox;
    const Account& alice = sandbox.add_user("alice", "alice's password");
    sandbox.write("/etc/warifu/warifu.conf", "[store]\nsources = [\"home\"]\n");
    const SmallDisk disk(sandbox, alice.home, "size=512k,mode=700,uid=" + std::to_string(alice.uid));
    const Warifud daemon(sandbox);
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string home_file = sandbox.read(alice.home + "/.warifu");
    disk.fill();

    const Answer regenerated = warifu(sandbox, {"codes", "--user", "alice", "--regenerate"});
    EXPECT_EQ(regenerated.status, unavailable) << regenerated.object;
    EXPECT_THAT(regenerated.object.dump(), HasSubstr("No space left on device"));
    EXPECT_EQ(sandbox.read(alice.home + "/.warifu"), home_file);
    EXPECT_EQ(output_of(sandbox, as_root({"ls", "-A", alice.home})), ".warifu\nfiller\n");
    const Answer verified = warifu(sandbox, {"verify", "--user", "alice", phone.code()});
    EXPECT_EQ(verified.status, 0) << verified.object;
}

// Codes that are shown once are not made where they cannot be written down.
TEST(FullDisk, X25_ASheetThatFindsNoRoomChangesNothing) {
    Sandbox sandbox;
    const Account& alice = sandbox.add_user("alice", "alice's password");
    const SmallDisk disk(sandbox, "/sheets", "size=512k");
    const Warifud daemon(sandbox);
    const Phone phone(sandbox, alice, PhoneKind::hotp);
    disk.fill();
    for (const char* form : {"html", "text"}) {
        const Answer answer = warifu(sandbox, {"codes", "--user", "alice", "--regenerate", "--sheet", form,
                                               "--output", "/sheets/sheet"});
        EXPECT_EQ(answer.status, unavailable) << answer.object;
        EXPECT_THAT(answer.object.dump(), HasSubstr("No space left on device"));
    }
    EXPECT_EQ(output_of(sandbox, as_root({"ls", "-A", "/sheets"})), "filler\n");
    const Answer verified = warifu(sandbox, {"verify", "--user", "alice", phone.recovery_codes().front()});
    EXPECT_EQ(verified.status, 0) << "the old codes are gone: " << verified.object;
}

}  // namespace
}  // namespace warifu::integration
