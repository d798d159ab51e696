// What others on the host could see of a running tool, looked at while warifud keeps its reply back.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

const std::string code = "907316", proof = "ZYXW-VUTS-RQPO-NMLK", key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

std::string file(const Tool& tool, const std::string& name) {
    std::ifstream stream("/proc/" + std::to_string(tool.process()) + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> words(const std::string& command_line) {
    std::vector<std::string> words;
    std::istringstream stream(command_line);
    for (std::string word; std::getline(stream, word, '\0');) words.push_back(word);
    return words;
}

TEST(Leaks, X06_CodesAreOverwrittenAmongTheArguments) {
    FakeWarifud fake({proof_wanted(), reply({}), reply({{"verdict", "success"}, {"reason", "ok"}})});
    fake.hold_from(0);
    Tool tool({"verify", code, "--json", "--user", "alice", "--proof=" + proof, "--socket", fake.socket()});
    fake.wait_for_requests(1);
    const std::string line = file(tool, "cmdline");
    EXPECT_EQ(words(line), (std::vector<std::string>{WARIFU_TOOL, "verify", std::string(code.size(), '*'),
                                                     "--json", "--user", std::string(5, '*'),
                                                     "--proof=" + std::string(proof.size(), '*'), "--socket",
                                                     std::string(fake.socket().size(), '*')}));
    fake.release();
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_EQ(fake.requests().at(1)["parameters"]["code"], proof);
    EXPECT_EQ(fake.requests().at(2)["parameters"]["code"], code);
}

// All of the process's memory that can be read.
std::string memory(const Tool& tool) {
    std::ifstream bytes("/proc/" + std::to_string(tool.process()) + "/mem", std::ios::binary);
    std::istringstream maps(file(tool, "maps"));
    std::string all;
    for (std::string line; std::getline(maps, line);) {
        std::uint64_t begin = 0, end = 0;
        char dash = 0, readable = 0;
        std::istringstream(line) >> std::hex >> begin >> dash >> end >> std::skipws >> readable;
        std::string part(readable == 'r' ? end - begin : 0, '\0');
        bytes.clear();
        bytes.seekg(static_cast<std::streamoff>(begin));
        bytes.read(part.data(), static_cast<std::streamsize>(part.size()));
        all.append(part, 0, static_cast<std::size_t>(bytes.gcount()));
    }
    return all;
}

bool contains(const std::string& text, const std::vector<std::string>& any) {
    return std::ranges::any_of(any, [&](const std::string& part) { return text.find(part) != text.npos; });
}

TEST(Leaks, X06_NothingThatWasTypedStaysInMemoryOnceItIsSent) {
    FakeWarifud fake({proof_wanted(), reply({}), reply({})});
    fake.hold_from(2);
    Surroundings surroundings;
    surroundings.input = proof + "\n" + key + "\n" + code + "\n";
    Tool tool({"enroll", "--json", "--label", "still there", "--proof", "-", "--secret", "-", "--code", "-",
               "--socket", fake.socket()},
              surroundings);
    fake.wait_for_requests(3);
    EXPECT_TRUE(contains(memory(tool), {"still there"}));
    // The request came a moment before its sender has wiped it.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool stays = true;
    while (stays && std::chrono::steady_clock::now() < end)
        stays = contains(memory(tool), {proof, key, code});
    EXPECT_FALSE(stays);
    fake.release();
    EXPECT_EQ(tool.wait().exit, 0);
}

TEST(Leaks, X06_NothingThatWasTypedIsAmongArgumentsOrEnvironment) {
    FakeWarifud fake({proof_wanted(), reply({}), reply({})});
    fake.hold_from(0);
    Surroundings surroundings;
    surroundings.input = proof + "\n" + key + "\n" + code + "\n";
    Tool tool({"enroll", "--json", "--proof", "-", "--secret", "-", "--code", "-", "--socket", fake.socket()},
              surroundings);
    fake.wait_for_requests(1);
    for (const std::string& secret : {proof, key, code})
        for (const char* place : {"cmdline", "environ"})
            EXPECT_EQ(file(tool, place).find(secret), std::string::npos) << place;
    fake.release();
    EXPECT_EQ(tool.wait().exit, 0);
}

// Nothing of a tool that is not dumpable belongs to its user: neither its memory nor its descriptors.
TEST(Leaks, X06_ToolIsNeitherDumpableNorTraceable) {
    constexpr uid_t nobody_in_particular = 4321;
    FakeWarifud fake({reply({{"user", "alice"}})});
    fake.hold_from(0);
    Surroundings surroundings;
    surroundings.uid = nobody_in_particular;
    Tool tool({"status", "--json", "--socket", fake.socket()}, surroundings);
    fake.wait_for_requests(1);
    struct stat owner{};
    ASSERT_EQ(stat(("/proc/" + std::to_string(tool.process()) + "/mem").c_str(), &owner), 0);
    EXPECT_EQ(owner.st_uid, 0U);
    EXPECT_NE(file(tool, "status").find("Uid:\t4321\t4321\t4321"), std::string::npos);
    const std::string limits = file(tool, "limits");
    std::istringstream line(limits.substr(limits.find("Max core file size")));
    std::string word, soft, hard;
    line >> word >> word >> word >> word >> soft >> hard;
    EXPECT_EQ(soft, "0");
    EXPECT_EQ(hard, "0");
    fake.release();
    EXPECT_EQ(tool.wait().exit, 0);
}

}  // namespace
}  // namespace warifu::test
