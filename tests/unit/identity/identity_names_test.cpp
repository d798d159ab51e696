// Names as NSS has them, through the real calls: identity_probe runs under nss_wrapper with a passwd and a
// group file of this test's and a directory that answers with canonical names.
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace warifu {
namespace {

namespace fs = std::filesystem;

constexpr const char* passwd_file =
    "root:x:0:0:root:/root:/bin/sh\n"
    "bob:x:1000:1000:Bob:/home/bob:/bin/sh\n"
    "BOB:x:1001:1000:Another:/export/home/BOB:/bin/sh\n"
    "no-home:x:1002:1000:::/bin/sh\n"
    "half:x:2147483648:2147483648::/srv/half:/bin/sh\n"
    "last:x:4294967294:4294967294::/srv/last:/bin/sh\n"
    "no-uid:x:4294967295:1000::/srv/no-uid:/bin/sh\n"
    "no-gid:x:1003:4294967295::/srv/no-gid:/bin/sh\n";

constexpr const char* group_file =
    "root:x:0:\n"
    "people:x:1000:\n"
    "desk:x:2000:bob,half\n"
    "half:x:2147483648:\n"
    "large:x:4294967294:bob\n"
    "empty:x:2001:\n";

class IdentityNames : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = fs::temp_directory_path() / "warifu-identity-XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        std::ofstream(directory_ / "passwd") << passwd_file;
        std::ofstream(directory_ / "group") << group_file;
    }
    void TearDown() override { fs::remove_all(directory_); }

    // What identity_probe prints for these arguments, its last newline taken off.
    std::string ask(const std::vector<std::string>& question) const {
        std::vector<std::string> arguments = {IDENTITY_PROBE};
        arguments.insert(arguments.end(), question.begin(), question.end());
        std::vector<std::string> environment = {
            "LD_PRELOAD=" NSS_WRAPPER_LIBRARY, "NSS_WRAPPER_PASSWD=" + (directory_ / "passwd").string(),
            "NSS_WRAPPER_GROUP=" + (directory_ / "group").string(),
            "NSS_WRAPPER_MODULE_SO_PATH=" IDENTITY_DIRECTORY, "NSS_WRAPPER_MODULE_FN_PREFIX=directory",
            // For a build with sanitizers: nss_wrapper comes before their runtime, and must not bind deeply.
            "NSS_WRAPPER_DISABLE_DEEPBIND=1", "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"};
        return output_of(arguments, environment);
    }
    std::string by_name(const std::string& name) const { return ask({"name", name}); }
    std::string by_uid(const std::string& uid) const { return ask({"uid", uid}); }
    std::string membership(const std::string& name, const std::string& group) const {
        return ask({"member", name, group});
    }

  private:
    static std::vector<char*> pointers(std::vector<std::string>& strings) {
        std::vector<char*> result;
        for (auto& text : strings) {
            result.push_back(text.data());
        }
        result.push_back(nullptr);
        return result;
    }

    static std::string output_of(std::vector<std::string>& arguments, std::vector<std::string>& environment) {
        std::array<int, 2> pipe{};
        EXPECT_EQ(::pipe(pipe.data()), 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
        ::posix_spawn_file_actions_addclose(&actions, pipe[0]);
        pid_t child = -1;
        EXPECT_EQ(::posix_spawn(&child, arguments[0].c_str(), &actions, nullptr, pointers(arguments).data(),
                                pointers(environment).data()),
                  0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
        std::string output;
        std::array<char, 512> buffer{};
        for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
            output.append(buffer.data(), static_cast<std::size_t>(got));
        }
        ::close(pipe[0]);
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
        return output.substr(0, output.size() - (output.ends_with("\n") ? 1 : 0));
    }

    fs::path directory_;
};

TEST_F(IdentityNames, N03_NamesAreAsNssSpellsThem) {
    EXPECT_EQ(by_name("bob"), "bob 1000 1000 /home/bob");
    EXPECT_EQ(by_name("BOB"), "BOB 1001 1000 /export/home/BOB");
    EXPECT_EQ(by_name("Bob"), "nobody");
    for (const auto* alias :
         {"alice", "ALICE", "al", "EXAMPLE\\alice", "example\\ALICE", "Alice@Example.Org"}) {
        EXPECT_EQ(by_name(alias), "alice@example.org 3000000000 3000000000 /srv/people/a/alice") << alias;
    }
    EXPECT_EQ(by_name("alice@another.org"), "nobody");
    EXPECT_EQ(by_name("no-home"), "no-home 1002 1000 ");
}

TEST_F(IdentityNames, N03_UidsBeyondTheSignedHalf) {
    EXPECT_EQ(by_name("half"), "half 2147483648 2147483648 /srv/half");
    EXPECT_EQ(by_uid("2147483648"), "half 2147483648 2147483648 /srv/half");
    EXPECT_EQ(by_name("last"), "last 4294967294 4294967294 /srv/last");
    EXPECT_EQ(by_uid("4294967294"), "last 4294967294 4294967294 /srv/last");
    EXPECT_EQ(by_uid("3000000000"), "alice@example.org 3000000000 3000000000 /srv/people/a/alice");
    EXPECT_EQ(by_uid("2147483649"), "nobody");
}

// setresuid(2) takes this value for "leave it as it is": whoever became this user would have stayed root.
TEST_F(IdentityNames, N03_TheUidThatMeansNoUidIsNobodys) {
    EXPECT_EQ(by_uid("4294967295"), "nobody");
    EXPECT_EQ(by_name("no-uid"), "error " + std::to_string(EOVERFLOW));
    EXPECT_EQ(by_name("no-gid"), "error " + std::to_string(EOVERFLOW));
}

TEST_F(IdentityNames, X05_HostileNamesAreNobody) {
    for (const std::string name : {"",           "../bob",
                                   "./bob",      "../../etc/passwd",
                                   "a/b",        "/bob",
                                   ".",          "..",
                                   "-bob",       "+bob",
                                   "-",          "+",
                                   "bob\n",      "\nbob",
                                   "bob\nroot",  "bob:x:0",
                                   "bob:",       ":",
                                   "\x1b[2Jbob", "bob\x7f",
                                   "b\xffob",    "\xed\xa0\x80",
                                   "*",          "%s",
                                   " bob",       "bob ",
                                   "root\t"}) {
        EXPECT_EQ(by_name(name), "nobody") << name;
        EXPECT_EQ(membership("bob", name), "no member") << name;
    }
    for (const std::size_t length : {256U, 257U, 300U, 100'000U}) {
        EXPECT_EQ(by_name(std::string(length, 'b')), "nobody") << length;
        EXPECT_EQ(membership("bob", std::string(length, 'b')), "no member") << length;
    }
}

TEST_F(IdentityNames, MembershipIsPrimaryOrSupplementary) {
    EXPECT_EQ(membership("bob", "people"), "member");
    EXPECT_EQ(membership("bob", "desk"), "member");
    EXPECT_EQ(membership("half", "desk"), "member");
    EXPECT_EQ(membership("half", "half"), "member");
    EXPECT_EQ(membership("bob", "large"), "member");
    EXPECT_EQ(membership("root", "root"), "member");
    EXPECT_EQ(membership("root", "desk"), "no member");
    EXPECT_EQ(membership("bob", "empty"), "no member");
    EXPECT_EQ(membership("bob", "root"), "no member");
    EXPECT_EQ(membership("bob", "no-such-group"), "no member");
    EXPECT_EQ(membership("BOB", "desk"), "no member");
}

}  // namespace
}  // namespace warifu
