#include "ipc/wire/json_writer.h"

#include <gtest/gtest.h>

#include <climits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "ipc/wire/utf8.h"

namespace warifu::wire {
namespace {

using nlohmann::json;

// What a text becomes on the wire: each byte that is not UTF-8 is U+FFFD, and what is longer than `most` ends
// so.
std::string on_the_wire(std::string_view text, std::size_t most) {
    std::string out;
    std::size_t taken = 0;
    while (!text.empty()) {
        std::size_t const length = utf8_character(text);
        taken += std::max<std::size_t>(length, 1);
        if (taken > most) return out + replacement;
        out += length == 0 ? std::string(replacement) : std::string(text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
    // Half of all bytes from pieces of UTF-8, so that whole and broken characters both occur.
    static constexpr std::string_view pieces = "\xE5\x89\xB2\xEF\xBC\x90\xF0\x9F\x94\x91\"\\\n\x1b";
    std::string out(size, '\0');
    for (char& c : out) {
        c = random() % 2 == 0 ? pieces[random() % pieces.size()] : static_cast<char>(random() % 256);
    }
    return out;
}

TEST(JsonWriter, AnyBytesBecomeValidJson) {
    std::mt19937 random(1);
    for (int round = 0; round < 5'000; ++round) {
        std::string const text = random_bytes(random, random() % 64);
        std::size_t const most = random() % 64;
        char buffer[1024];
        JsonWriter out(buffer, sizeof buffer);
        out.object();
        out.string("text", text, most);
        out.array("list");
        out.string(nullptr, text, 64);
        out.close();
        out.close();
        std::size_t const size = out.finish();
        ASSERT_NE(size, 0u);
        ASSERT_EQ(buffer[size - 1], '\0');
        ASSERT_EQ(std::string_view(buffer).size(), size - 1) << "a NUL inside the message";
        json const expected = {{"text", on_the_wire(text, most)}, {"list", {on_the_wire(text, 64)}}};
        ASSERT_EQ(json::parse(buffer), expected);
    }
}

TEST(JsonWriter, NumbersWordsAndNesting) {
    char buffer[256];
    JsonWriter out(buffer, sizeof buffer);
    out.object();
    out.integer("least", LLONG_MIN);
    out.integer("most", LLONG_MAX);
    out.integer("none", 0);
    out.object("inner");
    out.boolean("yes", true);
    out.boolean("no", false);
    out.close();
    out.array("empty");
    out.close();
    out.close();
    ASSERT_NE(out.finish(), 0u);
    json const expected = {{"least", LLONG_MIN},
                           {"most", LLONG_MAX},
                           {"none", 0},
                           {"inner", {{"yes", true}, {"no", false}}},
                           {"empty", json::array()}};
    EXPECT_EQ(json::parse(buffer), expected);
}

std::size_t write_sample(char* buffer, std::size_t capacity) {
    JsonWriter out(buffer, capacity);
    out.object();
    out.string("user", "a\xFF\"\n", 99);
    out.integer("uid", -12);
    out.close();
    return out.finish();
}

TEST(JsonWriter, WhatDoesNotFitIsNoMessageAndNoOverrun) {
    char whole[128];
    std::size_t const needed = write_sample(whole, sizeof whole);
    ASSERT_NE(needed, 0u);
    for (std::size_t capacity = 0; capacity <= needed; ++capacity) {
        std::vector<char> buffer(capacity + 1, 'x');
        EXPECT_EQ(write_sample(buffer.data(), capacity), capacity == needed ? needed : 0);
        EXPECT_EQ(buffer[capacity], 'x');
    }
}

TEST(JsonWriter, UnbalancedBracketsAreNoMessage) {
    char buffer[128];
    JsonWriter left_open(buffer, sizeof buffer);
    left_open.object();
    EXPECT_EQ(left_open.finish(), 0u);
    JsonWriter closed_twice(buffer, sizeof buffer);
    closed_twice.object();
    closed_twice.close();
    closed_twice.close();
    EXPECT_EQ(closed_twice.finish(), 0u);
    JsonWriter too_deep(buffer, sizeof buffer);
    for (int i = 0; i <= JsonWriter::max_depth; ++i) too_deep.array();
    for (int i = 0; i <= JsonWriter::max_depth; ++i) too_deep.close();
    EXPECT_EQ(too_deep.finish(), 0u);
}

}  // namespace
}  // namespace warifu::wire
