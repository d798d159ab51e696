// The doctor goes through a stack as libpam does: held against libpam itself, on stacks made at random.
#include "enroll_tool/doctor/pam_stack.h"

#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <random>

#include "tests/unit/doctor/findings.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu::doctor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using warifu::testing::TemporaryDirectory;

PamFiles files(const std::map<std::string, std::string>& texts) {
    PamFiles result;
    for (const auto& [name, text] : texts) result.emplace(name, PamFile{"/etc/pam.d/" + name, text});
    return result;
}

// ---- libpam's own answer

int refuse_to_talk(int, const pam_message**, pam_response**, void*) {
    return PAM_CONV_ERR;
}

bool libpam_lets_in(const std::string& directory) {
    const pam_conv conversation{refuse_to_talk, nullptr};
    pam_handle_t* handle = nullptr;
    if (pam_start_confdir("door", "root", &conversation, directory.c_str(), &handle) != PAM_SUCCESS)
        throw std::runtime_error("pam_start_confdir");
    const int code = pam_authenticate(handle, 0);
    pam_end(handle, code);
    return code == PAM_SUCCESS;
}

// Modules whose answer is known: success, auth_err, ignore.
std::string random_line(std::mt19937& random, bool with_substack) {
    const auto pick = [&random](std::initializer_list<const char*> words) {
        std::uniform_int_distribution<std::size_t> at(0, words.size() - 1);
        return std::string(words.begin()[at(random)]);
    };
    const auto action = [&] { return pick({"ignore", "ok", "done", "bad", "die", "1", "2", "3", "reset"}); };
    if (with_substack && pick({"", "", "", "x"}) == "x") return "auth substack PART\n";
    const std::string module = pick({"pam_permit.so", "pam_deny.so", "pam_faildelay.so delay=0"});
    std::string control = pick({"required", "requisite", "sufficient", "optional", "", "", "", ""});
    if (control.empty())
        control = "[success=" + action() + " auth_err=" + action() + " ignore=" + action() + " default=bad]";
    return "auth " + control + " " + module + "\n";
}

std::string random_file(std::mt19937& random, std::size_t lines, bool with_substack) {
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) text += random_line(random, with_substack);
    return text;
}

TEST(PamStack, E10_GoesThroughAStackAsLibpamDoes) {
    const TemporaryDirectory directory;
    std::mt19937 random(20261125);
    int in = 0;
    constexpr int rounds = 1'000;
    for (int round = 0; round < rounds; ++round) {
        std::string door = random_file(random, 1 + random() % 6, true);
        // libpam looks for what is included in /etc/pam.d, wherever the door's own file is.
        const std::string path_of_part = directory / "part";
        for (auto at = door.find("PART"); at != door.npos; at = door.find("PART"))
            door.replace(at, 4, path_of_part);
        std::string part = random_file(random, 1 + random() % 4, false);
        // "reset" in a substack goes back to what was before it, which the doctor does not follow.
        for (auto at = part.find("reset"); at != part.npos; at = part.find("reset"))
            part.replace(at, 5, "ok");
        testing::write_file(directory / "door", door);
        testing::write_file(directory / "part", part);
        const bool expected = libpam_lets_in(directory.path());
        in += expected ? 1 : 0;
        EXPECT_EQ(!ways_in(auth_stack(files({{"door", door}, {path_of_part, part}}), "door")).empty(),
                  expected)
            << door << "\npart:\n"
            << part;
    }
    EXPECT_GT(in, rounds / 20);
    EXPECT_LT(in, rounds - rounds / 20);
}

// ---- what is looked for

std::set<Entry> ways(const std::string& text) {
    return ways_in(auth_stack(files({{"door", text}}), "door"));
}

TEST(PamStack, E10_TheSamplesLetInByTheCodeAlone) {
    EXPECT_THAT(ways(test::good_stack),
                ElementsAre(Entry{CodeAnswer::accepted, {}}, Entry{CodeAnswer::ignored, {}}));
}

TEST(PamStack, E10_SeesWhoLedPastTheCode) {
    const auto found =
        ways("auth required pam_env.so\nauth sufficient pam_unix.so\nauth required pam_warifu.so\n");
    EXPECT_TRUE(found.contains(Entry{CodeAnswer::not_asked, 1, true}));
}

TEST(PamStack, E10_RootsExemptionIsNoWayPast) {
    EXPECT_THAT(ways("auth sufficient pam_rootok.so\nauth required pam_warifu.so\n"),
                ElementsAre(Entry{CodeAnswer::accepted, {}}));
}

TEST(PamStack, E10_IncludesAreFollowed) {
    const PamFiles all =
        files({{"su-l", "auth include su\n"},
               {"su", "@include common-auth\nauth required pam_warifu.so\n"},
               {"common-auth", "account required pam_deny.so\nauth required pam_unix.so\n"}});
    const AuthStack stack = auth_stack(all, "su-l");
    ASSERT_EQ(stack.lines.size(), 2U);
    EXPECT_EQ(stack.lines[0].place, "/etc/pam.d/common-auth:2");
    EXPECT_EQ(stack.lines[1].place, "/etc/pam.d/su:2");
    EXPECT_THAT(stack.problems, IsEmpty());
}

TEST(PamStack, E10_IncludesThatGoRoundEnd) {
    const AuthStack stack = auth_stack(files({{"a", "auth include b\n"}, {"b", "auth include a\n"}}), "a");
    EXPECT_EQ(stack.problems.size(), 1U);
    EXPECT_TRUE(stack.problems.front().file_missing);
}

// Sixteen levels deep and three wide: 43 million files, if each were read.
TEST(PamStack, E10_IncludesThatFanOutEnd) {
    const AuthStack stack =
        auth_stack(files({{"a", "auth include a\nauth include a\nauth include a\n"}}), "a");
    EXPECT_FALSE(stack.problems.empty());
    EXPECT_LT(stack.problems.size(), 2'000U);
}

TEST(PamStack, E10_ControlsThatLibpamDoesNotKnow) {
    for (const char* control : {"need", "[success]", "[success=x]", "[success=0]", "[success=1x]", ""}) {
        const AuthStack stack =
            auth_stack(files({{"door", std::string("auth ") + control + " pam_permit.so\n"}}), "door");
        EXPECT_EQ(stack.problems.size(), 1U) << control;
    }
}

}  // namespace
}  // namespace warifu::doctor
