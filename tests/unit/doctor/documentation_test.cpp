// docs/operations.md lists every finding, and no other, with its severity.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <string>

#include "enroll_tool/doctor/finding.h"

namespace warifu::doctor {
namespace {

TEST(Documentation, E10_ListsEveryFinding) {
    std::ifstream page(WARIFU_SOURCE_DIR "/docs/operations.md");
    ASSERT_TRUE(page);
    static const std::regex row(R"(^\| `([a-z-]+)` \| (fault|warning) \| .+ \| .+ \|$)");
    std::vector<std::string> documented, known;
    for (std::string line; std::getline(page, line);) {
        std::smatch parts;
        if (std::regex_match(line, parts, row)) documented.push_back(parts[1].str() + " " + parts[2].str());
    }
    for (const KindRow& kind : kinds())
        known.push_back(std::string(kind.id) + (kind.severity == Severity::fault ? " fault" : " warning"));
    EXPECT_THAT(documented, ::testing::UnorderedElementsAreArray(known));
}

}  // namespace
}  // namespace warifu::doctor
