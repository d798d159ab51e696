#include "core/source/google_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* key_line = "2SH3V3GDW7ZNMGYE\n";
const Subject of_the_file{"host", "alice"};

Credentials parse(const std::string& content) {
    return parse_google_file(content, of_the_file, "/file");
}

std::string refusal(const std::string& content) {
    try {
        (void)parse(content);
    } catch (const Unavailable& unavailable) {
        return unavailable.what();
    }
    return "";
}

// What a code typed now would be.
std::string code(const Credentials& credentials, std::int64_t step) {
    const Authenticator& key = credentials.authenticators[0];
    return std::string(code_at(key.secret, key.otp, step).value().text());
}

TEST(GoogleFile, S19_AFileAsGoogleAuthenticatorWritesIt) {
    const Credentials read =
        parse(std::string(key_line) +
              "\" RATE_LIMIT 3 30 1700000000\n\" WINDOW_SIZE 17\n\" DISALLOW_REUSE "
              "56666666\n\" TOTP_AUTH\n\" LAST0 192.0.2.1 1700000000\n\" UNHEARD_OF x y\n"
              "12345678\n87654321\n12345678\n");
    ASSERT_EQ(read.authenticators.size(), 1U);
    const Authenticator& key = read.authenticators[0];
    EXPECT_EQ(read.subject, of_the_file);
    EXPECT_EQ(key.otp, OtpParameters{});
    EXPECT_EQ(key.window_codes, 17);
    EXPECT_EQ(key.skew, 0);
    EXPECT_EQ(code(read, time_step(key.otp, 300'000)), "050548");
    ASSERT_EQ(read.scratch.size(), 2U) << "each once";
    EXPECT_EQ(read.scratch[0].text(), "12345678");
    EXPECT_EQ(read.scratch[1].text(), "87654321");
    EXPECT_EQ(key.label, "google-authenticator");
}

TEST(GoogleFile, S19_EveryOptionCounts) {
    const Credentials read = parse(std::string(key_line) +
                                   "\" TOTP_AUTH\r\n\" STEP_SIZE 60\n\" TIME_SKEW -3\n\" DIGITS 8\n"
                                   "\" ALGORITHM SHA256\n");
    const Authenticator& key = read.authenticators[0];
    EXPECT_EQ(key.otp.period, 60);
    EXPECT_EQ(key.otp.digits, 8);
    EXPECT_EQ(key.otp.algorithm, Algorithm::sha256);
    EXPECT_EQ(key.skew, -3);
    EXPECT_EQ(key.window_codes, 3) << "what that module takes where nothing is said";
    const Credentials counter = parse(std::string(key_line) + "\" TOTP_AUTH\n\" HOTP_COUNTER 5\n");
    EXPECT_EQ(counter.authenticators[0].otp.kind, OtpKind::hotp) << "goes before TOTP_AUTH";
    EXPECT_EQ(counter.authenticators[0].counter, 5U);
    EXPECT_EQ(code(counter, 5), "932068");
    EXPECT_EQ(parse(std::string(key_line) + "\" HOTP_COUNTER 0\n\" TOTP_AUTH\n").authenticators[0].otp.kind,
              OtpKind::totp);
}

TEST(GoogleFile, S19_AKeyIsReadAsThatModuleReadsIt) {
    const auto key = [](const std::string& line) {
        const Credentials read = parse(line + "\n\" TOTP_AUTH\n");
        return std::string(base32_encode(read.authenticators[0].secret.bytes()).text());
    };
    EXPECT_EQ(key("2sh3v3gdw7znmgye"), "2SH3V3GDW7ZNMGYE");
    EXPECT_EQ(key(" 2SH3 V3GD-W7ZN MGYE\r"), "2SH3V3GDW7ZNMGYE");
    EXPECT_EQ(key("018ABCDEFGHIJKLM"), "OLBABCDEFGHIJKLM");
    EXPECT_EQ(key("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "ABCDEFGHIJKLMNOPQRSTUVWXYY") << "bits that are left over";
    EXPECT_EQ(key("ABCDEFGHIJKLMNOPQ"), "ABCDEFGHIJKLMNOP") << "a character that adds no byte";
    EXPECT_EQ(key("2SH3V3GDW7ZNMGYE===="), "2SH3V3GDW7ZNMGYE");
}

TEST(GoogleFile, X10_WhatIsNoSuchFileIsRefusedByLineAndNothingOfItIsShown) {
    const std::string secret = "2SH3V3GDW7ZNMGY!";
    EXPECT_THAT(refusal(secret + "\n\" TOTP_AUTH\n"),
                AllOf(HasSubstr("/file: line 1:"), Not(HasSubstr("2SH3"))));
    EXPECT_THAT(refusal("2SH3V3GDW7\n\" TOTP_AUTH\n"), HasSubstr("line 1")) << "too short";
    EXPECT_THAT(refusal(std::string(104, 'A') + "\n\" TOTP_AUTH\n"), HasSubstr("line 1")) << "too long";
    EXPECT_THAT(refusal(""), HasSubstr("line 1"));
    EXPECT_THAT(refusal(key_line), HasSubstr("TOTP_AUTH"));
    EXPECT_THAT(refusal(std::string(key_line) + "\" HOTP_COUNTER 0\n"), HasSubstr("TOTP_AUTH"));
    for (const char* option :
         {"STEP_SIZE 0", "STEP_SIZE 61", "STEP_SIZE", "STEP_SIZE 30 30", "WINDOW_SIZE 0", "WINDOW_SIZE 101",
          "WINDOW_SIZE 99999999999999999999", "TIME_SKEW x", "HOTP_COUNTER -1",
          "HOTP_COUNTER 9223372036854775807", "DIGITS 5", "DIGITS 9", "ALGORITHM MD5"}) {
        EXPECT_THAT(refusal(std::string(key_line) + "\" TOTP_AUTH\n\" " + option + "\n"),
                    HasSubstr("/file: line 3:"))
            << option;
    }
    std::string many = std::string(key_line) + "\" TOTP_AUTH\n";
    for (std::size_t i = 0; i < max_scratch_codes; ++i) many += std::to_string(10'000'000 + i) + "\n";
    EXPECT_EQ(refusal(many), "");
    EXPECT_THAT(refusal(many + "99999999\n"), AllOf(HasSubstr("scratch codes"), Not(HasSubstr("9999"))));
}

}  // namespace
}  // namespace warifu
