// Gives one target everything that its corpus keeps: seeds, and whatever once broke it. Compiled once for all
// of them: replay_NAME finds corpus/NAME by the program's own name.
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

std::filesystem::path corpus() {
    constexpr std::string_view prefix = "replay_";
    const std::string program = ::program_invocation_short_name;
    EXPECT_TRUE(program.starts_with(prefix)) << program;
    return std::filesystem::path(WARIFU_CORPORA) / program.substr(prefix.size());
}

TEST(Corpus, X28_EveryInputIsSurvived) {
    int inputs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(corpus())) {
        SCOPED_TRACE(entry.path());
        std::ifstream file(entry.path(), std::ios::binary);
        std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        ASSERT_EQ(bytes.size(), entry.file_size());
        bytes.shrink_to_fit();  // so that an over-read leaves the allocation
        EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
                  0);
        ++inputs;
    }
    EXPECT_GT(inputs, 0) << corpus();
}

}  // namespace
