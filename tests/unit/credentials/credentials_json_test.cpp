#include "core/account/credentials_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/error/error.h"
#include "core/otp/base32.h"
#include "tests/unit/credentials/generated_credentials.h"

namespace warifu {
namespace {

using nlohmann::json;
using testing::generated_credentials;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Random;
using testing::same;

const Subject alice{"host", "alice"};

Credentials one_device() {
    Credentials made;
    made.subject = alice;
    made.uid = 1000;
    made.authenticators.push_back({.id = "0123456789abcdef",
                                   .label = "phone",
                                   .otp = {},
                                   .counter = 0,
                                   .created = 1'700'000'000,
                                   .secret = Secret::copy_of(std::string_view("12345678901234567890"))});
    made.recovery = RecoverySet{.salt = {1, 2, 3}, .digests = {RecoveryDigest{4, 5, 6}, RecoveryDigest{7}}};
    return made;
}

json plain_one() {
    return json::parse(to_plain_json(one_device()).text());
}

// What reading says, or "" where it reads.
std::string refusal(std::string_view document) {
    try {
        (void)from_plain_json(document, alice);
    } catch (const Unavailable& unavailable) {
        return unavailable.what();
    }
    return "";
}
std::string refusal_of(const json& document) {
    return refusal(document.dump());
}

std::string sealed_refusal(std::string_view document, const StoreKey& key, const Subject& subject = alice) {
    try {
        (void)from_sealed_json(document, subject, &key);
    } catch (const Unavailable& unavailable) {
        return unavailable.what();
    }
    return "";
}

TEST(CredentialsJson, EveryGeneratedRecordComesBackFromBothForms) {
    const StoreKey key = StoreKey::generate();
    Random random(7);
    for (int round = 0; round < 300; ++round) {
        const Subject subject{round % 2 == 0 ? "host" : "shop", "user" + std::to_string(round)};
        const Credentials original = generated_credentials(random, subject);
        EXPECT_TRUE(same(original, from_sealed_json(to_sealed_json(original, key), subject, &key)));
        EXPECT_TRUE(same(original, from_plain_json(to_plain_json(original).text(), subject)));
    }
}

TEST(CredentialsJson, TheLargestRecordFits) {
    const StoreKey key = StoreKey::generate();
    Credentials largest;
    largest.subject = {"host", std::string(256, '\\')};
    for (std::size_t i = 0; i < max_authenticators; ++i) {
        largest.authenticators.push_back(std::move(one_device().authenticators[0]));
        largest.authenticators.back().id[0] = "0123456789abcdef"[i];
        largest.authenticators.back().label = std::string(max_label_bytes, '"');
        largest.authenticators.back().secret = Secret::random(max_secret_bytes);
    }
    largest.recovery = RecoverySet{.salt = {}, .digests = std::vector<RecoveryDigest>(16)};
    EXPECT_TRUE(same(largest, from_sealed_json(to_sealed_json(largest, key), largest.subject, &key)));
    EXPECT_TRUE(same(largest, from_plain_json(to_plain_json(largest).text(), largest.subject)));
}

TEST(CredentialsJson, TheSealedFormShowsNoSecret) {
    const Credentials original = one_device();
    const std::string sealed = to_sealed_json(original, StoreKey::generate());
    EXPECT_THAT(sealed, Not(HasSubstr(base32_encode(original.authenticators[0].secret.bytes()).text())));
    EXPECT_THAT(sealed, Not(HasSubstr(original.authenticators[0].secret.text())));
}

TEST(CredentialsJson, WithoutTheKeyEverythingButTheSecretsIsRead) {
    const Credentials original = one_device();
    const Credentials read = from_sealed_json(to_sealed_json(original, StoreKey::generate()), alice, nullptr);
    ASSERT_EQ(read.authenticators.size(), 1U);
    EXPECT_EQ(read.authenticators[0].label, "phone");
    EXPECT_TRUE(read.authenticators[0].secret.empty());
    ASSERT_TRUE(read.recovery);
    EXPECT_EQ(read.recovery->digests, original.recovery->digests);
}

TEST(CredentialsJson, EveryTruncationIsRefused) {
    const StoreKey key = StoreKey::generate();
    const std::string sealed = to_sealed_json(one_device(), key);
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_NE(sealed_refusal(sealed.substr(0, size), key), "") << size;
    const Secret plain = to_plain_json(one_device());
    for (std::size_t size = 0; size + 1 < plain.size(); ++size)  // the last byte is a line's end
        EXPECT_NE(refusal(plain.text().substr(0, size)), "") << size;
}

TEST(CredentialsJson, EveryBitFlippedInASealedSecretIsRefused) {
    const StoreKey key = StoreKey::generate();
    const std::string sealed = to_sealed_json(one_device(), key);
    const std::size_t begin = sealed.find("\"sealed\":\"") + 10;
    const std::size_t end = sealed.find('"', begin);
    for (std::size_t at = begin; at < end; ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = sealed;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            EXPECT_NE(sealed_refusal(flipped, key), "") << at << " " << bit;
        }
}

TEST(CredentialsJson, ASealedSecretIsGoodForItsPlaceAlone) {
    const StoreKey key = StoreKey::generate();
    const json good = json::parse(to_sealed_json(one_device(), key));
    ASSERT_EQ(sealed_refusal(good.dump(), key), "");
    EXPECT_THAT(sealed_refusal(good.dump(), StoreKey::generate()), HasSubstr("authenticators[0].secret"));
    const auto changed = [&](const char* field, const json& value) {
        json copy = good;
        copy["authenticators"][0][field] = value;
        return sealed_refusal(copy.dump(), key);
    };
    EXPECT_NE(changed("id", "0123456789abcdee"), "");
    EXPECT_NE(changed("digits", 8), "");
    EXPECT_NE(changed("period", 60), "");
    EXPECT_NE(changed("algorithm", "SHA256"), "");
    EXPECT_NE(changed("kind", "hotp"), "");
    EXPECT_NE(changed("t0", 30), "");
    EXPECT_EQ(changed("label", "old phone"), "");

    json of_bob = good;
    of_bob["name"] = "bob";
    EXPECT_THAT(sealed_refusal(of_bob.dump(), key), HasSubstr("name: these are another subject's"));
    EXPECT_THAT(sealed_refusal(of_bob.dump(), key, {"host", "bob"}), HasSubstr("authenticators[0].secret"));
}

TEST(CredentialsJson, WhatIsOutOfBoundsIsNamed) {
    ASSERT_EQ(refusal_of(plain_one()), "");
    const auto device = [](const char* field, const json& value) {
        json copy = plain_one();
        copy["authenticators"][0][field] = value;
        return refusal_of(copy);
    };
    const auto head = [](const char* field, const json& value) {
        json copy = plain_one();
        copy[field] = value;
        return refusal_of(copy);
    };
    for (const json& value :
         {json(5), json(9), json("6"), json(6.0), json(1e300), json(-6), json(), json(true)})
        EXPECT_THAT(device("digits", value), HasSubstr("authenticators[0].digits")) << value;
    EXPECT_THAT(device("period", 14), HasSubstr("authenticators[0].period"));
    EXPECT_THAT(device("period", 1'000'000'000'000), HasSubstr("authenticators[0].period"));
    EXPECT_THAT(device("algorithm", "MD5"), HasSubstr("authenticators[0].algorithm"));
    EXPECT_THAT(device("algorithm", "sha1"), HasSubstr("authenticators[0].algorithm"));
    EXPECT_THAT(device("kind", "steam"), HasSubstr("authenticators[0].kind"));
    EXPECT_THAT(device("counter", -1), HasSubstr("authenticators[0].counter"));
    EXPECT_THAT(device("counter", 1ULL << 63U), HasSubstr("authenticators[0].counter"));
    EXPECT_THAT(device("created", -1), HasSubstr("authenticators[0].created"));
    for (const char* id :
         {"", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef0", "../../etc/passwd"})
        EXPECT_THAT(device("id", id), HasSubstr("authenticators[0].id")) << id;
    EXPECT_THAT(device("label", std::string("\0x", 2)), HasSubstr("authenticators[0].label"));
    EXPECT_THAT(device("label", std::string(65, 'x')), HasSubstr("authenticators[0].label"));
    for (const json& secret : {json("GEZDGNBVGY3TQOI"), json("A"), json(""), json("#0"),
                               json(std::string(200, 'A')), json(1), json(json::array({"GEZDGNBVGY3TQOJQ"}))})
        EXPECT_THAT(device("secret", secret), HasSubstr("secret")) << secret;
    EXPECT_THAT(head("format", 2), HasSubstr("written by a newer Warifu"));
    EXPECT_THAT(head("uid", -1), HasSubstr("uid"));
    EXPECT_THAT(head("uid", 1ULL << 32U), HasSubstr("uid"));
    EXPECT_THAT(head("authenticators", json::object()), HasSubstr("authenticators"));
    EXPECT_THAT(head("recovery", json::object()), HasSubstr("recovery.salt"));
    EXPECT_THAT(head("recovery", {{"salt", "AAAA"}, {"digests", json::array()}}), HasSubstr("recovery.salt"));
    EXPECT_THAT(head("realm", "shop"), HasSubstr("another subject's"));
}

TEST(CredentialsJson, TooManyOfAnythingIsRefused) {
    json devices = plain_one();
    for (std::size_t i = 1; i <= max_authenticators; ++i) {
        devices["authenticators"].push_back(devices["authenticators"][0]);
        devices["authenticators"].back()["id"] = std::to_string(1'000'000'000'000'000 + i);
    }
    EXPECT_THAT(refusal_of(devices), HasSubstr("authenticators"));
    json digests = plain_one();
    for (int i = 0; i < 20; ++i) digests["recovery"]["digests"].push_back(digests["recovery"]["digests"][0]);
    EXPECT_THAT(refusal_of(digests), HasSubstr("recovery.digests"));
    digests["recovery"]["digests"] = json::array();
    EXPECT_THAT(refusal_of(digests), HasSubstr("recovery"));
}

TEST(CredentialsJson, EachFieldIsMissedByName) {
    const json good = plain_one();
    for (const auto& [field, value] : good.items()) {
        if (field == "uid" || field == "recovery") continue;
        json copy = good;
        copy.erase(field);
        EXPECT_THAT(refusal_of(copy), HasSubstr(field + ": missing"));
    }
    for (const auto& [field, value] : good["authenticators"][0].items()) {
        json copy = good;
        copy["authenticators"][0].erase(field);
        EXPECT_THAT(refusal_of(copy), HasSubstr("authenticators[0]." + field));
    }
}

TEST(CredentialsJson, TwoOfOneNameAreRefused) {
    const std::string good = plain_one().dump();
    EXPECT_THAT(refusal("{\"realm\":\"host\"," + good.substr(1)), HasSubstr("twice"));
    // An escape spells the same field another way.
    EXPECT_THAT(refusal("{\"r\\u0065alm\":\"host\"," + good.substr(1)), HasSubstr("twice"));
    json two = plain_one();
    two["authenticators"].push_back(two["authenticators"][0]);
    EXPECT_THAT(refusal_of(two), HasSubstr("id: two authenticators"));
}

TEST(CredentialsJson, ASecretUnderAnEscapedNameIsNotAnothers) {
    json document = plain_one();
    for (const char* id : {"fedcba9876543210", "fedcba9876543211"}) {
        document["authenticators"].push_back(document["authenticators"][0]);
        document["authenticators"].back()["id"] = id;
    }
    ASSERT_EQ(refusal_of(document), "");
    document["authenticators"][1]["secret"] = "PLACE";
    std::string text = document.dump();
    text.replace(text.find("\"secret\":\"PLACE\""), 16, "\"s\\u0065cret\":\"#0\"");
    EXPECT_THAT(refusal(text), HasSubstr("authenticators[1].secret"));
}

TEST(CredentialsJson, X07_DeepLargeAndBrokenDocumentsAreRefused) {
    const std::string good = plain_one().dump();
    const auto with = [&](const std::string& value) {
        return refusal("{\"x\":" + value + "," + good.substr(1));
    };
    EXPECT_EQ(with("[[[[[[1]]]]]]"), "");
    EXPECT_THAT(with(std::string(9, '[') + std::string(9, ']')), HasSubstr("nested too deeply"));
    EXPECT_THAT(refusal(std::string(max_document_bytes, '[')), HasSubstr("nested too deeply"));
    EXPECT_THAT(refusal(std::string(max_document_bytes, '{')), HasSubstr("not JSON"));
    EXPECT_THAT(with('"' + std::string(max_document_bytes, 'x') + '"'), HasSubstr("larger than 64 KiB"));
    EXPECT_THAT(sealed_refusal(std::string(max_document_bytes + 1, ' ') + "{}", StoreKey::generate()),
                HasSubstr("larger than 64 KiB"));
    EXPECT_THAT(refusal(std::string(100, '\0')), HasSubstr("not JSON"));
    EXPECT_THAT(refusal(""), HasSubstr("empty"));
    for (const std::string& junk :
         {std::string("null"), std::string("[]"), std::string("1"), std::string("\"x\""), std::string("{}"),
          std::string("{\"format\":1}"), good + "x", good + good, "\xef\xbb\xbf" + good.substr(1),
          good.substr(1), std::string("\n")})
        EXPECT_NE(refusal(junk), "") << junk;
}

TEST(CredentialsJson, X07_NoByteChangedAnywhereIsMoreThanReadOrRefused) {
    const std::string good = plain_one().dump();
    Random random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = good;
        for (std::uint64_t left = 1 + random() % 3; left > 0; --left)
            changed[random() % changed.size()] = static_cast<char>(random());
        (void)refusal(changed);  // anything but Unavailable ends the test
    }
}

TEST(CredentialsJson, X06_ARefusalQuotesNothingOfTheDocument) {
    const std::string secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const std::string good = plain_one().dump();
    ASSERT_THAT(good, HasSubstr(secret));
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const char byte : {'"', '}', '\0', '!'}) {
            std::string changed = good;
            changed[at] = byte;
            EXPECT_THAT(refusal(changed), Not(HasSubstr(secret.substr(0, 8)))) << at;
        }
}

TEST(CredentialsJson, P04_WhatANewerVersionWroteIsKept) {
    const StoreKey key = StoreKey::generate();
    json newer = json::parse(to_sealed_json(one_device(), key));
    newer["phones"] = {{"secret", "kept as it is"}, {"n", 1.5}};
    newer["authenticators"][0]["app"] = "FreeOTP";
    newer["recovery"]["printed"] = true;
    Credentials read = from_sealed_json(newer.dump(), alice, &key);
    json again = json::parse(to_sealed_json(read, key));
    for (json* document : {&newer, &again}) (*document)["authenticators"][0].erase("sealed");  // a new nonce
    EXPECT_EQ(again, newer);

    // The other form keeps them too, and what goes takes its own with it.
    const json plain = json::parse(to_plain_json(from_plain_json(to_plain_json(read).text(), alice)).text());
    EXPECT_EQ(plain["phones"], newer["phones"]);
    EXPECT_EQ(plain["authenticators"][0]["app"], "FreeOTP");
    read.authenticators.clear();
    read.recovery->salt = {9};
    const std::string without = to_sealed_json(read, key);
    EXPECT_THAT(without, HasSubstr("phones"));
    EXPECT_THAT(without, Not(HasSubstr("FreeOTP")));
    EXPECT_THAT(without, Not(HasSubstr("printed")));
}

TEST(CredentialsJson, NothingIsWrittenThatCouldNotBeRead) {
    const StoreKey key = StoreKey::generate();
    const auto field_of = [&](void (*spoil)(Credentials&)) {
        Credentials credentials = one_device();
        spoil(credentials);
        try {
            (void)to_sealed_json(credentials, key);
        } catch (const Invalid& invalid) {
            return invalid.field;
        }
        return std::string();
    };
    EXPECT_EQ(field_of([](Credentials&) {}), "");
    EXPECT_EQ(field_of([](Credentials& c) { c.subject.name = "../x"; }), "name");
    EXPECT_EQ(field_of([](Credentials& c) { c.subject.realm = ""; }), "realm");
    EXPECT_EQ(field_of([](Credentials& c) { c.authenticators[0].id = "1"; }), "id");
    EXPECT_EQ(field_of([](Credentials& c) { c.authenticators[0].label = ""; }), "label");
    EXPECT_EQ(field_of([](Credentials& c) { c.authenticators[0].otp.digits = 5; }), "digits");
    EXPECT_EQ(field_of([](Credentials& c) { c.authenticators[0].secret = Secret(); }), "secret");
    EXPECT_EQ(field_of([](Credentials& c) { c.authenticators[0].secret = Secret(65); }), "secret");
    EXPECT_EQ(field_of([](Credentials& c) { c.recovery->digests.clear(); }), "recovery");
    EXPECT_EQ(
        field_of([](Credentials& c) { c.unknown_fields = "{\"x\":\"" + std::string(65'400, 'x') + "\"}"; }),
        "document");
}

}  // namespace
}  // namespace warifu
