// Help is made of the table, so it names every command and option and stays within 80 columns.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

const std::vector<std::string> every_command{
    "init",       "enroll",      "confirm",       "status",         "verify",       "codes",  "show",
    "rename",     "remove",      "resync",        "forget",         "list",         "reset",  "unlock",
    "suspend",    "resume",      "require",       "policy explain", "config check", "doctor", "try",
    "client add", "client list", "client remove", "whois"};

void expect_80_columns(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Help, NamesEveryCommand) {
    const Ended ended = run_tool({"--help"});
    EXPECT_EQ(ended.exit, 0);
    for (const std::string& command : every_command)
        EXPECT_NE(ended.out.find("\n  " + command + " "), std::string::npos) << command;
    expect_80_columns(ended.out);
    EXPECT_EQ(run_tool({"-h"}).out, ended.out);
}

TEST(Help, EachCommandTellsItsOptionsAndNotTheHiddenOne) {
    for (const std::string& command : every_command) {
        std::vector<std::string> words;
        std::istringstream all(command);
        for (std::string word; all >> word;) words.push_back(word);
        words.emplace_back("--help");
        const Ended ended = run_tool(words);
        EXPECT_EQ(ended.exit, 0);
        EXPECT_TRUE(ended.out.starts_with("Usage: warifu " + command + " [OPTIONS]")) << ended.out;
        for (const char* option : {"--json", "--socket", "--config"})
            EXPECT_NE(ended.out.find(option), std::string::npos) << command << option;
        EXPECT_EQ(ended.out.find("--daemon"), std::string::npos) << command;
        expect_80_columns(ended.out);
    }
}

TEST(Help, WarifuAloneWithoutATerminalNamesTheCommands) {
    const Ended ended = run_tool({});
    EXPECT_EQ(ended.exit, 2);
    EXPECT_EQ(ended.err, "warifu: the screens want a terminal; without one, give a command\n");
    EXPECT_EQ(run_tool({"--plain"}).exit, 2);
    EXPECT_EQ(run_tool({"--plain", "status"}).exit, 2);
    for (const std::string& command : every_command)
        EXPECT_NE(ended.out.find("  " + command + " "), std::string::npos) << command;
}

TEST(Help, VersionIsOneLineOrOneObject) {
    EXPECT_EQ(run_tool({"--version"}).out, "warifu " WARIFU_VERSION "\n");
    EXPECT_EQ(run_tool({"--version", "--json"}).out, "{\"version\":\"" WARIFU_VERSION "\"}\n");
}

}  // namespace
}  // namespace warifu::test
