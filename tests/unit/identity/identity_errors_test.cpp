// What identity makes of every answer that NSS can give. The four calls are this file's own here: they stand
// in front of libc's for everything that is linked into the test.
#include <gmock/gmock.h>
#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>
#include <system_error>

#include "nss_helper/identity/identity.h"

namespace {

struct Answers {
    std::function<int(passwd*, std::size_t size, passwd**)> user;
    std::function<int(group*, std::size_t size, group**)> group_entry;
    std::function<int(gid_t*, int*)> groups;
    std::string asked;
    int calls = 0;
};
Answers answers;

}  // namespace

extern "C" {

int getpwnam_r(const char* name, passwd* entry, char*, size_t size, passwd** result) {
    answers.asked = name;
    ++answers.calls;
    return answers.user(entry, size, result);
}

int getpwuid_r(uid_t uid, passwd* entry, char*, size_t size, passwd** result) {
    answers.asked = std::to_string(uid);
    ++answers.calls;
    return answers.user(entry, size, result);
}

int getgrnam_r(const char* name, group* entry, char*, size_t size, group** result) {
    answers.asked = name;
    ++answers.calls;
    return answers.group_entry(entry, size, result);
}

int getgrouplist(const char* user, gid_t, gid_t* groups, int* count) {
    answers.asked = user;
    ++answers.calls;
    return answers.groups(groups, count);
}
}

namespace warifu {
namespace {

using testing::Optional;

char alice[] = "alice", home[] = "/home/alice", desk[] = "desk";

template <typename Entry>
auto error_answer(int error) {
    return [error](Entry*, std::size_t, Entry** result) {
        *result = nullptr;
        return error;
    };
}

std::function<int(passwd*, std::size_t, passwd**)> found_user(uid_t uid = 1000, gid_t gid = 1000,
                                                              std::size_t needs = 0, char* directory = home) {
    return [=](passwd* entry, std::size_t size, passwd** result) {
        *result = nullptr;
        if (size < needs) {
            return ERANGE;
        }
        entry->pw_name = alice;
        entry->pw_uid = uid;
        entry->pw_gid = gid;
        entry->pw_dir = directory;
        *result = entry;
        return 0;
    };
}

std::function<int(group*, std::size_t, group**)> found_group(gid_t gid, std::size_t needs = 0) {
    return [=](group* entry, std::size_t size, group** result) {
        *result = nullptr;
        if (size < needs) {
            return ERANGE;
        }
        entry->gr_name = desk;
        entry->gr_gid = gid;
        *result = entry;
        return 0;
    };
}

// getgrouplist(3) over `all`.
std::function<int(gid_t*, int*)> group_list(std::vector<gid_t> all) {
    return [all = std::move(all)](gid_t* groups, int* count) {
        const int room = *count;
        *count = static_cast<int>(all.size());
        if (room < *count) {
            return -1;
        }
        std::copy(all.begin(), all.end(), groups);
        return *count;
    };
}

class IdentityErrors : public testing::Test {
  protected:
    void SetUp() override { answers = Answers{found_user(), found_group(2000), group_list({1000}), "", 0}; }

    const Identity alice_{"alice", 1000, 1000, "/home/alice"};
};

// The code of the system_error that `call` throws; 0 where it throws none.
template <typename Call>
int error_of(Call call) {
    try {
        call();
    } catch (const std::system_error& error) {
        return error.code().value();
    }
    return 0;
}

TEST_F(IdentityErrors, NobodyIsSaidByNoResultAndByTwoErrors) {
    for (const int error : {0, ENOENT, ESRCH}) {
        answers.user = error_answer<passwd>(error);
        answers.group_entry = error_answer<group>(error);
        EXPECT_EQ(find_by_name("alice"), std::nullopt) << std::strerror(error);
        EXPECT_EQ(find_by_uid(1000), std::nullopt);
        EXPECT_EQ(group_id("desk"), std::nullopt);
        EXPECT_FALSE(in_group(alice_, "desk"));
    }
}

TEST_F(IdentityErrors, N03_EveryOtherErrorIsNoAnswer) {
    for (const int error : {EIO, EMFILE, ENFILE, ENOMEM, EAGAIN, ETIMEDOUT, EPERM, EBADF, EACCES, EINTR,
                            EINVAL, ENOSYS, ECONNREFUSED, EPIPE}) {
        answers.user = error_answer<passwd>(error);
        answers.group_entry = error_answer<group>(error);
        EXPECT_EQ(error_of([] { find_by_name("alice"); }), error);
        EXPECT_EQ(error_of([] { find_by_uid(1000); }), error);
        EXPECT_EQ(error_of([] { group_id("desk"); }), error);
        EXPECT_EQ(error_of([&] { in_group(alice_, "desk"); }), error);
    }
}

TEST_F(IdentityErrors, TheBufferGrowsUpToAMebibyte) {
    answers.user = found_user(1000, 1000, 700'000);
    answers.group_entry = found_group(2000, 700'000);
    EXPECT_TRUE(find_by_name("alice"));
    EXPECT_TRUE(find_by_uid(1000));
    EXPECT_THAT(group_id("desk"), Optional(2000U));
    EXPECT_LT(answers.calls, 40);

    answers.calls = 0;
    std::size_t largest = 0;
    answers.user = [&](passwd*, std::size_t size, passwd** result) {
        largest = std::max(largest, size);
        *result = nullptr;
        return ERANGE;
    };
    EXPECT_EQ(error_of([] { find_by_name("alice"); }), ERANGE);
    EXPECT_EQ(largest, 1024U * 1024U);
    EXPECT_LT(answers.calls, 20);
}

TEST_F(IdentityErrors, TheCanonicalNameIsTheOneThatIsTold) {
    const auto who = find_by_name("EXAMPLE\\Alice");
    EXPECT_EQ(answers.asked, "EXAMPLE\\Alice");
    ASSERT_TRUE(who);
    EXPECT_EQ(who->name, "alice");
    EXPECT_EQ(who->uid, 1000U);
    EXPECT_EQ(who->gid, 1000U);
    EXPECT_EQ(who->home, "/home/alice");
    answers.user = found_user(1000, 1000, 0, nullptr);
    EXPECT_EQ(find_by_name("alice")->home, "");
}

TEST_F(IdentityErrors, X05_WhatNssCannotHoldIsNeverAsked) {
    for (const std::string& name :
         {std::string(), std::string(257, 'x'), std::string(300, 'x'), std::string("alice\0", 6),
          std::string("\0alice", 6), std::string(1'000'000, 'x')}) {
        EXPECT_EQ(find_by_name(name), std::nullopt);
        EXPECT_EQ(group_id(name), std::nullopt);
        EXPECT_FALSE(in_group(alice_, name));
    }
    EXPECT_EQ(find_by_uid(0xffffffff), std::nullopt);
    EXPECT_EQ(answers.calls, 0);
    EXPECT_TRUE(find_by_name(std::string(256, 'x')));
    EXPECT_EQ(answers.asked, std::string(256, 'x'));
}

TEST_F(IdentityErrors, N03_AnEntryWithoutAUsableIdIsAnError) {
    answers.user = found_user(0xffffffff, 1000);
    EXPECT_EQ(error_of([] { find_by_name("alice"); }), EOVERFLOW);
    answers.user = found_user(1000, 0xffffffff);
    EXPECT_EQ(error_of([] { find_by_uid(1000); }), EOVERFLOW);
    answers.user = found_user(0xfffffffe, 0xfffffffe);
    EXPECT_EQ(find_by_name("alice")->uid, 0xfffffffeU);
}

TEST_F(IdentityErrors, TheListOfGroupsGrowsUpToItsBound) {
    for (const std::size_t count : {1U, 63U, 64U, 65U, 1000U, 65'536U}) {
        std::vector<gid_t> groups(count);
        std::iota(groups.begin(), groups.end(), 10'000);
        answers.groups = group_list(groups);
        answers.group_entry = found_group(groups.back());
        EXPECT_TRUE(in_group(alice_, "desk")) << count;
        answers.group_entry = found_group(9'999);
        EXPECT_FALSE(in_group(alice_, "desk")) << count;
    }
    answers.groups = group_list(std::vector<gid_t>(65'537));
    EXPECT_EQ(error_of([&] { in_group(alice_, "desk"); }), ENOMEM);
}

TEST_F(IdentityErrors, AListOfGroupsThatCannotBeHadIsAnError) {
    answers.groups = [](gid_t*, int*) { return -1; };
    EXPECT_EQ(error_of([&] { in_group(alice_, "desk"); }), ENOMEM);
    EXPECT_LT(answers.calls, 4);
    answers.groups = [](gid_t*, int* count) {
        *count = -1;
        return -1;
    };
    EXPECT_EQ(error_of([&] { in_group(alice_, "desk"); }), ENOMEM);
}

// A list that grows between two calls (somebody is being added to groups) ends all the same.
TEST_F(IdentityErrors, AListOfGroupsThatGrowsForEverEnds) {
    answers.groups = [](gid_t*, int* count) {
        *count += 1000;
        return -1;
    };
    EXPECT_EQ(error_of([&] { in_group(alice_, "desk"); }), ENOMEM);
}

}  // namespace
}  // namespace warifu
