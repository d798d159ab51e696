#include "ipc/wire/nesting.h"

#include <gtest/gtest.h>

#include <string>

namespace warifu::wire {
namespace {

std::string nested(int depth, const std::string& inside = "") {
    auto const size = static_cast<std::size_t>(depth);
    return std::string(size, '[') + inside + std::string(size, ']');
}

TEST(Nesting, X28_IsBounded) {
    EXPECT_FALSE(nests_too_deep(""));
    EXPECT_FALSE(nests_too_deep(nested(max_nesting)));
    EXPECT_FALSE(nests_too_deep(nested(max_nesting) + nested(max_nesting)));
    EXPECT_TRUE(nests_too_deep(nested(max_nesting + 1)));
    EXPECT_TRUE(nests_too_deep(nested(max_nesting, "{\"a\":1}")));
    EXPECT_TRUE(nests_too_deep(std::string(max_nesting + 1, '{')));
}

TEST(Nesting, X28_BracketsInStringsMakeNoRoomAndTakeNone) {
    EXPECT_FALSE(nests_too_deep(nested(max_nesting, R"("[[[[")")));
    EXPECT_FALSE(nests_too_deep(nested(max_nesting, R"("\"[[[[")")));
    EXPECT_TRUE(nests_too_deep(R"({"x":"]]]]]]]]]]]]","y":)" + nested(max_nesting)));
    EXPECT_TRUE(nests_too_deep(R"({"x":"\"]]]]]]]]]]]]","y":)" + nested(max_nesting)));
    EXPECT_TRUE(nests_too_deep(R"({"x":"\\","y":)" + nested(max_nesting)));
}

}  // namespace
}  // namespace warifu::wire
