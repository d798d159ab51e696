// Gives one target everything that its corpus keeps: seeds, and whatever once broke it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

TEST(Corpus, X28_EveryInputIsSurvived) {
    int inputs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(WARIFU_CORPUS)) {
        SCOPED_TRACE(entry.path());
        std::ifstream file(entry.path(), std::ios::binary);
        std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        ASSERT_EQ(bytes.size(), entry.file_size());
        bytes.shrink_to_fit();  // so that an over-read leaves the allocation
        EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
                  0);
        ++inputs;
    }
    EXPECT_GT(inputs, 0) << WARIFU_CORPUS;
}

}  // namespace
