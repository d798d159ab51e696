// The list that glibc hands over: it grows as initgroups_dyn's callers want it to.
#include "nss_helper/libnss_warifu/group_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace warifu::nss {
namespace {

class Groups : public ::testing::Test {
  protected:
    ~Groups() override { std::free(groups); }

    void have(std::vector<gid_t> gids, long places) {
        groups = static_cast<gid_t*>(std::realloc(groups, static_cast<std::size_t>(places) * sizeof(gid_t)));
        std::copy(gids.begin(), gids.end(), groups);
        start = static_cast<long>(gids.size());
        size = places;
    }
    Added add_one(gid_t gid, long limit = -1) { return add(GroupList{&start, &size, &groups, limit}, gid); }
    std::vector<gid_t> all() const { return {groups, groups + start}; }

    long start = 0, size = 0;
    gid_t* groups = nullptr;
};

TEST_F(Groups, N01_OneMoreIsPutBehindTheOthers) {
    have({100}, 4);
    EXPECT_EQ(add_one(7), Added::yes);
    EXPECT_EQ(all(), (std::vector<gid_t>{100, 7}));
    EXPECT_EQ(size, 4);
}

TEST_F(Groups, N01_WhatIsThereIsNotPutThereAgain) {
    have({100, 7}, 2);
    EXPECT_EQ(add_one(7), Added::yes);
    EXPECT_EQ(all(), (std::vector<gid_t>{100, 7}));
    EXPECT_EQ(size, 2);
}

TEST_F(Groups, N01_AFullListGrows) {
    have({100}, 1);
    for (gid_t gid = 200; gid < 240; ++gid) {
        EXPECT_EQ(add_one(gid), Added::yes);
    }
    EXPECT_EQ(all().size(), 41U);
    EXPECT_EQ(all().back(), 239U);
    EXPECT_GE(size, start);
}

TEST_F(Groups, N01_NeverBeyondTheCallersLimit) {
    have({100}, 1);
    EXPECT_EQ(add_one(1, 3), Added::yes);
    EXPECT_EQ(add_one(2, 3), Added::yes);
    EXPECT_EQ(size, 3);
    EXPECT_EQ(add_one(3, 3), Added::full);
    EXPECT_EQ(all(), (std::vector<gid_t>{100, 1, 2}));
}

}  // namespace
}  // namespace warifu::nss
