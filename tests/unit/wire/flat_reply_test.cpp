#include "ipc/wire/flat_reply.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace warifu::wire {
namespace {

using Field = FlatReply::Field;
using nlohmann::json;

std::string text_of(const FlatReply& reply, const char* key) {
    char out[4096];
    std::size_t length = 0;
    EXPECT_EQ(reply.text(key, out, sizeof out, &length), Field::present) << key;
    return {out, length};
}

TEST(FlatReply, ReadsWhatAStepHolds) {
    std::string const message =
        R"({"parameters": {"step": "prompt", "text": "\u5272\u7b26 \ud83d\udd11\n\"\\\/\t: ",
        "echo": true, "tail": -3, "verdict": null, "unknown": {"deep": [1, {"x": "y"}]}, "after": "z"}})";
    FlatReply reply;
    ASSERT_TRUE(reply.parse(message));
    EXPECT_EQ(reply.error(), "");
    EXPECT_EQ(text_of(reply, "step"), "prompt");
    EXPECT_EQ(text_of(reply, "text"), "割符 🔑\n\"\\/\t: ");
    EXPECT_EQ(text_of(reply, "after"), "z");
    bool echo = false;
    EXPECT_EQ(reply.boolean("echo", &echo), Field::present);
    EXPECT_TRUE(echo);
    long long tail = 0;
    EXPECT_EQ(reply.integer("tail", &tail), Field::present);
    EXPECT_EQ(tail, -3);
    char out[8];
    std::size_t length = 0;
    EXPECT_EQ(reply.text("verdict", out, sizeof out, &length), Field::absent);
    EXPECT_EQ(reply.text("deep", out, sizeof out, &length), Field::absent);
    EXPECT_EQ(reply.text("unknown", out, sizeof out, &length), Field::malformed);
    EXPECT_EQ(reply.text("tail", out, sizeof out, &length), Field::malformed);
    EXPECT_EQ(reply.integer("echo", &tail), Field::malformed);
    EXPECT_EQ(reply.boolean("step", &echo), Field::malformed);
}

TEST(FlatReply, AnErrorHasItsName) {
    FlatReply reply;
    ASSERT_TRUE(
        reply.parse(R"({"error":"io.warifu.Invalid","parameters":{"field":"options","message":"no"}})"));
    EXPECT_EQ(reply.error(), "io.warifu.Invalid");
    EXPECT_EQ(text_of(reply, "field"), "options");
    ASSERT_TRUE(reply.parse(R"({"error":"org.varlink.service.MethodNotFound"})"));
    EXPECT_EQ(reply.error(), "org.varlink.service.MethodNotFound");
    ASSERT_TRUE(reply.parse("{}"));
    EXPECT_EQ(reply.error(), "");
}

TEST(FlatReply, X28_WhatIsNoReplyIsRefused) {
    std::string crowded = R"({"parameters":{)";
    for (int i = 0; i < FlatReply::max_tokens; ++i) crowded += "\"k" + std::to_string(i) + "\":1,";
    crowded.back() = '}';
    crowded += '}';
    const std::vector<std::string> messages = {
        "",
        " ",
        "null",
        "[]",
        "\"text\"",
        "{",
        "}",
        "{]",
        "{\"parameters\"",
        "{\"parameters\":",
        "{\"parameters\":1}",
        "{\"parameters\":[]}",
        "{\"error\":1}",
        "{\"error\":\"\"}",
        "{}{}",
        "{\"a\"}",
        "{\"parameters\":{\"a\"}}",
        "{\"parameters\":{1:2}}",
        "{\"parameters\":{\"a\":1 2}}",
        "{\"error\":\"\\q\"}",
        crowded,
        std::string(20'000, '['),
    };
    for (const auto& message : messages) {
        FlatReply reply;
        EXPECT_FALSE(reply.parse(message)) << message.substr(0, 80);
    }
}

TEST(FlatReply, TextThatCannotBeShownIsMalformed) {
    const std::vector<std::string> texts = {R"(a\u0000b)", "a\x1b[31m", "a\xFF", "a\xE5\x89", "raw\nbreak"};
    for (const auto& text : texts) {
        FlatReply reply;
        std::string const message = R"({"parameters":{"text":")" + text + R"("}})";
        ASSERT_TRUE(reply.parse(message)) << text;
        char out[64];
        std::size_t length = 0;
        EXPECT_EQ(reply.text("text", out, sizeof out, &length), Field::malformed) << text;
    }
    FlatReply reply;
    ASSERT_TRUE(reply.parse(R"({"parameters":{"lone":"\ud83dx","low":"\udd11","pair":"\ud83d\u0041"}})"));
    EXPECT_EQ(text_of(reply, "lone"), "\xEF\xBF\xBDx");
    EXPECT_EQ(text_of(reply, "low"), "\xEF\xBF\xBD");
    EXPECT_EQ(text_of(reply, "pair"),
              "\xEF\xBF\xBD"
              "A");
}

TEST(FlatReply, TextFitsWithItsNulOrNotAtAll) {
    FlatReply reply;
    ASSERT_TRUE(reply.parse(R"({"parameters":{"text":"ab\u00e9"}})"));
    for (std::size_t capacity = 1; capacity <= 6; ++capacity) {
        std::vector<char> out(capacity + 1, 'x');
        std::size_t length = 0;
        Field const field = reply.text("text", out.data(), capacity, &length);
        EXPECT_EQ(field == Field::present, capacity >= 5) << capacity;
        EXPECT_EQ(out[capacity], 'x');
    }
}

TEST(FlatReply, NumbersOutOfBoundsAreMalformed) {
    for (const char* const number : {"1.5", "1e3", "-", "1234567890123456789", "true", "0x10"}) {
        FlatReply reply;
        std::string const message = std::string(R"({"parameters":{"n":)") + number + "}}";
        long long value = 0;
        EXPECT_TRUE(!reply.parse(message) || reply.integer("n", &value) == Field::malformed) << number;
    }
}

// Whatever another JSON library writes, in either of its spellings, is read back.
TEST(FlatReply, ReadsBackWhatAnotherLibraryWrites) {
    std::mt19937 random(2);
    const std::vector<std::string> pieces = {"a", "\"", "\\", "\n", "\x01", "\x7f",
                                             "é", "割", "🔑", "/",  "\t",   "\\u0041"};
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (auto n = random() % 40; n > 0; --n) text += pieces[random() % pieces.size()];
        auto const number = static_cast<long long>(random()) - 2'000'000'000;
        bool const word = random() % 2 == 0;
        json const message = {
            {"parameters", {{"text", text}, {"n", number}, {"word", word}, {"gone", nullptr}}}};
        std::string const dumped = message.dump(random() % 2 == 0 ? -1 : 2, ' ', random() % 2 == 0);
        FlatReply reply;
        ASSERT_TRUE(reply.parse(dumped)) << dumped;
        ASSERT_EQ(text_of(reply, "text"), text);
        long long read = 0;
        ASSERT_EQ(reply.integer("n", &read), Field::present);
        ASSERT_EQ(read, number);
        bool read_word = !word;
        ASSERT_EQ(reply.boolean("word", &read_word), Field::present);
        ASSERT_EQ(read_word, word);
    }
}

// Junk, and good messages with bytes changed: no crash, no read or write outside (seen under sanitizers).
TEST(FlatReply, X28_SurvivesAnyBytes) {
    std::mt19937 random(3);
    std::string const good =
        R"({"parameters":{"step":"prompt","text":"\u5272\ud83d\udd11 x","echo":false,"tail":6}})";
    for (int round = 0; round < 50'000; ++round) {
        std::string message = good;
        for (auto n = random() % 8; n > 0; --n)
            message[random() % message.size()] = static_cast<char>(random() % 256);
        message.resize(random() % (message.size() + 1));
        std::vector<char> const exact(message.begin(), message.end());  // so that an over-read is one
        FlatReply reply;
        if (!reply.parse({exact.data(), exact.size()})) continue;
        char out[16];
        std::size_t length = 0;
        long long number = 0;
        bool word = false;
        for (const char* const key : {"step", "text", "echo", "tail"}) {
            if (reply.text(key, out, sizeof out, &length) == Field::present) {
                ASSERT_EQ(std::string_view(out).size(), length);
            }
            reply.integer(key, &number);
            reply.boolean(key, &word);
        }
    }
}

}  // namespace
}  // namespace warifu::wire
