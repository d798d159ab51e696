// Assertions, checked offline.
#include "enroll_tool/jws.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error/error.h"

namespace warifu {
namespace {

// RFC 8037, appendix A: the example key and signature ("Example of Ed25519 signing").
constexpr char key[] =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END "
    "PUBLIC "
    "KEY-----\n";
constexpr char other_key[] =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n-----END "
    "PUBLIC "
    "KEY-----\n";
constexpr char example[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

// The example's payload is no JSON, so it is refused for that and for nothing else: its signature is right.
TEST(Jws, A11_AnythingButClaimsInJSONIsNoAssertion) {
    EXPECT_THROW(verified_claims(example, key), Invalid);
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("a.b"), std::string("..."), std::string("e30.e30.!"),
          std::string("e30.e30"), std::string(70'000, 'a')}) {
        EXPECT_THROW(verified_claims(text, key), Invalid) << text.substr(0, 20);
    }
}

TEST(Jws, A11_TheAlgorithmIsNotTheSendersToChoose) {
    // {"alg":"none"} and {"alg":"HS256"} over {"sub":"a"}
    EXPECT_THROW(verified_claims("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", key), Denied);
    EXPECT_THROW(verified_claims("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA", key), Denied);
    EXPECT_THROW(verified_claims("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.AAAA", other_key), Denied);
}

TEST(Jws, A11_AKeyIsAnEd25519KeyInPEM) {
    for (const char* text : {"", "key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}) {
        EXPECT_THROW(verified_claims("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.AAAA", text), Invalid) << text;
    }
}

}  // namespace
}  // namespace warifu
