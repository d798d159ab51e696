// The vectors of the RFCs, and some more, through `warifu verify` and a warifud whose clock stands where the
// vector wants it.
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char sha1_secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr char sha256_secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA";
constexpr char sha512_secret[] =
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA";

class Vectors : public ::testing::Test {
  protected:
    // One account a key, in the file that configuration management would write.
    void key(const std::string& name, const std::string& kind, const std::string& secret,
             const std::string& parameters) {
        sandbox.add_user(name, "a password");
        lines += name + " otpauth://" + kind + "/" + name + "?secret=" + secret + "&" + parameters + "\n";
    }
    void begin() {
        sandbox.write("/etc/warifu/warifu.conf", "[store]\nsources = [\"text\"]\n");
        sandbox.write("/etc/warifu/users.keys", lines);
        output_of(sandbox, as_root({"chmod", "600", "/etc/warifu/users.keys"}));
        sandbox.set_clock(std::chrono::seconds(0));
        daemon = std::make_unique<Warifud>(sandbox);
    }
    // The sandbox's clock stands at the beginning of `time`'s step.
    void at(std::int64_t time) {
        const std::int64_t ahead = sandbox.now() - real_now();
        sandbox.set_clock(std::chrono::seconds(ahead + time / 30 * 30 - sandbox.now()));
        daemon->restart();
    }
    std::string verdict(const std::string& user, const std::string& code) {
        const Answer answer = warifu(sandbox, {"verify", "--user", user, code});
        return answer.object.value("verdict", answer.object.dump());
    }

    Sandbox sandbox;
    std::string lines;
    std::unique_ptr<Warifud> daemon;

  private:
    static std::int64_t real_now() {
        return std::chrono::duration_cast<std::chrono::seconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
};

// RFC 6238 appendix B.
TEST_F(Vectors, S11_Rfc6238) {
    const std::string eight = "digits=8&period=30&algorithm=";
    key("sha1", "totp", sha1_secret, eight + "SHA1");
    key("sha256", "totp", sha256_secret, eight + "SHA256");
    key("sha512", "totp", sha512_secret, eight + "SHA512");
    begin();
    struct Row {
        std::int64_t time;
        const char *sha1, *sha256, *sha512;
    };
    const Row rows[] = {
        {59, "94287082", "46119246", "90693936"},         {1111111109, "07081804", "68084774", "25091201"},
        {1111111111, "14050471", "67062674", "99943326"}, {1234567890, "89005924", "91819424", "93441116"},
        {2000000000, "69279037", "90698825", "38618901"}, {20000000000, "65353130", "77737706", "47863826"},
    };
    for (const Row& row : rows) {
        at(row.time);
        for (const auto& [user, code] :
             {std::pair("sha1", row.sha1), {"sha256", row.sha256}, {"sha512", row.sha512}}) {
            std::string wrong = code;
            wrong.back() = wrong.back() == '0' ? '1' : '0';
            EXPECT_EQ(verdict(user, wrong), "denied") << user << ' ' << row.time;
            EXPECT_EQ(verdict(user, code), "success") << user << ' ' << row.time;
            EXPECT_EQ(verdict(user, code), "denied") << user << ' ' << row.time;
        }
    }
}

// RFC 4226 appendix D.
TEST_F(Vectors, S11_Rfc4226) {
    key("token", "hotp", sha1_secret, "digits=6&algorithm=SHA1&counter=0");
    begin();
    for (const char* code : {"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
                             "399871", "520489"}) {
        EXPECT_EQ(verdict("token", code), "success") << code;
    }
    EXPECT_EQ(verdict("token", "520489"), "denied");
}

// The same secret through every algorithm and length.
TEST_F(Vectors, S11_EveryAlgorithmAndLength) {
    const std::string secret = "2SH3V3GDW7ZNMGYE";
    struct Row {
        const char *name, *parameters, *code;
    };
    const Row rows[] = {
        {"a6", "algorithm=SHA1&digits=6", "050548"},   {"a8", "algorithm=SHA1&digits=8", "26050548"},
        {"b6", "algorithm=SHA256&digits=6", "596509"}, {"b8", "algorithm=SHA256&digits=8", "81596509"},
        {"c6", "algorithm=SHA512&digits=6", "346407"}, {"c8", "algorithm=SHA512&digits=8", "61346407"},
    };
    for (const Row& row : rows) key(row.name, "totp", secret, row.parameters);
    key("token", "hotp", secret, "counter=1");
    begin();
    at(300000);
    for (const Row& row : rows) {
        for (const Row& other : rows) {
            if (&other == &row) continue;
            EXPECT_EQ(verdict(row.name, other.code), "denied") << row.name << ' ' << other.code;
        }
        EXPECT_EQ(verdict(row.name, row.code), "success") << row.name;
    }
    for (const char* code : {"293240", "445965", "464407", "374703", "932068"})
        EXPECT_EQ(verdict("token", code), "success") << code;
}

}  // namespace
}  // namespace warifu::integration
