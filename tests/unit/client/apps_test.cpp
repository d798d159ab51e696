// What apps read: docs/apps.md and the warnings of the code are one table, and the tool says it before the QR
// code.
#include "enroll_tool/apps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/phrase/fill.h"
#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using Row = std::vector<std::string>;

constexpr std::size_t first_trait = 2;  // after the app and its name for --app

// One key a column of the table: the defaults of every app but for the trait of that column.
std::string uri_of(std::size_t column) {
    const std::string usual = "otpauth://totp/alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    const std::vector<std::string> uris{
        usual + "&algorithm=SHA256&digits=6&period=30",
        usual + "&algorithm=SHA1&digits=7&period=30",
        usual + "&algorithm=SHA1&digits=8&period=30",
        usual + "&algorithm=SHA1&digits=6&period=60",
        "otpauth://hotp/alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&counter=0",
        usual + "&issuer=Example&algorithm=SHA1&digits=6&period=30",
        "otpauth://totp/"
        "alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSQ&digits=6&period=30"};
    return uris.at(column);
}

std::vector<std::string> page_lines() {
    std::ifstream file(WARIFU_SOURCE_DIR "/docs/apps.md");
    EXPECT_TRUE(file) << "docs/apps.md cannot be read";
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Each app's steps, as they stand behind the colon of a line of the page's list.
std::map<std::string, std::string> steps_of_the_page() {
    std::map<std::string, std::string> steps;
    for (const std::string& line : page_lines()) {
        const std::size_t colon = line.find(": In the app, ");
        if (line.starts_with("- ") && colon != line.npos)
            steps[trimmed(line.substr(2, line.find_first_of("[:") - 2))] = line.substr(colon + 2);
    }
    return steps;
}

Row cells(const std::string& line) {
    Row row;
    std::istringstream in(line.substr(1));
    for (std::string cell; std::getline(in, cell, '|');) row.push_back(trimmed(cell));
    return row;
}

// The rows below the table whose heading begins with `heading`.
std::vector<Row> table(const std::string& heading) {
    std::vector<Row> rows;
    bool inside = false;
    for (const std::string& line : page_lines()) {
        if (line.starts_with("| " + heading + " "))
            inside = true;
        else if (!line.starts_with("|"))
            inside = false;
        else if (inside && !line.starts_with("|---"))
            rows.push_back(cells(line));
    }
    return rows;
}

std::string first_word(const std::string& cell) {
    return cell.substr(0, cell.find(' '));
}

std::string without_ticks(const std::string& cell) {
    return cell.substr(1, cell.size() - 2);
}

// What the page lets the tool say of `app`, whose cell says `reading`, in this column.
std::vector<std::string> expected(const Row& app, std::size_t column) {
    for (const Row& row : table("the app … it")) {
        if (row[0] != first_word(app[first_trait + column])) continue;
        const std::string sentence = row[1 + column];
        if (sentence.empty()) return {};
        return {fill(sentence, {app[0]})};
    }
    return {};
}

std::vector<std::string> said_of(const App& app, const std::string& uri) {
    std::vector<std::string> sentences;
    for (const AppWarning& warning : warnings(app, read_key_details(uri)))
        sentences.push_back(warning.english());
    return sentences;
}

TEST(Apps, E02_ThePageAndTheCodeNameTheSameApps) {
    std::vector<std::string> page, code;
    for (const Row& row : table("app")) page.push_back(row[0] + " = " + without_ticks(row[1]));
    for (const App& app : apps()) code.push_back(std::string(app.title) + " = " + std::string(app.name));
    EXPECT_EQ(page, code);
    EXPECT_GE(page.size(), 6U);
}

TEST(Apps, E02_EveryCellOfThePageIsWhatTheToolSays) {
    const std::set<std::string> words{"reads", "ignores", "refuses", "unknown"};
    for (const Row& row : table("app")) {
        const App* const app = find_app(without_ticks(row.at(1)));
        ASSERT_NE(app, nullptr) << row[1];
        ASSERT_EQ(row.size(), first_trait + key_traits);
        for (std::size_t column = 0; column < key_traits; ++column) {
            SCOPED_TRACE(row[0] + ", column " + std::to_string(column));
            EXPECT_TRUE(words.contains(first_word(row[first_trait + column])));
            EXPECT_EQ(said_of(*app, uri_of(column)), expected(row, column));
        }
    }
}

// A cell can change in the code without any sentence (an issuer that is unknown or read): so the words are
// compared too.
TEST(Apps, E02_EveryCellOfThePageIsTheCodesCell) {
    const std::map<std::string, Reading> words{{"reads", Reading::reads},
                                               {"ignores", Reading::ignores},
                                               {"refuses", Reading::refuses},
                                               {"unknown", Reading::unknown}};
    for (const Row& row : table("app")) {
        const App* const app = find_app(without_ticks(row.at(1)));
        ASSERT_NE(app, nullptr) << row[1];
        for (std::size_t column = 0; column < key_traits; ++column)
            EXPECT_EQ(words.at(first_word(row.at(first_trait + column))), app->readings[column])
                << row[0] << ", column " << column;
    }
}

TEST(Apps, E02_EveryClaimHasASourceAndEverySourceAnAddressAndAClaim) {
    std::set<std::string> cited, listed, addressed;
    for (const Row& row : table("app"))
        for (std::size_t i = first_trait; i < row.size(); ++i) {
            std::istringstream words(row[i]);
            std::string reading, source;
            words >> reading;
            EXPECT_EQ(words.rdbuf()->in_avail() > 0, reading != "unknown") << row[0] << ": " << row[i];
            while (words >> source) cited.insert(source);
        }
    // Behind an app's name in the list of what to tap: "- App [24] [25]: In the app, …".
    for (const std::string& line : page_lines()) {
        if (!line.starts_with("- ") || line.find(": In the app, ") == line.npos) continue;
        std::istringstream words(line.substr(0, line.find(": In the app, ")));
        for (std::string word; words >> word;)
            if (word.starts_with("[")) cited.insert(word);
    }
    for (const Row& row : table("source")) listed.insert(row[0]);
    for (const std::string& line : page_lines())
        if (line.starts_with("[") && line.find("]: http") != line.npos)
            addressed.insert(line.substr(0, line.find(':')));
    EXPECT_EQ(cited, listed);
    EXPECT_EQ(cited, addressed);
    EXPECT_GT(cited.size(), 10U);
}

TEST(Apps, E02_DefaultsAreWhatEveryAppReads) {
    const std::string usual =
        "otpauth://totp/"
        "Example:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example&algorithm=SHA1&digits=6"
        "&period=30";
    for (const App& app : apps()) EXPECT_EQ(said_of(app, usual), std::vector<std::string>{}) << app.title;
    EXPECT_TRUE(apps_that_fail(read_key_details(usual)).empty());
}

json offer_of(const std::string& uri) {
    return {{"user", "alice"},
            {"authenticator", "k1"},
            {"label", "phone"},
            {"state", "pending"},
            {"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
            {"uri", uri},
            {"expires", 1'767'225'600},
            {"others", json::array()}};
}

const std::string unusual =
    "otpauth://totp/"
    "Example:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example&algorithm=SHA256&digits=8"
    "&period=60";

std::string in_one_line(std::string text) {
    for (char& character : text)
        if (character == '\n') character = ' ';
    return text;
}

TEST(Apps, E02_EnrollWarnsOfTheAppBeforeTheQrCode) {
    for (const char* command : {"enroll", "show"}) {
        FakeWarifud fake({reply(offer_of(unusual))});
        const Ended ended =
            run_tool({command, "--app", "microsoft", "--qr", "utf8", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, 0);
        const std::string out = in_one_line(ended.out);
        const std::size_t code = out.find("█");
        for (const char* sentence :
             {"Microsoft Authenticator ignores the algorithm and uses SHA1: its codes will be wrong.",
              "Microsoft Authenticator ignores the number of digits and shows 6: its codes will be wrong.",
              "Microsoft Authenticator ignores the period and changes its codes every 30 seconds: they will "
              "be wrong."})
            EXPECT_LT(out.find(sentence), code) << sentence << "\n" << ended.out;
    }
}

TEST(Apps, E02_AnImageHasStandardOutputForItself) {
    FakeWarifud fake({reply(offer_of(unusual))});
    const Ended ended = run_tool({"show", "--app", "authy", "--qr", "svg", "--socket", fake.socket()});
    EXPECT_TRUE(ended.out.starts_with("<svg")) << ended.out.substr(0, 80);
    EXPECT_NE(ended.err.find("Authy ignores the algorithm"), std::string::npos) << ended.err;
}

TEST(Apps, E02_JsonHoldsTheWarningsInEnglish) {
    Surroundings japanese;
    japanese.environment = {"LC_ALL=ja_JP.UTF-8", "LANGUAGE=ja", "PATH=/usr/bin:/bin"};
    FakeWarifud fake({reply(offer_of(unusual))});
    const Ended ended = run_tool({"enroll", "--app", "AUTHY", "--json", "--socket", fake.socket()}, japanese);
    const json expected{
        "Authy ignores the algorithm and uses SHA1: its codes will be wrong.",
        "Authy ignores the period and changes its codes every 30 seconds: they will be wrong."};
    EXPECT_EQ(json::parse(ended.out)["warnings"], expected);
    EXPECT_EQ(ended.err, "");
}

TEST(Apps, E02_WithoutAnAppOneLineNamesThoseThatWouldFail) {
    FakeWarifud fake({reply(offer_of(uri_of(0)))});
    const Ended ended = run_tool({"enroll", "--socket", fake.socket()});
    EXPECT_NE(in_one_line(ended.out).find(
                  "These apps would show wrong codes or refuse the key: Microsoft Authenticator, Authy. "),
              std::string::npos)
        << ended.out;
    FakeWarifud usual({reply(offer_of(uri_of(5)))});
    EXPECT_EQ(run_tool({"enroll", "--socket", usual.socket()}).out.find("These apps"), std::string::npos);
}

TEST(Apps, E12_WhatToTapIsWhatThePageSays) {
    const auto page = steps_of_the_page();
    ASSERT_EQ(page.size(), 4U);
    std::set<std::string> told;
    for (const App& app : apps()) {
        const std::string title(app.title);
        const auto own =
            std::ranges::find_if(page, [&](const auto& row) { return title.starts_with(row.first); });
        EXPECT_EQ(steps_in(&app), own == page.end() ? page.at("any other") : own->second) << title;
        told.insert(steps_in(&app));
    }
    EXPECT_EQ(told.size(), page.size()) << "each line of the page is some app's";
    EXPECT_EQ(steps_in(nullptr), page.at("any other"));
}

}  // namespace
}  // namespace warifu::test
