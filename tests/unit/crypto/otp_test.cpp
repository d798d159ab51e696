#include "core/otp/otp.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "core/error/error.h"
#include "core/otp/base32.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu {
namespace {

constexpr Algorithm every_algorithm[] = {Algorithm::sha1, Algorithm::sha256, Algorithm::sha512};

Secret repeated(std::string_view text, std::size_t size) {
    Secret secret(size);
    for (std::size_t i = 0; i < size; ++i)
        secret.writable()[i] = static_cast<std::uint8_t>(text[i % text.size()]);
    return secret;
}

// The seed of RFC 6238 appendix B for each algorithm: as long as its digest (erratum 2866).
Secret rfc_6238_seed(Algorithm algorithm) {
    constexpr std::size_t sizes[] = {20, 32, 64};
    return repeated("1234567890", sizes[static_cast<std::size_t>(algorithm)]);
}

std::string totp(const Secret& secret, const OtpParameters& parameters, std::int64_t now) {
    return std::string(code_at(secret, parameters, time_step(parameters, now)).value().text());
}

TEST(Hotp, S11_Rfc4226AppendixD) {
    const Secret secret = Secret::copy_of("12345678901234567890");
    constexpr std::string_view codes[] = {"755224", "287082", "359152", "969429", "338314",
                                          "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < std::size(codes); ++counter)
        EXPECT_EQ(hotp(secret, Algorithm::sha1, counter, 6).text(), codes[counter]);
}

TEST(Hotp, S11_CodesOfGoogleAuthenticator) {
    const Secret secret = base32_decode("2SH3V3GDW7ZNMGYE").value();
    constexpr std::string_view codes[] = {"293240", "445965", "464407", "374703", "932068"};
    for (std::uint64_t counter = 1; counter <= std::size(codes); ++counter)
        EXPECT_EQ(hotp(secret, Algorithm::sha1, counter, 6).text(), codes[counter - 1]);
}

TEST(Totp, S11_Rfc6238AppendixB) {
    const struct {
        std::int64_t time;
        std::string_view codes[3];  // SHA-1, SHA-256, SHA-512
    } rows[] = {
        {59, {"94287082", "46119246", "90693936"}},
        {1111111109, {"07081804", "68084774", "25091201"}},
        {1111111111, {"14050471", "67062674", "99943326"}},
        {1234567890, {"89005924", "91819424", "93441116"}},
        {2000000000, {"69279037", "90698825", "38618901"}},
        {20000000000, {"65353130", "77737706", "47863826"}},
    };
    for (const auto& row : rows)
        for (const Algorithm algorithm : every_algorithm)
            EXPECT_EQ(totp(rfc_6238_seed(algorithm), {OtpKind::totp, algorithm, 8, 30, 0}, row.time),
                      row.codes[static_cast<std::size_t>(algorithm)]);
}

TEST(Totp, S11_CodesOfGoogleAuthenticator) {
    const Secret secret = base32_decode("2SH3V3GDW7ZNMGYE").value();
    constexpr std::array<std::string_view, 3> six = {"050548", "596509", "346407"};
    constexpr std::array<std::string_view, 3> eight = {"26050548", "81596509", "61346407"};
    for (const Algorithm algorithm : every_algorithm) {
        const auto i = static_cast<std::size_t>(algorithm);
        EXPECT_EQ(totp(secret, {OtpKind::totp, algorithm, 6, 30, 0}, 300000), six[i]);
        EXPECT_EQ(totp(secret, {OtpKind::totp, algorithm, 7, 30, 0}, 300000), eight[i].substr(1));
        EXPECT_EQ(totp(secret, {OtpKind::totp, algorithm, 8, 30, 0}, 300000), eight[i]);
    }
}

// An independent implementation, over every length of secret, every algorithm and length of code.
TEST(Hotp, S11_AgreesWithOathtoolForEverySecretLength) {
    for (std::size_t size = min_secret_bytes; size <= max_secret_bytes; ++size) {
        const Secret secret = Secret::random(size);
        const std::string key(base32_encode(secret.bytes()).text());
        const int digits = min_digits + static_cast<int>(size) % (max_digits - min_digits + 1);
        const std::string told =
            program_output("oathtool --hotp -b -c 4294967290 -w 12 -d " + std::to_string(digits) + " " + key);
        std::string ours;
        for (std::uint64_t counter = 4294967290; counter <= 4294967290 + 12; ++counter)
            ours.append(hotp(secret, Algorithm::sha1, counter, digits).text()).append("\n");
        EXPECT_EQ(ours, told) << key;
    }
}

TEST(Totp, S11_AgreesWithOathtoolForAlgorithmsDigitsAndPeriods) {
    for (const Algorithm algorithm : every_algorithm)
        for (int digits = min_digits; digits <= max_digits; ++digits)
            for (const int period : {15, 30, 59, 60, 120})
                for (const std::size_t size : {10U, 20U, 32U, 64U}) {
                    const OtpParameters parameters{OtpKind::totp, algorithm, digits, period, 0};
                    const Secret secret = Secret::random(size);
                    const std::string key(base32_encode(secret.bytes()).text());
                    const std::string told = program_output(
                        "oathtool --totp=" + std::string(name(algorithm)) + " -b -w 3 -N @1700000007 -d " +
                        std::to_string(digits) + " -s " + std::to_string(period) + " " + key);
                    std::string ours;
                    for (std::int64_t step = 0; step <= 3; ++step)
                        ours.append(totp(secret, parameters, 1700000007 + step * period)).append("\n");
                    EXPECT_EQ(ours, told) << key;
                }
}

TEST(Otp, S11_BoundsOfParameters) {
    const auto refused_field = [](const OtpParameters& parameters) -> std::string {
        try {
            check(parameters);
        } catch (const Invalid& invalid) {
            return invalid.field;
        }
        return "";
    };
    for (int digits = -1; digits <= 12; ++digits)
        EXPECT_EQ(refused_field({OtpKind::totp, Algorithm::sha1, digits, 30, 0}),
                  digits >= 6 && digits <= 8 ? "" : "digits");
    for (int period = -1; period <= 200; ++period) {
        EXPECT_EQ(refused_field({OtpKind::totp, Algorithm::sha256, 6, period, 0}),
                  period >= 15 && period <= 120 ? "" : "period");
        EXPECT_EQ(refused_field({OtpKind::hotp, Algorithm::sha256, 6, period, 0}), "");
    }
    EXPECT_EQ(refused_field({OtpKind::totp, static_cast<Algorithm>(3), 6, 30, 0}), "algorithm");
    EXPECT_EQ(refused_field({static_cast<OtpKind>(2), Algorithm::sha1, 6, 30, 0}), "kind");
    const Secret secret = Secret::random(20);
    for (const int digits : {-1, 0, 5, 9, 1000})
        EXPECT_THROW(hotp(secret, Algorithm::sha1, 0, digits), Invalid);
}

TEST(Otp, S11_SpellingsOfAlgorithmsAndKinds) {
    for (const Algorithm algorithm : every_algorithm) EXPECT_EQ(parse_algorithm(name(algorithm)), algorithm);
    for (const std::string_view text : {"sha256", "SHA256", "Sha-256", "SHA-256"})
        EXPECT_EQ(parse_algorithm(text), Algorithm::sha256);
    for (const std::string_view text :
         {"", "SHA", "SHA2", "SHA224", "SHA256 ", "SHA--256", "MD5", "HmacSHA1"})
        EXPECT_EQ(parse_algorithm(text), std::nullopt) << text;
    EXPECT_EQ(parse_otp_kind("TOTP"), OtpKind::totp);
    EXPECT_EQ(parse_otp_kind(name(OtpKind::hotp)), OtpKind::hotp);
    for (const std::string_view text : {"", "otp", "totp ", "steam"})
        EXPECT_EQ(parse_otp_kind(text), std::nullopt);
}

TEST(Otp, NoCodeOfASecretThatIsNotHere) {
    for (const Algorithm algorithm : every_algorithm) {
        EXPECT_THROW(hotp(Secret(), algorithm, 0, 6), Unavailable);
        EXPECT_THROW(code_at(Secret(), {OtpKind::totp, algorithm, 6, 30, 0}, 0), Unavailable);
    }
}

TEST(Otp, SameCodesInEveryThread) {
    const Secret secret = Secret::copy_of("12345678901234567890");
    std::vector<std::thread> threads;
    std::array<std::string, 8> results;
    for (std::string& result : results)
        threads.emplace_back([&secret, &result] {
            for (const Algorithm algorithm : every_algorithm)
                for (std::uint64_t counter = 0; counter < 500; ++counter)
                    result.append(hotp(secret, algorithm, counter, 6).text());
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& result : results) EXPECT_EQ(result, results[0]);
    EXPECT_EQ(results[0].substr(0, 12), "755224287082");
}

TEST(TimeStep, X20_BeginsOnTheSecondAndLastsThePeriod) {
    for (int period = min_period; period <= max_period; ++period)
        for (const std::int64_t t0 : {std::int64_t{0}, std::int64_t{7}, std::int64_t{-1000000007}}) {
            const OtpParameters parameters{OtpKind::totp, Algorithm::sha1, 6, period, t0};
            // Around the ends of 32 bits too, signed (2038) and unsigned (2106).
            for (const std::int64_t step : {std::int64_t{-100000000}, std::int64_t{-1}, std::int64_t{0},
                                            std::int64_t{1}, (std::int64_t{1} << 31) / period,
                                            (std::int64_t{1} << 32) / period, std::int64_t{1} << 40}) {
                const std::int64_t begin = t0 + step * period;
                EXPECT_EQ(time_step(parameters, begin - 1), step - 1);
                EXPECT_EQ(time_step(parameters, begin), step);
                EXPECT_EQ(time_step(parameters, begin + period - 1), step);
                EXPECT_EQ(time_step(parameters, begin + period), step + 1);
            }
        }
}

TEST(TimeStep, X20_KnownDates) {
    const OtpParameters parameters;
    EXPECT_EQ(time_step(parameters, 20000000000), 0x27BC86AA);  // RFC 6238 appendix B, the year 2603
    EXPECT_EQ(time_step(parameters, 2147483647), 71582788);     // 2038-01-19T03:14:07Z
    EXPECT_EQ(time_step(parameters, 2147483648), 71582788);     // a second later
    EXPECT_EQ(time_step(parameters, 4294967295), 143165576);    // 2106-02-07T06:28:15Z
    EXPECT_EQ(time_step(parameters, 4294967296 + 15), 143165577);
    EXPECT_EQ(time_step(parameters, -1), -1);
    EXPECT_EQ(time_step(parameters, -30), -1);
    EXPECT_EQ(time_step(parameters, -31), -2);
}

TEST(TimeStep, X20_NoTimeOverflows) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t t0 : {lowest, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, highest}) {
        const OtpParameters parameters{OtpKind::totp, Algorithm::sha1, 6, 30, t0};
        EXPECT_LE(time_step(parameters, lowest), t0 == lowest ? 0 : -1);
        EXPECT_GE(time_step(parameters, highest), 0);
        EXPECT_LE(time_step(parameters, lowest), time_step(parameters, highest));
    }
}

TEST(Totp, X20_CodesPast2038And2106AgreeWithOathtool) {
    const Secret secret = Secret::copy_of("12345678901234567890");
    for (const std::int64_t now : {2147483647LL, 2147483648LL, 4294967295LL, 4294967296LL, 253402300799LL})
        EXPECT_EQ(totp(secret, {}, now) + "\n", program_output("oathtool --totp -N @" + std::to_string(now) +
                                                               " 3132333435363738393031323334353637383930"));
}

TEST(Totp, X20_NoCodeBeforeTimeBegan) {
    const Secret secret = Secret::random(20);
    const OtpParameters parameters;
    for (const std::int64_t now :
         {std::int64_t{-1}, std::int64_t{-30}, std::numeric_limits<std::int64_t>::min()})
        EXPECT_FALSE(code_at(secret, parameters, time_step(parameters, now)).has_value());
    EXPECT_TRUE(code_at(secret, parameters, time_step(parameters, 0)).has_value());
}

}  // namespace
}  // namespace warifu
