// One code, many processes; many people, one moment. With warifud and without.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <algorithm>
#include <memory>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/race.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::AnyOf;
using ::testing::Each;

constexpr int processes = 64, rounds = 100;
constexpr std::chrono::seconds period{30};

enum class Daemon { listening, absent };

std::string named(const ::testing::TestParamInfo<Daemon>& info) {
    return info.param == Daemon::listening ? "WithWarifud" : "WithoutWarifud";
}

class Races : public ::testing::TestWithParam<Daemon> {
  protected:
    Races() : alice(sandbox.add_user("alice", "alice's password")) {
        sandbox.set_clock(period);  // from here on warifud hears of changes
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        output_of(sandbox, as_root({"warifu", "init"}));
        if (GetParam() == Daemon::listening) {
            daemon = std::make_unique<Warifud>(sandbox);
        }
    }

    // How many of them got in; everybody else must have been refused, not failed.
    long winners(const std::string& answer) {
        const std::vector<int> verdicts =
            race(sandbox, "code", std::vector<Racer>(processes, Racer{"alice", answer, {}}));
        // Recovery codes queue for scrypt, and who waits too long there is told that nothing could be said.
        EXPECT_THAT(verdicts, Each(AnyOf(PAM_SUCCESS, PAM_AUTH_ERR, PAM_SYSTEM_ERR)));
        return std::count(verdicts.begin(), verdicts.end(), PAM_SUCCESS);
    }

    Sandbox sandbox;
    const Account& alice;
    std::unique_ptr<Warifud> daemon;
};

// Wrong answers of the losers are replays of a right code: they would fill the budget of strangers, so each
// round begins afresh.
TEST_P(Races, X15_OneTimeBasedCodeLetsOneIn) {
    Phone phone(sandbox, alice);
    for (int round = 1; round <= rounds; ++round) {
        sandbox.set_clock((round + 1) * 2 * period);
        ASSERT_EQ(winners(phone.code()), 1) << "round " << round << "\n" << sandbox.log();
        ASSERT_EQ(warifu(sandbox, {"unlock", "--user", "alice"}).status, 0);
    }
}

TEST_P(Races, X15_OneCounterBasedCodeLetsOneIn) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    for (int round = 1; round <= rounds; ++round) {
        ASSERT_EQ(winners(phone.code()), 1) << "round " << round << "\n" << sandbox.log();
        ASSERT_EQ(warifu(sandbox, {"unlock", "--user", "alice"}).status, 0);
    }
}

TEST_P(Races, X15_OneRecoveryCodeLetsOneIn) {
    const Phone phone(sandbox, alice);
    ASSERT_EQ(phone.recovery_codes().size(), 10U);
    for (const std::string& code : phone.recovery_codes()) {
        ASSERT_EQ(winners(code), 1) << sandbox.log();
    }
}

TEST_P(Races, X16_FiftyPeopleAtOnceAllGetIn) {
    constexpr int people = 50;
    std::vector<std::unique_ptr<Phone>> phones;
    std::vector<Racer> racers;
    for (int i = 0; i < people; ++i) {
        const Account& person = sandbox.add_user("person" + std::to_string(i), "password");
        phones.push_back(std::make_unique<Phone>(sandbox, person, PhoneKind::hotp));
        racers.push_back({person.name, phones.back()->code(), {}});
    }
    EXPECT_THAT(race(sandbox, "code", racers), Each(PAM_SUCCESS)) << sandbox.log();
    // Every state was recorded: none of these codes works again.
    EXPECT_THAT(race(sandbox, "code", racers), Each(PAM_AUTH_ERR)) << sandbox.log();
}

INSTANTIATE_TEST_SUITE_P(Doors, Races, ::testing::Values(Daemon::listening, Daemon::absent), named);

}  // namespace
}  // namespace warifu::integration
