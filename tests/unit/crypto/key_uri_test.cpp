#include "core/otp/key_uri.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {
namespace {

constexpr std::string_view secret_text = "2SH3V3GDW7ZNMGYE";

KeyUri key(std::string issuer, std::string account) {
    return {.otp = {},
            .issuer = std::move(issuer),
            .account = std::move(account),
            .secret = base32_decode(secret_text).value(),
            .counter = 0};
}

std::string uri_of(const KeyUri& of) {
    return std::string(to_uri(of).text());
}

// The field that Invalid names; "" where nothing is refused.
std::string refused(std::string_view uri) {
    try {
        parse_uri(uri);
    } catch (const Invalid& invalid) {
        EXPECT_EQ(std::string(invalid.what()).find("2SH3"), std::string::npos)
            << "a message holds the secret";
        return invalid.field;
    }
    return "";
}

std::string refused(const KeyUri& of) {
    try {
        to_uri(of);
    } catch (const Invalid& invalid) {
        return invalid.field;
    }
    return "";
}

TEST(KeyUri, E02_NamesEveryParameter) {
    EXPECT_EQ(uri_of(key("Example Co.", "alice@example.com")),
              "otpauth://totp/Example%20Co.:alice%40example.com?secret=2SH3V3GDW7ZNMGYE&issuer=Example%20Co."
              "&algorithm=SHA1&digits=6&period=30");
    KeyUri counted = key("", "root");
    counted.otp = {OtpKind::hotp, Algorithm::sha512, 8, 30, 0};
    counted.counter = 42;
    EXPECT_EQ(uri_of(counted),
              "otpauth://hotp/root?secret=2SH3V3GDW7ZNMGYE&algorithm=SHA512&digits=8&counter=42");
}

TEST(KeyUri, E02_JapaneseIsPercentEncoded) {
    EXPECT_EQ(
        uri_of(key("割符 株式会社", "田中 太郎")),
        "otpauth://totp/%E5%89%B2%E7%AC%A6%20%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE:%E7%94%B0%E4%B8%AD%20"
        "%E5%A4%AA%E9%83%8E?secret=2SH3V3GDW7ZNMGYE&issuer=%E5%89%B2%E7%AC%A6%20%E6%A0%AA%E5%BC%8F%E4%BC%9A"
        "%E7%A4%BE&algorithm=SHA1&digits=6&period=30");
}

// Names of every kind of character that is allowed, up to `most` bytes, without a blank at either end.
std::string random_name(std::mt19937_64& random, std::size_t most) {
    static constexpr std::string_view pieces[] = {
        "a",  "Z",  "7", "-",      ".",      "_",      "~",      " ",      "%",  "&",         "=",   "?",
        "#",  "+",  "/", "@",      "\\",     "\"",     "'",      "<",      ">",  "%2",        "%41", "割",
        "符", "ア", "é", "\u00a0", "\u0800", "\ud7ff", "\ue000", "\uffff", "😀", "\U0010ffff"};
    std::string text;
    for (auto wanted = random() % (most + 1); text.size() < wanted;) {
        const std::string_view piece = pieces[random() % std::size(pieces)];
        if (text.size() + piece.size() > most) break;
        text += piece;
    }
    while (text.starts_with(' ')) text.erase(0, 1);
    while (text.ends_with(' ')) text.pop_back();
    return text;
}

KeyUri random_key(std::mt19937_64& random) {
    KeyUri made;
    made.otp.kind = random() % 2 == 0 ? OtpKind::totp : OtpKind::hotp;
    made.otp.algorithm = static_cast<Algorithm>(random() % 3);
    made.otp.digits = min_digits + static_cast<int>(random() % 3);
    if (made.otp.kind == OtpKind::totp)
        made.otp.period = min_period + static_cast<int>(random() % (max_period - min_period + 1));
    else
        made.counter = random() >> (1 + random() % 63);
    made.issuer = random_name(random, max_issuer_bytes);
    made.account = random_name(random, max_account_bytes);
    if (made.account.empty()) made.account = "x";
    made.secret = Secret::random(min_secret_bytes + random() % (max_secret_bytes - min_secret_bytes + 1));
    return made;
}

TEST(KeyUri, E02_EveryKeyComesBack) {
    constexpr std::string_view uri_characters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%:/?&=";
    std::mt19937_64 random(6238);
    for (int round = 0; round < 30000; ++round) {
        const KeyUri given = random_key(random);
        const std::string uri = uri_of(given);
        ASSERT_LE(uri.size(), max_uri_bytes);
        ASSERT_EQ(uri.find_first_not_of(uri_characters), std::string::npos) << uri;
        const KeyUri back = parse_uri(uri);
        ASSERT_EQ(back.otp, given.otp) << uri;
        ASSERT_EQ(back.issuer, given.issuer) << uri;
        ASSERT_EQ(back.account, given.account) << uri;
        ASSERT_EQ(back.secret.text(), given.secret.text()) << uri;
        ASSERT_EQ(back.counter, given.counter) << uri;
        ASSERT_EQ(uri_of(back), uri);
    }
}

TEST(KeyUri, E02_TheLongestKeyFits) {
    KeyUri longest = key(std::string(max_issuer_bytes, '%'), std::string(max_account_bytes, '%'));
    longest.otp = {OtpKind::hotp, Algorithm::sha512, 8, 30, 0};
    longest.counter = std::numeric_limits<std::int64_t>::max();
    longest.secret = Secret::random(max_secret_bytes);
    const std::string uri = uri_of(longest);
    EXPECT_LE(uri.size(), max_uri_bytes);
    EXPECT_EQ(uri_of(parse_uri(uri)), uri);
}

TEST(KeyUri, DefaultsOfTheFormat) {
    const KeyUri parsed = parse_uri("otpauth://totp/alice?secret=2SH3V3GDW7ZNMGYE");
    EXPECT_EQ(parsed.otp, OtpParameters());
    EXPECT_EQ(parsed.issuer, "");
    EXPECT_EQ(parsed.account, "alice");
    EXPECT_EQ(base32_encode(parsed.secret.bytes()).text(), secret_text);
}

TEST(KeyUri, AsOthersWriteThem) {
    const auto names_of = [](std::string_view label, std::string_view query) {
        const KeyUri parsed = parse_uri("otpauth://totp/" + std::string(label) + "?secret=2SH3V3GDW7ZNMGYE" +
                                        std::string(query));
        return parsed.issuer + "|" + parsed.account;
    };
    EXPECT_EQ(names_of("Example:alice@example.com", "&issuer=Example"), "Example|alice@example.com");
    EXPECT_EQ(names_of("Example%3Aalice", "&issuer=Example"), "Example|alice");
    EXPECT_EQ(names_of("Example%3A%20alice", ""), "Example|alice");
    EXPECT_EQ(names_of("Example:%20%20alice", ""), "Example|alice");
    EXPECT_EQ(names_of("alice", "&issuer=Example"), "Example|alice");
    EXPECT_EQ(names_of("Big%20Co:alice", "&issuer=Big+Co"), "Big Co|alice");
    EXPECT_EQ(names_of("A%2BB:alice", "&issuer=A%2BB"), "A+B|alice");
    EXPECT_EQ(names_of("A+B:alice", "&issuer=A%2BB"), "A+B|alice");
    EXPECT_EQ(names_of("alice", "&issuer="), "|alice");
    EXPECT_EQ(names_of("alice", "&image=https://example.com/a%20b.png&color=ff0000&color=00ff00&x&"),
              "|alice");
    EXPECT_EQ(names_of("a/b", ""), "|a/b");
    EXPECT_EQ(refused("OTPAUTH://TOTP/alice?secret=2sh3-v3gd-w7zn-mgye&algorithm=sha-256"), "");
    EXPECT_EQ(refused("otpauth://totp/alice?secret=MZXW6YTBOJTG633CMFZGM33PMI%3D%3D%3D%3D%3D%3D"), "");
    EXPECT_EQ(refused("otpauth://totp/alice?secret=2SH3V3GDW7ZNMGYE&counter=x"), "");
    EXPECT_EQ(parse_uri("otpauth://hotp/alice?secret=2SH3V3GDW7ZNMGYE&counter=0&period=1").otp.period, 30);
}

TEST(KeyUri, WhatIsRefusedAndByWhichName) {
    const struct {
        std::string_view field, uri;
    } rows[] = {
        {"uri", ""},
        {"uri", "otpauth:/totp/a?secret=2SH3V3GDW7ZNMGYE"},
        {"uri", "https://totp/a?secret=2SH3V3GDW7ZNMGYE"},
        {"uri", " otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE"},
        {"kind", "otpauth://"},
        {"kind", "otpauth:///a?secret=2SH3V3GDW7ZNMGYE"},
        {"kind", "otpauth://steam/a?secret=2SH3V3GDW7ZNMGYE"},
        {"kind", "otpauth://totp?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/Example:?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/Example:a:b?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%0Ab?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%00?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%7F?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%C2%85?secret=2SH3V3GDW7ZNMGYE"},        // C1 control
        {"account", "otpauth://totp/a%80?secret=2SH3V3GDW7ZNMGYE"},           // a continuation alone
        {"account", "otpauth://totp/a%C0%AF?secret=2SH3V3GDW7ZNMGYE"},        // overlong
        {"account", "otpauth://totp/a%E0%80%AF?secret=2SH3V3GDW7ZNMGYE"},     // overlong
        {"account", "otpauth://totp/a%F0%8F%BF%BF?secret=2SH3V3GDW7ZNMGYE"},  // overlong
        {"account", "otpauth://totp/a%ED%A0%80?secret=2SH3V3GDW7ZNMGYE"},     // a surrogate
        {"account", "otpauth://totp/a%F4%90%80%80?secret=2SH3V3GDW7ZNMGYE"},  // above U+10FFFF
        {"account", "otpauth://totp/a%E5%89?secret=2SH3V3GDW7ZNMGYE"},        // cut short
        {"account", "otpauth://totp/a%E5%89x?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%4?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%4g?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%+4?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a b?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/割?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a#b?secret=2SH3V3GDW7ZNMGYE"},
        {"account", "otpauth://totp/a%20?secret=2SH3V3GDW7ZNMGYE"},
        {"issuer", "otpauth://totp/:a?secret=2SH3V3GDW7ZNMGYE"},
        {"issuer", "otpauth://totp/Example:a?secret=2SH3V3GDW7ZNMGYE&issuer=Other"},
        {"issuer", "otpauth://totp/Example:a?secret=2SH3V3GDW7ZNMGYE&issuer=example"},
        {"issuer", "otpauth://totp/Example:a?secret=2SH3V3GDW7ZNMGYE&issuer="},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=A%3AB"},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=A%1B%5B31m"},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=+A"},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=A&issuer=A"},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=A&%69ssuer=A"},
        {"issuer", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&issuer=A%zz"},
        {"secret", "otpauth://totp/a"},
        {"secret", "otpauth://totp/a?"},
        {"secret", "otpauth://totp/a?SECRET=2SH3V3GDW7ZNMGYE"},
        {"secret", "otpauth://totp/a?secret"},
        {"secret", "otpauth://totp/a?secret="},
        {"secret", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGY"},
        {"secret", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE1"},
        {"secret",
         "otpauth://totp/a?secret=2SH3V3GDW7ZNMG"},  // 72 bits is no secret, 14 characters no base32
        {"secret", "otpauth://totp/a?secret=2SH3V3GDW7ZNMAA"},
        {"secret", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&secret=2SH3V3GDW7ZNMGYE"},
        {"algorithm", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&algorithm=MD5"},
        {"algorithm", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&algorithm="},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=5"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=9"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=06"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=+6"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=%2B6"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=6.0"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits=4294967302"},
        {"digits", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&digits="},
        {"period", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&period=14"},
        {"period", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&period=121"},
        {"period", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&period=0"},
        {"period", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&period=-30"},
        {"period", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&period=30&period=30"},
        {"counter", "otpauth://hotp/a?secret=2SH3V3GDW7ZNMGYE"},
        {"counter", "otpauth://hotp/a?secret=2SH3V3GDW7ZNMGYE&counter="},
        {"counter", "otpauth://hotp/a?secret=2SH3V3GDW7ZNMGYE&counter=00"},
        {"counter", "otpauth://hotp/a?secret=2SH3V3GDW7ZNMGYE&counter=9223372036854775808"},
        {"counter", "otpauth://hotp/a?secret=2SH3V3GDW7ZNMGYE&counter=99999999999999999999"},
        {"uri", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&image=a b"},
        {"uri", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&image=%"},
        {"uri", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&%zz=1"},
        {"uri", "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&x=1#fragment"},
    };
    for (const auto& row : rows) EXPECT_EQ(refused(row.uri), row.field) << row.uri;
}

TEST(KeyUri, LengthsAreBounded) {
    const std::string start = "otpauth://totp/a?secret=2SH3V3GDW7ZNMGYE&image=";
    EXPECT_EQ(refused(start + std::string(max_uri_bytes - start.size(), 'x')), "");
    EXPECT_EQ(refused(start + std::string(max_uri_bytes - start.size() + 1, 'x')), "uri");
    EXPECT_EQ(
        refused("otpauth://totp/" + std::string(max_account_bytes + 1, 'x') + "?secret=2SH3V3GDW7ZNMGYE"),
        "account");
    EXPECT_EQ(
        refused("otpauth://totp/" + std::string(max_issuer_bytes + 1, 'x') + ":a?secret=2SH3V3GDW7ZNMGYE"),
        "issuer");
    EXPECT_EQ(refused("otpauth://totp/a?secret=" + std::string(max_secret_bytes * 8 / 5 + 6, 'A')), "secret");
}

TEST(KeyUri, WritesNothingThatItWouldNotRead) {
    EXPECT_EQ(refused(key("Example", "alice")), "");
    for (const std::string& bad :
         {std::string("a:b"), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"),
          std::string("\xc2\x9b"), std::string("\xff"), std::string(" a"), std::string("a ")}) {
        EXPECT_EQ(refused(key(bad, "alice")), "issuer");
        EXPECT_EQ(refused(key("Example", bad)), "account");
    }
    EXPECT_EQ(refused(key("Example", "")), "account");
    EXPECT_EQ(refused(key(std::string(max_issuer_bytes + 1, 'x'), "alice")), "issuer");
    EXPECT_EQ(refused(key("", std::string(max_account_bytes + 1, 'x'))), "account");
    const auto with = [](auto change) {
        KeyUri changed = key("Example", "alice");
        change(changed);
        return refused(changed);
    };
    EXPECT_EQ(with([](KeyUri& k) { k.otp.digits = 9; }), "digits");
    EXPECT_EQ(with([](KeyUri& k) { k.otp.period = 10; }), "period");
    EXPECT_EQ(with([](KeyUri& k) { k.otp.t0 = 1; }), "t0");
    EXPECT_EQ(with([](KeyUri& k) { k.secret = Secret(); }), "secret");
    EXPECT_EQ(with([](KeyUri& k) { k.secret = Secret(min_secret_bytes - 1); }), "secret");
    EXPECT_EQ(with([](KeyUri& k) { k.secret = Secret(max_secret_bytes + 1); }), "secret");
    EXPECT_EQ(with([](KeyUri& k) { k.counter = std::uint64_t{1} << 63; }), "counter");
}

// Whatever bytes come: refused, or a key that can be written again.
TEST(KeyUri, DamagedUrisAreRefusedOrStillWhole) {
    std::mt19937_64 random(4226);
    constexpr std::string_view damage = "%&=?:/#+ \n@a9Z-";
    int refusals = 0;
    for (int round = 0; round < 50000; ++round) {
        std::string uri = uri_of(random_key(random));
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % uri.size();
            const char c = random() % 4 == 0 ? static_cast<char>(random()) : damage[random() % damage.size()];
            switch (random() % 3) {
                case 0:
                    uri[at] = c;
                    break;
                case 1:
                    uri.insert(at, 1, c);
                    break;
                default:
                    uri.erase(at, 1 + random() % 8);
            }
        }
        std::optional<KeyUri> parsed;
        try {
            parsed = parse_uri(uri);
        } catch (const Invalid&) {
            ++refusals;
            continue;
        }
        const std::string again = uri_of(*parsed);  // throws what fails the test
        EXPECT_EQ(uri_of(parse_uri(again)), again);
    }
    EXPECT_GT(refusals, 10000);
}

}  // namespace
}  // namespace warifu
