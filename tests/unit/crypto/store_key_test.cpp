#include "core/seal/store_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/error/error.h"

namespace warifu {
namespace {

constexpr std::string_view known_file =
    "warifu-key-1 000102030405060708090a0b0c0d0e0f "
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
constexpr std::string_view known_secret = "12345678901234567890";

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return bytes;
}

// What a record of the store binds its secret to.
struct Fields {
    std::string store_id = "000102030405060708090a0b0c0d0e0f";
    std::string record_type = "authenticator";
    std::string realm = "host";
    std::string subject = "alice";
    std::string authenticator = "0123456789abcdef";
    OtpParameters otp;
    std::string bytes() const {
        return associated_data(store_id, record_type, realm, subject, authenticator, otp);
    }
};

bool unseals(const StoreKey& key, std::string_view sealed, std::string_view associated) {
    try {
        key.unseal(sealed, associated);
        return true;
    } catch (const Unavailable& unavailable) {
        EXPECT_EQ(std::string(unavailable.what()).find("1234567890"), std::string::npos);
        return false;
    }
}

TEST(StoreKey, FileComesBack) {
    EXPECT_EQ(StoreKey::parse(known_file).to_text().text(), known_file);
    EXPECT_EQ(StoreKey::parse(known_file).store_id(), "000102030405060708090a0b0c0d0e0f");
    const StoreKey made = StoreKey::generate();
    const StoreKey again = StoreKey::parse(made.to_text().text());
    EXPECT_EQ(again.to_text().text(), made.to_text().text());
    EXPECT_EQ(again.unseal(made.seal(Secret::copy_of(known_secret).bytes(), "x"), "x").text(), known_secret);
}

TEST(StoreKey, EveryGeneratedOneIsAnother) {
    std::set<std::string> ids, keys;
    for (int i = 0; i < 100; ++i) {
        const StoreKey key = StoreKey::generate();
        ids.insert(key.store_id());
        keys.emplace(key.to_text().text().substr(46));
    }
    EXPECT_EQ(ids.size(), 100U);
    EXPECT_EQ(keys.size(), 100U);
}

TEST(StoreKey, AnythingButTheFormatIsUnavailable) {
    const auto refused = [](std::string_view text) {
        try {
            StoreKey::parse(text);
            return false;
        } catch (const Unavailable& unavailable) {
            EXPECT_EQ(std::string(unavailable.what()).find("0001"), std::string::npos) << "tells the text";
            return true;
        }
    };
    const std::string good(known_file);
    ASSERT_FALSE(refused(good));
    for (std::size_t length = 0; length < good.size(); ++length) EXPECT_TRUE(refused(good.substr(0, length)));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char c : {'g', 'G', 'A', '\n', '\0', '\t', '\xff'}) {
            std::string bad = good;
            if (bad[at] == c) continue;
            bad[at] = c;
            EXPECT_TRUE(refused(bad)) << at << " " << static_cast<int>(c);
            bad = good;
            bad.insert(at, 1, c);
            EXPECT_TRUE(refused(bad)) << at << " " << static_cast<int>(c);
        }
    }
    EXPECT_TRUE(refused(good + "\n"));
    EXPECT_TRUE(refused(good + good));
    EXPECT_TRUE(refused("warifu-key-2" + good.substr(12)));
}

// Values of an independent implementation (Python's hmac and cryptography): what stores hold must stay
// readable.
TEST(StoreKey, WhatItWroteOnceItReadsForever) {
    const StoreKey key = StoreKey::parse(known_file);
    const std::string sealed = from_hex(
        "01000102030405060708090a0b01e05f02edaf69fd050cee40142ece52a741a620d10c55b8895f8c4ab078f75cf0bd0a2c");
    EXPECT_EQ(key.unseal(sealed, Fields().bytes()).text(), known_secret);
    const Tag tag = key.tag("host", "alice", Secret::copy_of(known_secret), {});
    EXPECT_EQ(std::string(tag.begin(), tag.end()), from_hex("da0be296b933816c60486b292355b058"));
    EXPECT_EQ(key.keyed_hash("decoy", "bob"), 0x92ed780a1ac680a7U);
}

TEST(Seal, ComesBackWhateverItsLength) {
    const StoreKey key = StoreKey::generate();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16},
                                   std::size_t{20}, std::size_t{64}, std::size_t{1000}, Secret::max_size}) {
        const Secret plain = Secret::random(size);
        const std::string sealed = key.seal(plain.bytes(), "associated");
        EXPECT_EQ(sealed.size(), size + 29);
        EXPECT_EQ(key.unseal(sealed, "associated").text(), plain.text());
        if (size >= 15) {
            EXPECT_EQ(sealed.find(plain.text()), std::string::npos);
        }
    }
    EXPECT_EQ(key.unseal(key.seal(Secret::copy_of("x").bytes(), ""), "").text(), "x");
    EXPECT_THROW(key.seal(std::vector<std::uint8_t>(Secret::max_size + 1), ""), Unavailable);
    EXPECT_THROW(key.unseal(std::string(Secret::max_size + 30, '\1'), ""), Unavailable);
}

TEST(Seal, NeverTheSameBytesTwice) {
    const StoreKey key = StoreKey::generate();
    std::set<std::string> nonces;
    for (int i = 0; i < 1000; ++i)
        nonces.insert(key.seal(Secret::copy_of(known_secret).bytes(), "").substr(1, 12));
    EXPECT_EQ(nonces.size(), 1000U);
}

TEST(Seal, EveryFlippedBitIsRefused) {
    const StoreKey key = StoreKey::generate();
    const std::string good = key.seal(Secret::copy_of(known_secret).bytes(), Fields().bytes());
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(unseals(key, bad, Fields().bytes())) << bit;
    }
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(unseals(key, good.substr(0, length), Fields().bytes())) << length;
    EXPECT_FALSE(unseals(key, good + '\0', Fields().bytes()));
    EXPECT_TRUE(unseals(key, good, Fields().bytes()));
}

TEST(Seal, EveryOtherKeyIsRefused) {
    const std::string sealed =
        StoreKey::parse(known_file).seal(Secret::copy_of(known_secret).bytes(), Fields().bytes());
    EXPECT_TRUE(unseals(StoreKey::parse(known_file), sealed, Fields().bytes()));
    EXPECT_FALSE(unseals(StoreKey::generate(), sealed, Fields().bytes()));
    std::string near(known_file);
    near[near.size() - 2] = 'e';
    EXPECT_FALSE(unseals(StoreKey::parse(near), sealed, Fields().bytes()));
}

TEST(Seal, EveryChangedFieldIsRefused) {
    const StoreKey key = StoreKey::generate();
    const std::string sealed = key.seal(Secret::copy_of(known_secret).bytes(), Fields().bytes());
    const auto opens_with = [&](auto change) {
        Fields fields;
        change(fields);
        return unseals(key, sealed, fields.bytes());
    };
    EXPECT_TRUE(opens_with([](Fields&) {}));
    EXPECT_FALSE(opens_with([](Fields& f) { f.store_id.back() = 'e'; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.record_type = "offer"; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.realm = "shop"; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.subject = "bob"; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.subject = "Alice"; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.authenticator.back() = 'e'; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.otp.kind = OtpKind::hotp; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.otp.algorithm = Algorithm::sha256; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.otp.digits = 8; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.otp.period = 60; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.otp.t0 = 1; }));
    // The same text, cut between the fields elsewhere.
    EXPECT_FALSE(opens_with([](Fields& f) { f.realm = "hosta", f.subject = "lice"; }));
    EXPECT_FALSE(opens_with([](Fields& f) { f.realm = "", f.subject = "hostalice"; }));
}

TEST(AssociatedData, NoTwoListsOfFieldsAgree) {
    std::set<std::string> different;
    const std::vector<std::string> texts = {"", "a", "aa", std::string(1, '\0'), std::string(8, '\0')};
    for (const std::string& store : texts)
        for (const std::string& type : texts)
            for (const std::string& realm : texts)
                for (const std::string& subject : texts)
                    for (const std::string& id : texts)
                        different.insert(associated_data(store, type, realm, subject, id, {}));
    EXPECT_EQ(different.size(), 5U * 5 * 5 * 5 * 5);
}

TEST(AssociatedData, WhatHotpDoesNotUseDoesNotCount) {
    Fields one, other;
    one.otp = {OtpKind::hotp, Algorithm::sha1, 6, 30, 0};
    other.otp = {OtpKind::hotp, Algorithm::sha1, 6, 60, 7};
    EXPECT_EQ(one.bytes(), other.bytes());
}

TEST(Tag, TellsAuthenticatorsOfASubjectApart) {
    const StoreKey key = StoreKey::parse(known_file);
    const Secret secret = Secret::copy_of(known_secret), other = Secret::copy_of("12345678901234567891");
    const OtpParameters totp, hotp{OtpKind::hotp, Algorithm::sha1, 6, 30, 0};
    std::set<Tag> tags = {key.tag("host", "alice", secret, totp),
                          key.tag("shop", "alice", secret, totp),
                          key.tag("host", "bob", secret, totp),
                          key.tag("hosta", "lice", secret, totp),
                          key.tag("host", "alice", other, totp),
                          key.tag("host", "alice", secret, hotp),
                          key.tag("host", "alice", secret, {OtpKind::totp, Algorithm::sha256, 6, 30, 0}),
                          key.tag("host", "alice", secret, {OtpKind::totp, Algorithm::sha1, 8, 30, 0}),
                          key.tag("host", "alice", secret, {OtpKind::totp, Algorithm::sha1, 6, 60, 0}),
                          key.tag("host", "alice", secret, {OtpKind::totp, Algorithm::sha1, 6, 30, 1}),
                          StoreKey::generate().tag("host", "alice", secret, totp)};
    EXPECT_EQ(tags.size(), 11U);
}

TEST(Tag, ACopyIsTheSameAuthenticator) {
    const StoreKey key = StoreKey::parse(known_file);
    const Secret secret = Secret::copy_of(known_secret);
    const Tag tag = key.tag("host", "alice", secret, {});
    EXPECT_EQ(StoreKey::parse(known_file).tag("host", "alice", Secret::copy_of(known_secret), {}), tag);
    // HMAC fills up with zeros, so this secret gives the same codes.
    Secret padded(40);
    std::ranges::copy(secret.bytes(), padded.writable().begin());
    ASSERT_EQ(hotp(padded, Algorithm::sha1, 7, 8).text(), hotp(secret, Algorithm::sha1, 7, 8).text());
    EXPECT_EQ(key.tag("host", "alice", padded, {}), tag);
    EXPECT_EQ(key.tag("host", "alice", secret, {OtpKind::hotp, Algorithm::sha1, 6, 30, 0}),
              key.tag("host", "alice", secret, {OtpKind::hotp, Algorithm::sha1, 6, 60, 9}));
}

TEST(KeyedHash, DependsOnKeyUseAndText) {
    const StoreKey key = StoreKey::parse(known_file);
    const std::set<std::uint64_t> hashes = {
        key.keyed_hash("decoy", "alice"), key.keyed_hash("decoy", "bob"),
        key.keyed_hash("other", "alice"), key.keyed_hash("decoya", "lice"),
        key.keyed_hash("", ""),           StoreKey::generate().keyed_hash("decoy", "alice")};
    EXPECT_EQ(hashes.size(), 6U);
    EXPECT_EQ(key.keyed_hash("decoy", "alice"), StoreKey::parse(known_file).keyed_hash("decoy", "alice"));
}

}  // namespace
}  // namespace warifu
