// conf/warifu.conf is the reference of the configuration: these tests hold it to the parser.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "core/config/config.h"
#include "core/config/describe.h"
#include "core/config/toml_document.h"
#include "core/error/error.h"

namespace warifu {
namespace {

using testing::ContainerEq;
using testing::IsEmpty;

std::vector<std::string> shipped_lines() {
    std::ifstream file(WARIFU_CONF_DIRECTORY "/warifu.conf");
    EXPECT_TRUE(file) << "conf/warifu.conf cannot be read";
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += line + "\n";
    }
    return text;
}

// Words begin with "# " and a letter; a setting that is commented out with "#" and anything else.
bool is_setting(const std::string& line) {
    return line.size() > 1 && line[0] == '#' && (line[1] != ' ' || line.starts_with("#  "));
}

// Keys of tables that are not there by default.
bool is_explained_in_words(const std::string& key) {
    return key.starts_with("policy.rule.") || key.starts_with("approval.rule.") ||
           key.starts_with("notify.NAME.");
}

std::vector<std::string> uncommented_lines() {
    auto lines = shipped_lines();
    for (auto& line : lines) {
        if (is_setting(line)) {
            line.erase(0, 1);
        }
    }
    return lines;
}

Config parsed_without_warning(const std::string& text) {
    std::vector<std::string> warnings;
    auto config = parse_config(text, "warifu.conf", &warnings);
    EXPECT_THAT(warnings, IsEmpty());
    return config;
}

TEST(ShippedFile, IsTheDefaultsAsItIs) {
    EXPECT_EQ(describe(parsed_without_warning(joined(shipped_lines()))), describe(Config()));
}

TEST(ShippedFile, IsTheDefaultsWithEveryLineUncommented) {
    auto config = parsed_without_warning(joined(uncommented_lines()));
    EXPECT_EQ(describe(config), describe(Config()));
}

TEST(ShippedFile, SetsNothingUnlessALineIsUncommented) {
    for (const auto& entry : parse_toml(joined(shipped_lines()), "warifu.conf")) {
        EXPECT_TRUE(std::holds_alternative<TomlTable>(entry.value)) << "line " << entry.line;
    }
}

TEST(ShippedFile, NoKeyOfTheParserIsMissing) {
    std::set<std::string> in_file;
    for (const auto& entry : parse_toml(joined(uncommented_lines()), "warifu.conf")) {
        if (std::holds_alternative<TomlTable>(entry.value)) {
            continue;
        }
        in_file.insert(entry.path[0] + "." + (entry.path[0] == "service" ? "NAME." : "") + entry.path.back());
    }
    auto keys = config_keys();
    // A rule that could be uncommented would change the defaults: the keys of rules are listed in words.
    std::erase_if(keys, is_explained_in_words);
    EXPECT_THAT(in_file, ContainerEq(std::set<std::string>(keys.begin(), keys.end())));
}

TEST(ShippedFile, EveryKeyOfARuleIsExplained) {
    const auto lines = shipped_lines();
    for (const auto& key : config_keys()) {
        if (is_explained_in_words(key)) {
            const auto explained = std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
                return line.starts_with("# " + key.substr(key.rfind('.') + 1) + ": ");
            });
            EXPECT_EQ(explained, 1) << key;
        }
    }
}

TEST(ShippedFile, EveryKeyIsExplainedInOneLineBeforeIt) {
    const auto lines = shipped_lines();
    std::set<std::string> explained;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto key = lines[i].substr(0, lines[i].find(' '));
        if (!is_setting(lines[i]) || lines[i].find(" = ") == std::string::npos ||
            !explained.insert(key).second) {
            continue;
        }
        EXPECT_TRUE(lines[i - 1].starts_with("# ")) << lines[i];
        EXPECT_FALSE(lines[i - 2].starts_with("# ")) << lines[i];
        EXPECT_TRUE(lines[i - 1].ends_with(".")) << lines[i - 1];
    }
    EXPECT_GT(explained.size(), 25U);
}

// One random change of the kind that a slip, a bad merge or a bad disk makes.
void mutate(std::string& text, std::mt19937& random) {
    static const std::string pieces[] = {"[",
                                         "]",
                                         "[[",
                                         "]]",
                                         "{",
                                         "}",
                                         "=",
                                         ".",
                                         ",",
                                         "\"",
                                         "'",
                                         "'''",
                                         "\"\"\"",
                                         "\n",
                                         "\r\n",
                                         "#",
                                         "\\",
                                         "\\u",
                                         "-",
                                         "0x",
                                         "1e9",
                                         "true",
                                         "99999999999999999999",
                                         "1979-05-27",
                                         "a.b.c",
                                         "\t",
                                         "\xff",
                                         "\xc3",
                                         std::string(1, '\0'),
                                         "service.x",
                                         "window = 1\n"};
    const auto below = [&random](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    if (text.empty()) {
        text = "[totp]\n";
    }
    const auto at = below(text.size());
    const auto length = std::min(below(40) + 1, text.size() - at);
    switch (below(6)) {
        case 0:
            text[at] = static_cast<char>(below(256));
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(below(text.size()), text.substr(at, length));
            break;
        case 3:
            std::reverse(text.begin() + static_cast<std::ptrdiff_t>(at),
                         text.begin() + static_cast<std::ptrdiff_t>(at + length));
            break;
        case 4:
            text.resize(at);
            break;
        default:
            text.insert(at, pieces[below(std::size(pieces))]);
    }
}

bool names_a_line(const std::string& field) {
    constexpr std::string_view file = "warifu.conf:";
    const auto digits = field.find_first_not_of("0123456789", file.size());
    return field.starts_with(file) && digits != file.size() &&
           (digits == std::string::npos || field[digits] == ':') && field[file.size()] != '0';
}

bool is_one_line(const std::string& text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7f;
    });
}

TEST(ShippedFile, X12_AnyMutationParsesOrIsRefusedByLine) {
    constexpr int rounds = 20'000;
    auto settings = uncommented_lines();
    std::erase_if(settings, [](const std::string& line) { return line.starts_with("#"); });
    // Mostly without the words, which cost time and hide what is done to them.
    const std::string whole[] = {joined(shipped_lines()), joined(uncommented_lines())};
    const std::string bare = joined(settings);
    std::mt19937 random(20260101);
    int parsed = 0, refused = 0;
    for (int round = 0; round < rounds; ++round) {
        auto text = round % 8 < 2 ? whole[round % 8] : bare;
        for (auto changes = random() % 4 + 1; changes > 0; --changes) {
            mutate(text, random);
        }
        try {
            const auto config = parse_config(text, "warifu.conf", nullptr);
            EXPECT_EQ(describe(parse_config(describe(config), "again", nullptr)), describe(config))
                << "round " << round;
            ++parsed;
        } catch (const Invalid& invalid) {
            ASSERT_TRUE(names_a_line(invalid.field)) << "round " << round << ": " << invalid.field;
            ASSERT_TRUE(is_one_line(invalid.field)) << "round " << round;
            ASSERT_TRUE(is_one_line(invalid.what())) << "round " << round << ": " << invalid.what();
            ++refused;
        }
    }
    // Both happen often, or the mutations prove nothing.
    EXPECT_GT(parsed, rounds / 20);
    EXPECT_GT(refused, rounds / 20);
}

}  // namespace
}  // namespace warifu
