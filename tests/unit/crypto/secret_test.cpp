#include "core/secret/secret.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <set>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/otp/otp.h"
#include "tests/unit/crypto/freed_memory.h"

namespace warifu {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> &&
              !std::is_convertible_v<Secret, std::string_view>);
template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>);

constexpr std::string_view sample = "a secret that must not outlive its holder";

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

TEST(Secret, NewBytesAreZero) {
    const Secret secret(4096);
    EXPECT_EQ(secret.size(), 4096U);
    EXPECT_TRUE(all_zero(secret.bytes()));
}

TEST(Secret, EmptyHasNoBytes) {
    for (const Secret& secret : {Secret(), Secret(0), Secret::copy_of(""), Secret::random(0)}) {
        EXPECT_TRUE(secret.empty());
        EXPECT_EQ(secret.text(), "");
    }
}

TEST(Secret, SizeIsBounded) {
    EXPECT_EQ(Secret(Secret::max_size).size(), Secret::max_size);
    EXPECT_THROW(Secret(Secret::max_size + 1), std::length_error);
    EXPECT_THROW(Secret::random(Secret::max_size + 1), std::length_error);
    EXPECT_THROW(Secret::copy_of(std::string(Secret::max_size + 1, 'x')), std::length_error);
}

TEST(Secret, CopyIsASecondOne) {
    Secret first = Secret::copy_of(sample);
    const Secret second = Secret::copy_of(first.bytes());
    first.writable()[0] = 'X';
    EXPECT_EQ(second.text(), sample);
    EXPECT_EQ(first.text().substr(1), sample.substr(1));
}

TEST(Secret, MovesWithoutCopying) {
    Secret first = Secret::copy_of(sample);
    const std::uint8_t* const where = first.bytes().data();
    Secret second(std::move(first));
    EXPECT_TRUE(first.empty());  // which the move promises
    EXPECT_EQ(second.bytes().data(), where);
    Secret third(8);
    third = std::move(second);
    EXPECT_EQ(third.bytes().data(), where);
    EXPECT_EQ(third.text(), sample);
    Secret& same = third;
    third = std::move(same);
    EXPECT_EQ(third.text(), sample);
}

TEST(Secret, RandomFillsEveryByteAndDiffers) {
    // A byte of 64 random runs stays zero in all of them with probability 2^-512.
    std::vector<std::uint8_t> seen(600);
    std::set<std::string> runs;
    for (int run = 0; run < 64; ++run) {
        const Secret secret = Secret::random(seen.size());
        for (std::size_t i = 0; i < seen.size(); ++i) seen[i] |= secret.bytes()[i];
        runs.emplace(secret.text());
    }
    EXPECT_EQ(runs.size(), 64U);
    EXPECT_TRUE(std::ranges::none_of(seen, [](std::uint8_t byte) { return byte == 0; }));
}

TEST(Secret, IsWipedBeforeItIsFreed) {
    {
        const Secret secret = Secret::copy_of(sample);
        watch_freed(secret.bytes().data(), secret.size());
    }
    EXPECT_EQ(seen_when_freed(), std::vector<std::uint8_t>(sample.size(), 0));
}

TEST(Secret, IsWipedWhenAnotherIsMovedIntoIt) {
    Secret secret = Secret::copy_of(sample);
    watch_freed(secret.bytes().data(), secret.size());
    secret = Secret::copy_of("other");
    EXPECT_EQ(seen_when_freed(), std::vector<std::uint8_t>(sample.size(), 0));
    EXPECT_EQ(secret.text(), "other");
}

TEST(Secret, TruncatingWipesTheRestAndFreeingAllOfIt) {
    {
        Secret secret = Secret::copy_of(sample);
        const std::uint8_t* const whole = secret.bytes().data();
        secret.truncate(8);
        EXPECT_EQ(secret.text(), sample.substr(0, 8));
        EXPECT_TRUE(all_zero({whole + 8, sample.size() - 8}));
        secret.truncate(sample.size());
        EXPECT_EQ(secret.size(), 8U);
        watch_freed(whole, sample.size());
    }
    EXPECT_EQ(seen_when_freed(), std::vector<std::uint8_t>(sample.size(), 0));
}

TEST(Secret, EqualInContentAlone) {
    const Secret one = Secret::copy_of(sample);
    EXPECT_TRUE(constant_time_equal(one.text(), sample));
    EXPECT_TRUE(constant_time_equal(Secret().bytes(), Secret().bytes()));
    EXPECT_FALSE(constant_time_equal(one.text(), sample.substr(1)));
    EXPECT_FALSE(constant_time_equal(one.text(), ""));
    for (std::size_t bit = 0; bit < one.size() * 8; ++bit) {
        Secret other = Secret::copy_of(sample);
        other.writable()[bit / 8] = static_cast<std::uint8_t>(other.writable()[bit / 8] ^ 1U << bit % 8);
        EXPECT_FALSE(constant_time_equal(one.bytes(), other.bytes()));
        EXPECT_FALSE(constant_time_equal(one.text(), other.text()));
    }
}

// Bytes of this process as the kernel sees them: beyond what C++ lets us read.
std::vector<std::uint8_t> peek(const void* address, std::size_t size) {
    std::vector<std::uint8_t> bytes(size, 0xee);
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    EXPECT_EQ(pread(memory, bytes.data(), size, reinterpret_cast<off_t>(address)),
              static_cast<ssize_t>(size));
    close(memory);
    return bytes;
}

TEST(Wipe, OverwritesTheWholeCapacity) {
    std::string text(sample);
    text.reserve(256);
    text = "shorter";
    const void* const memory = text.data();
    ASSERT_FALSE(all_zero(peek(memory, sample.size())));
    wipe(text);
    EXPECT_TRUE(text.empty());
    EXPECT_TRUE(all_zero(peek(memory, sample.size())));
}

// The secure heap is set up once for a process, so each test of it has one of its own.
void in_its_own_process(void (*body)()) {
    EXPECT_EXIT(
        {
            body();
            std::_Exit(testing::Test::HasFailure() ? 1 : 0);
        },
        testing::ExitedWithCode(0), "");
}

void is_used_and_wiped() {
    lock_secrets();
    const std::uint8_t* where = nullptr;
    {
        const Secret secret = Secret::copy_of(sample);
        where = secret.bytes().data();
        EXPECT_EQ(CRYPTO_secure_allocated(where), 1);
        EXPECT_EQ(peek(where, 4), (std::vector<std::uint8_t>{'a', ' ', 's', 'e'}));
    }
    EXPECT_EQ(CRYPTO_secure_used(), 0U);
    // The allocator keeps its list of free blocks in their first two words.
    const std::vector<std::uint8_t> after = peek(where, sample.size());
    EXPECT_TRUE(all_zero(std::span(after).subspan(2 * sizeof(void*))));
    EXPECT_FALSE(std::equal(after.begin(), after.begin() + 8, sample.begin()));
}

long locked_kilobytes() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmLck:") continue;
    long kilobytes = 0;
    status >> kilobytes;
    return kilobytes;
}

void is_locked() {
    EXPECT_TRUE(lock_secrets(64 * 1024));
    EXPECT_GE(locked_kilobytes(), 64);
}

void works_where_nothing_can_be_locked() {
    const rlimit nothing{0, 0};
    EXPECT_EQ(setrlimit(RLIMIT_MEMLOCK, &nothing), 0);
    // The limit does not bind root.
    if (geteuid() == 0) {
        EXPECT_EQ(setresuid(65534, 65534, 65534), 0);
    }
    EXPECT_FALSE(lock_secrets());
    EXPECT_EQ(hotp(Secret::random(20), Algorithm::sha1, 0, 6).text().size(), 6U);
    EXPECT_EQ(Secret::copy_of(sample).text(), sample);
}

void overflows_into_the_ordinary_heap() {
    lock_secrets(64 * 1024);
    std::vector<Secret> secrets;
    for (int i = 0; i < 1024; ++i) secrets.push_back(Secret::random(256));
    EXPECT_EQ(CRYPTO_secure_allocated(secrets.front().bytes().data()), 1);
    EXPECT_EQ(CRYPTO_secure_allocated(secrets.back().bytes().data()), 0);
    // OpenSSL still finds room for its seed.
    std::array<unsigned char, 16> random{};
    EXPECT_EQ(RAND_bytes(random.data(), static_cast<int>(random.size())), 1);
    watch_freed(secrets.back().bytes().data(), secrets.back().size());
    secrets.clear();
    EXPECT_EQ(seen_when_freed(), std::vector<std::uint8_t>(256, 0));
}

void may_come_after_a_secret() {
    Secret before = Secret::copy_of(sample);
    lock_secrets();
    EXPECT_EQ(before.text(), sample);
    watch_freed(before.bytes().data(), before.size());
    before = Secret();
    EXPECT_EQ(seen_when_freed(), std::vector<std::uint8_t>(sample.size(), 0));
}

void use_secrets(std::uint8_t fill) {
    for (std::size_t round = 0; round < 2000; ++round) {
        Secret secret(1 + round % 3000);
        std::ranges::fill(secret.writable(), fill);
        const Secret moved(std::move(secret));
        EXPECT_TRUE(std::ranges::all_of(moved.bytes(), [&](std::uint8_t byte) { return byte == fill; }));
    }
}

void serves_threads() {
    lock_secrets(32 * 1024);  // so little that both heaps are used
    std::vector<std::thread> threads;
    for (std::uint8_t fill = 1; fill <= 8; ++fill) threads.emplace_back(use_secrets, fill);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(CRYPTO_secure_used(), 0U);
}

TEST(SecureHeapDeathTest, HoldsSecretsAndIsWiped) {
    in_its_own_process(is_used_and_wiped);
}
TEST(SecureHeapDeathTest, IsLocked) {
    in_its_own_process(is_locked);
}
TEST(SecureHeapDeathTest, IsNotNeeded) {
    in_its_own_process(works_where_nothing_can_be_locked);
}
TEST(SecureHeapDeathTest, LeavesRoomForOpenSslWhenFull) {
    in_its_own_process(overflows_into_the_ordinary_heap);
}
TEST(SecureHeapDeathTest, MayComeAfterASecret) {
    in_its_own_process(may_come_after_a_secret);
}
TEST(SecureHeapDeathTest, ServesThreads) {
    in_its_own_process(serves_threads);
}

}  // namespace
}  // namespace warifu
