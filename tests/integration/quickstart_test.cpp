// packaging/quickstart, on this host and on what is built.
#include <gmock/gmock.h>

#include <cstdio>
#include <memory>
#include <string>

#include "tests/integration/host_state.h"
#include "tests/integration/process.h"

namespace warifu::integration {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// Runs the script with these words on the host; standard error is in the output.
Result quickstart(const std::string& words) {
    const std::string command = WARIFU_SOURCE_DIR "/packaging/quickstart " + words + " 2>&1 </dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("popen failed");
    Result result;
    char piece[4096];
    for (std::size_t size = 0; (size = std::fread(piece, 1, sizeof piece, pipe)) > 0;)
        result.out.append(piece, size);
    result.status = status_of(::pclose(pipe));
    return result;
}

TEST(Quickstart, P01_SignsInWithACodeHoweverOftenAndLeavesTheHostAsItWas) {
    const auto before = host_state();
    for (int i = 0; i < 2; ++i) {
        const Result result = quickstart("");
        EXPECT_EQ(result.status, 0) << result.out;
        EXPECT_THAT(result.out, HasSubstr("Hello from guest"));
        EXPECT_THAT(result.out, EndsWith("\nquickstart: signed in with a one-time code\n"));
    }
    EXPECT_THAT(host_state(), ::testing::ContainerEq(before));
}

TEST(Quickstart, P01_InstallsNothingOnThisHostWithoutAYes) {
    const auto before = host_state();
    const Result result = quickstart("--install");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, HasSubstr("quickstart: nothing was changed\n"));
    EXPECT_THAT(host_state(), ::testing::ContainerEq(before));
}

}  // namespace
}  // namespace warifu::integration
