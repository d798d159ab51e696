#include "core/phrase/fill.h"

#include <gtest/gtest.h>

namespace warifu {
namespace {

TEST(Fill, S16_PutsValuesInTheOrderOfTheTranslation) {
    EXPECT_EQ(fill("%1 of %2", {"3", "10"}), "3 of 10");
    EXPECT_EQ(fill("%2のうち%1", {"3", "10"}), "10のうち3");
    EXPECT_EQ(fill("%1, %1", {"a"}), "a, a");
}

TEST(Fill, S16_ReadsNoValueAsAPattern) {
    EXPECT_EQ(fill("%1-%2", {"%2", "x"}), "%2-x");
}

TEST(Fill, S16_LeavesWhatIsNoHole) {
    EXPECT_EQ(fill("100%% %", {}), "100% %");
    EXPECT_EQ(fill("%s %0 %3", {"a", "b"}), "%s %0 %3");
}

}  // namespace
}  // namespace warifu
