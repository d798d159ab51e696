#include "core/recovery/recovery_code.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/error/error.h"
#include "core/recovery/scrypt.h"

namespace warifu {
namespace {

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

std::string scrypt_hex(std::string_view password, std::string_view salt, const ScryptCost& cost) {
    std::array<std::uint8_t, 64> out{};
    scrypt(password, Secret::copy_of(salt).bytes(), cost, out);
    return hex(out);
}

// The fourth vector wants 1 GiB.
TEST(Scrypt, Rfc7914Section12) {
    EXPECT_EQ(scrypt_hex("", "", {16, 1, 1}),
              "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
              "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    EXPECT_EQ(scrypt_hex("password", "NaCl", {1024, 8, 16}),
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
              "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
    EXPECT_EQ(scrypt_hex("pleaseletmein", "SodiumChloride", default_scrypt_cost),
              "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
              "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

TEST(Scrypt, WhatCannotBeComputedIsUnavailable) {
    EXPECT_THROW(scrypt_hex("password", "NaCl", {1000, 8, 1}), Unavailable);       // no power of two
    EXPECT_THROW(scrypt_hex("password", "NaCl", {1, 8, 1}), Unavailable);          // below two
    EXPECT_THROW(scrypt_hex("password", "NaCl", {1U << 20U, 8, 1}), Unavailable);  // 1 GiB
}

TEST(RecoveryDigest, IsScryptOfTheCodeUnderTheSalt) {
    RecoverySalt salt{};
    for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(i);
    // hashlib.scrypt(b"ABCDEFGHIJKLMNOP", salt=bytes(range(16)), n=2**14, r=8, p=1, dklen=32)
    EXPECT_EQ(hex(recovery_digest("ABCDEFGHIJKLMNOP", salt)),
              "158d06428345539eefdea84d0124300059860d748d2dd2df04ef59cd59dfb42d");
}

TEST(RecoverySet, TenCodesInGroupsThatTheSetKnows) {
    const NewRecoverySet made = make_recovery_set();
    ASSERT_EQ(made.codes.size(), recovery_codes_in_a_set);
    ASSERT_EQ(made.set.digests.size(), recovery_codes_in_a_set);
    std::set<std::string> different;
    for (std::size_t i = 0; i < made.codes.size(); ++i) {
        std::string code(made.codes[i].text());
        ASSERT_EQ(code.size(), recovery_code_length + 3);
        for (const std::size_t dash : {14U, 9U, 4U}) {
            EXPECT_EQ(code[dash], '-');
            code.erase(dash, 1);
        }
        EXPECT_EQ(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos) << code;
        EXPECT_EQ(find_recovery(made.set, recovery_digest(code, made.set.salt)), i);
        different.insert(code);
    }
    EXPECT_EQ(different.size(), made.codes.size());
    EXPECT_EQ(find_recovery(made.set, recovery_digest("AAAAAAAAAAAAAAAA", made.set.salt)), std::nullopt);
}

TEST(RecoverySet, AnotherSetHasAnotherSalt) {
    const NewRecoverySet one = make_recovery_set(), other = make_recovery_set();
    EXPECT_NE(one.set.salt, other.set.salt);
    std::string code(one.codes[0].text());
    std::erase(code, '-');
    EXPECT_EQ(find_recovery(other.set, recovery_digest(code, other.set.salt)), std::nullopt);
}

TEST(FindRecovery, FindsAWholeDigestOrNothing) {
    RecoverySet set;
    for (std::uint8_t i = 0; i < 16; ++i) {
        RecoveryDigest digest{};
        digest.fill(i);
        set.digests.push_back(digest);
    }
    for (std::size_t i = 0; i < set.digests.size(); ++i) {
        EXPECT_EQ(find_recovery(set, set.digests[i]), i);
        for (std::size_t byte = 0; byte < set.digests[i].size(); ++byte) {
            RecoveryDigest near = set.digests[i];
            near[byte] ^= 0x80U;
            EXPECT_EQ(find_recovery(set, near), std::nullopt);
        }
    }
    EXPECT_EQ(find_recovery({}, set.digests[0]), std::nullopt);
}

}  // namespace
}  // namespace warifu
