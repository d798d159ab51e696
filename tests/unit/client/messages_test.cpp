// The sentences that the tool knows of failures are those that somebody says.
#include "enroll_tool/messages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace warifu::test {
namespace {

namespace fs = std::filesystem;

// Everything but the table itself, with the pieces of each literal put together.
std::string sources() {
    std::string all;
    for (const char* room : {"core", "daemon", "ipc", "enroll_tool"})
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(WARIFU_SOURCE_DIR) / room)) {
            if (entry.path().extension() != ".cpp" || entry.path().filename() == "messages.cpp") continue;
            std::ifstream file(entry.path());
            all.append(std::istreambuf_iterator<char>(file), {});
        }
    all = std::regex_replace(all, std::regex(R"RE("\s*\n\s*")RE"), "");
    return std::regex_replace(all, std::regex(R"(\\")"), "\"");
}

// What stands between the holes, without what joins it to a value.
std::vector<std::string> texts_of(const std::string& pattern) {
    static const std::regex hole(" ?:? ?%[1-9] ?:? ?");
    std::vector<std::string> texts;
    for (std::sregex_token_iterator text(pattern.begin(), pattern.end(), hole, -1), end; text != end; ++text)
        if (text->length() > 4) texts.push_back(text->str());
    return texts;
}

TEST(Messages, S16_EachIsSaidByTheSources) {
    const std::string all = sources();
    ASSERT_GT(all.size(), 100'000U);
    for (const char* pattern : messages())
        for (const std::string& text : texts_of(pattern))
            EXPECT_NE(all.find(text), all.npos) << pattern << "\nlacks: " << text;
}

TEST(Messages, S16_ValuesAreTakenOutOfWhatWasSaid) {
    const auto found = recognise(
        "the spent mark of k1 is 12 steps ahead of the clock: check the clock, then `warifu "
        "reset --replay`");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->values[0], "k1");
    EXPECT_EQ(found->values[1], "12");
    EXPECT_EQ(found->values[2], "");
    const auto last = recognise("/srv/x cannot be written: No such file or directory");
    ASSERT_TRUE(last);
    EXPECT_STREQ(last->pattern, "%1 cannot be written: %2");
    EXPECT_EQ(last->values[0], "/srv/x");
    EXPECT_EQ(last->values[1], "No such file or directory");
}

// With values in place of the holes each is taken for itself.
TEST(Messages, S16_NoneIsTakenForAnother) {
    for (const std::string pattern : messages()) {
        std::string message = pattern;
        for (const char* hole : {"%1", "%2", "%3"})
            if (const std::size_t at = message.find(hole); at != message.npos)
                message.replace(at, 2, "VALUE");
        const auto found = recognise(message);
        ASSERT_TRUE(found) << message;
        EXPECT_EQ(found->pattern, pattern);
    }
}

TEST(Messages, S16_WhatNobodySaysIsNotRecognised) {
    for (const char* message : {"", " ", "VALUE", " is missing; see --help", "out of memory!",
                                "an out of memory", "the store could not be written: "})
        EXPECT_FALSE(recognise(message)) << message;
}

}  // namespace
}  // namespace warifu::test
