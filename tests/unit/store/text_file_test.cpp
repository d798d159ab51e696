#include "core/source/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "core/error/error.h"
#include "core/otp/base32.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::write_file;

constexpr const char* uri = "otpauth://totp/Corp:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Corp";
const Subject alice{"host", "alice"};

class TextFileTest : public ::testing::Test {
  protected:
    std::optional<Credentials> read(const std::string& content, const Subject& subject = alice) {
        write_file(path_, content);
        return read_text_file(path_, subject);
    }
    // What reading says, or "" where it answers at all.
    std::string refusal() const {
        try {
            (void)read_text_file(path_, alice);
        } catch (const Unavailable& unavailable) {
            return unavailable.what();
        }
        return "";
    }
    std::string refusal(const std::string& content) {
        write_file(path_, content);
        return refusal();
    }
    std::string line(const std::string& rest = uri) const { return "alice " + rest + "\n"; }

    testing::TemporaryDirectory base_;
    std::string path_ = base_ / "users.keys";
};

TEST_F(TextFileTest, S20_EveryNameIsListedOnce) {
    write_file(path_, "# carol\n\n  bob otpauth://rubbish\n" + line() + line() + "dave\n");
    EXPECT_EQ(names_in_text_file(path_, 3), (std::vector<std::string>{"alice", "bob", "dave"}));
    EXPECT_THROW((void)names_in_text_file(path_, 2), Unavailable);
    write_file(path_, "");
    EXPECT_THROW((void)names_in_text_file(path_, 3), Unavailable);
    EXPECT_THROW((void)names_in_text_file(path_ + ".gone", 3), Unavailable);
}

TEST_F(TextFileTest, S20_ALineIsANameAndAKeyUri) {
    const std::optional<Credentials> read_back = read("# keys\n\n   \nbob otpauth://rubbish\nalice\t " +
                                                      std::string(uri) + "&digits=8&period=60 \r\n");
    ASSERT_TRUE(read_back);
    EXPECT_EQ(read_back->subject, alice);
    ASSERT_EQ(read_back->authenticators.size(), 1U);
    const Authenticator& authenticator = read_back->authenticators[0];
    EXPECT_EQ(authenticator.id, "0000000000000001");
    EXPECT_EQ(authenticator.label, "alice");
    EXPECT_EQ(authenticator.otp.digits, 8);
    EXPECT_EQ(authenticator.otp.period, 60);
    EXPECT_EQ(authenticator.secret.text(), "12345678901234567890");
    EXPECT_FALSE(read_back->recovery);
}

TEST_F(TextFileTest, S10_SeveralLinesAreSeveralAuthenticators) {
    const std::optional<Credentials> read_back =
        read(line() + "bob " + uri + "\n" +
             line("otpauth://hotp/token?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=7"));
    ASSERT_TRUE(read_back);
    ASSERT_EQ(read_back->authenticators.size(), 2U);
    EXPECT_EQ(read_back->authenticators[1].id, "0000000000000002");
    EXPECT_EQ(read_back->authenticators[1].otp.kind, OtpKind::hotp);
    EXPECT_EQ(read_back->authenticators[1].counter, 7U);
    std::string many;
    for (std::size_t i = 0; i < max_authenticators; ++i) many += line();
    EXPECT_EQ(read(many)->authenticators.size(), max_authenticators);
    EXPECT_THAT(refusal(many + line()), HasSubstr("line 17: more than 16"));
}

TEST_F(TextFileTest, TheLastLineNeedsNoEnd) {
    EXPECT_TRUE(read("alice " + std::string(uri)));
    EXPECT_TRUE(read("# a\nalice " + std::string(uri)));
}

TEST_F(TextFileTest, NamesAreComparedWhole) {
    for (const char* other : {"alic", "alice2", "Alice", "bob"})
        EXPECT_FALSE(read(line(), {"host", other})) << other;
    EXPECT_FALSE(read("alice2 " + std::string(uri) + "\n#alice " + uri + "\nalic e\n"));
    EXPECT_FALSE(read("# nobody\n"));
}

TEST_F(TextFileTest, X10_AnUnreadableLineOfThisNameIsAnErrorWithItsNumber) {
    for (const std::string& bad : {std::string(), std::string("otpauth://"), std::string("x y"),
                                   std::string(uri) + "&digits=5", std::string("otpauth://totp/a?secret=A"),
                                   std::string(uri) + std::string(1, '\0'), std::string("\xff\xfe")}) {
        EXPECT_THAT(refusal("# 1\nbob x\nalice " + bad + "\n"), AllOf(HasSubstr(path_), HasSubstr("line 3")))
            << bad;
        EXPECT_EQ(refusal("# 1\nbob " + bad + "\n" + line()), "") << bad;
    }
    EXPECT_THAT(refusal(line() + line("rubbish")), HasSubstr("line 2"));
}

TEST_F(TextFileTest, X06_ARefusalQuotesNoSecret) {
    for (const char* change : {"&digits=5", "&secret=GEZDGNBVGY3TQOJQ", "!", "%zz", "&period=1"})
        EXPECT_THAT(refusal(line(uri + std::string(change))), Not(HasSubstr("GEZDGNBV"))) << change;
}

TEST_F(TextFileTest, X10_WhatIsNotThereOrEmptyIsUnavailable) {
    EXPECT_THAT(refusal(), HasSubstr("does not exist"));
    EXPECT_THAT(refusal(""), HasSubstr("empty"));
    fs::remove(path_);
    fs::create_directory(path_);
    EXPECT_THAT(refusal(), HasSubstr("a directory"));
}

TEST_F(TextFileTest, X10_AByteOrderMarkIsNotPartOfAName) {
    for (const char* mark : {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"})
        EXPECT_THAT(refusal(mark + line()), HasSubstr("byte order mark"));
}

TEST_F(TextFileTest, X02_FilesThatOthersReachAreRefused) {
    for (const mode_t mode : {0640U, 0604U, 0660U, 0644U, 02600U}) {
        write_file(path_, line());
        ::chmod(path_.c_str(), mode);
        EXPECT_THAT(refusal(), HasSubstr("has mode")) << mode;
    }
    write_file(path_, line());
    ASSERT_EQ(::chown(path_.c_str(), 12'345, 0), 0);
    EXPECT_THAT(refusal(), HasSubstr("belongs to uid 12345"));
    ASSERT_EQ(::chown(path_.c_str(), 0, 0), 0);
    fs::create_hard_link(path_, base_ / "other");
    EXPECT_THAT(refusal(), HasSubstr("2 names"));
    fs::remove(path_);
    fs::create_symlink(base_ / "other", path_);
    EXPECT_THAT(refusal(), HasSubstr("a symbolic link"));
    fs::remove(path_);
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_THAT(refusal(), HasSubstr("a FIFO"));
}

TEST_F(TextFileTest, X07_LinesHaveABound) {
    const std::string longest(max_text_line_bytes, 'x');
    EXPECT_EQ(refusal(longest + "\n" + line()), "");
    EXPECT_EQ(refusal(line() + longest), "");
    for (const std::string& long_line :
         {longest + "x\n", longest + "x", "# " + longest + "\n", longest + longest})
        EXPECT_THAT(refusal(line() + long_line), HasSubstr("line 2: longer than 4096 bytes"));
    EXPECT_EQ(refusal(std::string(1'000, '\0') + "\n" + line()), "");
}

// In a process whose memory cannot grow by much, so that a file read whole would end it.
TEST_F(TextFileTest, X07_AMillionLinesAndAHundredMegabytesAreReadInBoundedMemory) {
    const auto in_little_memory = [&](const std::function<int()>& run) {
        return testing::ChildProcess([&] {
                   const rlimit limit{.rlim_cur = 16L * 1024 * 1024, .rlim_max = 16L * 1024 * 1024};
                   if (::setrlimit(RLIMIT_DATA, &limit) != 0) return 1;
                   return run();
               })
            .wait();
    };
    {
        std::string million = line();
        for (int i = 0; i < 1'000'000; ++i) million += "user" + std::to_string(i) + " otpauth://x\n";
        write_file(path_, million + line());
    }
    EXPECT_EQ(
        in_little_memory([&] { return read_text_file(path_, alice)->authenticators.size() == 2 ? 0 : 2; }),
        0);
    // One line of 100 MB, and beyond it.
    for (const off_t size : {off_t{100 * 1024 * 1024}, off_t{1} << 40U}) {
        write_file(path_, "x");
        if (::truncate(path_.c_str(), size) != 0) continue;  // not every file system holds a terabyte
        EXPECT_EQ(
            in_little_memory([&] { return refusal().find("longer than") != std::string::npos ? 0 : 2; }), 0);
    }
}

TEST_F(TextFileTest, X07_MoreThanAHundredMegabytesAreRefused) {
    const std::string comment = "#" + std::string(4'000, 'x') + "\n";
    std::string content = line();
    while (content.size() <= max_text_file_bytes) content += comment;
    write_file(path_, content);
    EXPECT_THAT(refusal(), HasSubstr("larger than 100 MB"));
}

}  // namespace
}  // namespace warifu
