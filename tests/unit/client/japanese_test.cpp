// What the commands say to people whose locale is Japanese, with the catalogue that was just built; what they
// give to scripts is the same in every language.
#include <gmock/gmock.h>

#include <clocale>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "enroll_tool/command_table.h"
#include "enroll_tool/printable.h"
#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

// gettext takes the language as a path below the directory that the tool was built for; so the catalogue of
// the build is found though another one, or none, is installed.
const std::vector<std::string> japanese{"LC_ALL=C.UTF-8",
                                        "LANGUAGE=../../../../../../../.." WARIFU_CATALOGUES "/ja", "TZ=UTC",
                                        "PATH=/usr/bin:/bin"};

Ended run_in(const std::vector<std::string>& environment, std::vector<std::string> arguments,
             std::vector<std::string> replies) {
    FakeWarifud fake(std::move(replies));
    arguments.insert(arguments.end(), {"--socket", fake.socket()});
    Surroundings surroundings;
    surroundings.environment = environment;
    return run_tool(std::move(arguments), surroundings);
}

Ended run(std::vector<std::string> arguments, const json& answer) {
    return run_in(japanese, std::move(arguments), {reply(answer)});
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

bool has_japanese(std::string_view line) {
    return std::ranges::any_of(code_points(line), [](char32_t character) { return character >= 0x3000; });
}

// Where `word` begins in the first line that has it, in columns of the terminal.
std::size_t column_of(const std::string& text, const std::string& word) {
    for (const std::string& line : lines_of(text))
        if (const std::size_t at = line.find(word); at != line.npos) return columns(line.substr(0, at));
    ADD_FAILURE() << word << " is not in:\n" << text;
    return 0;
}

class Japanese : public testing::Test {
  protected:
    // For the widths of characters.
    Japanese() { std::setlocale(LC_CTYPE, "C.UTF-8"); }
    ~Japanese() override { std::setlocale(LC_CTYPE, "C"); }
};

const json offer{{"user", "alice"},
                 {"authenticator", "k1"},
                 {"label", "電話"},
                 {"state", "pending"},
                 {"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
                 {"uri",
                  "otpauth://totp/Example%20Inc:alice%40host?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                  "&issuer=Example%20Inc&algorithm=SHA1&digits=6&period=30"},
                 {"expires", 1'767'225'600},
                 {"others", json::array()}};

const json status{{"user", "alice"},
                  {"state", "active"},
                  {"source", "central"},
                  {"recovery_codes_left", 9},
                  {"failures", 2},
                  {"limited_until", 1'767'225'600},
                  {"remembered", 1},
                  {"notes",
                   {"the spent mark of k1 is 7 steps ahead of the clock: check the clock, then `warifu reset "
                    "--replay`"}},
                  {"authenticators",
                   {{{"id", "k1"},
                     {"label", "電話"},
                     {"kind", "totp"},
                     {"algorithm", "SHA1"},
                     {"digits", 6},
                     {"period", 30},
                     {"state", "active"},
                     {"created", 1},
                     {"last_used", 1'767'225'600}},
                    {{"id", "key-2"},
                     {"label", "tablet"},
                     {"kind", "hotp"},
                     {"algorithm", "SHA256"},
                     {"digits", 8},
                     {"period", 0},
                     {"state", "active"},
                     {"created", 1}}}}};

TEST_F(Japanese, S16_AKeyIsShownWithItsFieldsBelowEachOther) {
    const Ended ended = run({"enroll", "--user", "alice"}, offer);
    EXPECT_EQ(ended.exit, 0) << ended.err;
    EXPECT_THAT(ended.out, StartsWith("次のキーを認証アプリに入力してください。\n"));
    EXPECT_THAT(ended.out, HasSubstr("\n  warifu confirm --user alice CODE\n"));
    for (const char* value : {"alice@host", "JBSW", "TOTP", "電話"})
        EXPECT_EQ(column_of(ended.out, value), column_of(ended.out, "Example Inc")) << ended.out;
}

TEST_F(Japanese, S16_StatusAlignsWideCharacters) {
    const Ended ended = run({"status"}, status);
    EXPECT_THAT(ended.out, StartsWith("alice: 二要素認証は有効です。\n"));
    EXPECT_THAT(ended.out, HasSubstr("\n  リカバリーコード  残り 9 個\n"));
    for (const char* value : {"残り 9 個", "2026-01-01 00:00\n", "サインイン 1 件"})
        EXPECT_EQ(column_of(ended.out + "\n", std::string(value).substr(0, 12)),
                  column_of(ended.out, "central"))
            << ended.out;
    EXPECT_EQ(column_of(ended.out, "電話"), column_of(ended.out, "ラベル")) << ended.out;
    EXPECT_EQ(column_of(ended.out, "tablet"), column_of(ended.out, "ラベル")) << ended.out;
    EXPECT_EQ(column_of(ended.out, "未使用"), column_of(ended.out, "最終使用")) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("k1 の使用済みコードの記録が時計より 7 ステップ先に進んでいます。"));
}

TEST_F(Japanese, S16_ListAlignsWideCharacters) {
    const Ended ended =
        run({"list"},
            {{"accounts",
              {{{"user", "alice"},
                {"state", "suspended"},
                {"authenticators", 2},
                {"recovery_codes_left", 10},
                {"last_used", 1'767'225'600}},
               {{"user", "bob"}, {"state", "none"}, {"authenticators", 0}, {"recovery_codes_left", 0}}}},
             {"cursor", "bob"}});
    for (const char* name : {"alice", "bob"})
        EXPECT_EQ(column_of(ended.out, name), column_of(ended.out, "ユーザー")) << ended.out;
    EXPECT_EQ(column_of(ended.out, "未使用"), column_of(ended.out, "最終使用")) << ended.out;
    EXPECT_EQ(column_of(ended.out, "2 "), column_of(ended.out, "キー")) << ended.out;
    EXPECT_EQ(column_of(ended.out, "10 "), column_of(ended.out, "コード")) << ended.out;
}

struct Case {
    std::vector<std::string> arguments;
    json answer;
};

const json confirmed{{"user", "alice"},  {"authenticator", "k1"},
                     {"label", "電話"},  {"state", "active"},
                     {"clock_off", -45}, {"recovery_codes", {"AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"}}};

// Codes, and commands to type.
bool is_data(const std::string& line) {
    static const std::regex data(
        R"( *([0-9]+  [A-Z-]+ *)+|  warifu confirm .*|  Key .*|  20[0-9: -]*central)");
    return line.empty() || std::regex_match(line, data);
}

TEST_F(Japanese, S16_EveryCommandSpeaksItWithin80Columns) {
    const std::vector<Case> cases{
        {{"confirm", "123456"}, confirmed},
        {{"codes"}, {{"left", 1}}},
        {{"codes", "--regenerate"}, {{"left", 2}, {"recovery_codes", confirmed["recovery_codes"]}}},
        {{"show"}, offer},
        {{"rename", "k1", "x"}, {{"authenticator", "k1"}, {"label", "電話"}}},
        {{"remove", "k1"}, {{"authenticator", "k1"}, {"left", 1}}},
        {{"remove", "k1"}, {{"authenticator", "k1"}, {"left", 0}}},
        {{"resync", "1", "2"}, {{"authenticator", "k1"}, {"drift", -12}}},
        {{"resync", "1", "2"}, {{"authenticator", ""}, {"drift", 1}}},
        {{"forget"}, {{"forgotten", 1}}},
        {{"reset", "--user", "alice"}, {{"user", "alice"}, {"removed", 2}}},
        {{"reset", "--user", "alice", "--replay"}, {{"user", "alice"}, {"removed", 1}}},
        {{"unlock", "--user", "alice"}, {{"user", "alice"}}},
        {{"suspend", "--user", "alice"}, {{"user", "alice"}}},
        {{"resume", "--user", "alice"}, {{"user", "alice"}}},
        {{"require", "--user", "alice"}, {{"user", "alice"}}},
        {{"require", "--user", "alice", "--off"}, {{"user", "alice"}}},
        {{"verify", "1"}, {{"verdict", "success"}, {"reason", "ok"}, {"recovery_codes_left", 4}}},
        {{"verify", "1"}, {{"verdict", "denied"}, {"reason", "bad_code"}}},
        {{"verify", "1"}, {{"verdict", "denied"}, {"reason", "replayed"}}},
        {{"verify", "1"}, {{"verdict", "limited"}, {"reason", "limited"}, {"retry_after", 600}}},
        {{"verify", "1"}, {{"verdict", "ignored"}, {"reason", "not_enrolled"}}},
        {{"verify", "1"}, {{"verdict", "unavailable"}, {"reason", "unavailable"}}},
    };
    for (const Case& one : cases) {
        const Ended ended = run(one.arguments, one.answer);
        EXPECT_FALSE(ended.out.empty()) << one.arguments[0] << ended.err;
        for (const std::string& line : lines_of(ended.out)) {
            EXPECT_TRUE(has_japanese(line) || is_data(line)) << one.arguments[0] << ": " << line;
            EXPECT_LE(columns(line), 80U) << line;
        }
    }
}

TEST_F(Japanese, S16_HelpSpeaksItWithin80Columns) {
    Surroundings surroundings;
    surroundings.environment = japanese;
    const std::string general = run_tool({"--help"}, surroundings).out;
    EXPECT_THAT(general, StartsWith("使い方: warifu [コマンド] [オプション]\n"));
    for (const CommandRow& row : commands()) {
        std::vector<std::string> words;
        std::istringstream all{std::string(row.name)};
        for (std::string word; all >> word;) words.push_back(word);
        words.emplace_back("--help");
        const std::string help = run_tool(words, surroundings).out;
        EXPECT_THAT(help, StartsWith("使い方: warifu " + std::string(row.name)));
        for (const std::string& line : lines_of(general + help)) {
            // The names of choices stand on lines of their own.
            EXPECT_TRUE(line.empty() || has_japanese(line) || line.find_last_of(' ') == 26) << line;
            EXPECT_LE(columns(line), 80U) << line;
        }
    }
}

TEST_F(Japanese, S16_FailuresSpeakItWithTheirValues) {
    const auto says = [](const json& message) {
        return run_in(japanese, {"status"}, {error("Conflict", {{"message", message}})}).err;
    };
    EXPECT_EQ(
        says("this account has 5 authenticators, which is the most: remove one first (`warifu remove`)"),
        "warifu: このアカウントのデバイスは上限の 5 台に達しています。先に 1 台の登録を解除してください "
        "(`warifu remove`)\n");
    EXPECT_EQ(says("what nobody ever said"), "warifu: what nobody ever said\n");
    EXPECT_EQ(
        run_in(japanese, {"codes"},
               {error("Denied", {{"reason", "limited"},
                                 {"message", "too many wrong codes: try later, or use a recovery code"},
                                 {"retry_after", 600}})})
            .err,
        "warifu: コードの誤りが多すぎます。後でもう一度試すか、リカバリーコードを使ってください (limited) "
        "(10 分後にもう一度お試しください)\n");
    Surroundings surroundings;
    surroundings.environment = japanese;
    EXPECT_EQ(run_tool({"enroll", "--digits", "9"}, surroundings).err,
              "warifu: --digits: 6 から 8 までの数を指定してください\n");
    EXPECT_EQ(run_tool({"rename", "k1"}, surroundings).err,
              "warifu: LABEL がありません。--help をご覧ください\n");
}

TEST_F(Japanese, S16_ScriptsAreSpokenToInEnglish) {
    const std::vector<std::string> english = Surroundings().environment;
    for (const auto& answer : {reply(status), error("NotFound", {{"message",
                                                                  "no authenticator has this id: see "
                                                                  "`warifu status`"}})}) {
        const Ended told = run_in(japanese, {"status", "--json"}, {answer});
        EXPECT_EQ(told.out, run_in(english, {"status", "--json"}, {answer}).out);
        EXPECT_FALSE(has_japanese(told.out));
    }
    Surroundings surroundings;
    surroundings.environment = japanese;
    EXPECT_THAT(run_tool({"enroll", "--digits", "9", "--json"}, surroundings).out,
                HasSubstr("--digits: a number from 6 to 8"));
    EXPECT_THAT(run_tool({"doctor", "--json", "--daemon", "/nonexistent/warifud"}, surroundings).out,
                HasSubstr("/nonexistent/warifud cannot be started: "));
}

TEST_F(Japanese, E10_TheDoctorSpeaksIt) {
    Surroundings surroundings;
    surroundings.environment = japanese;
    const Ended ended =
        run_tool({"doctor", "--config", "/nonexistent", "--daemon", "/nonexistent/warifud"}, surroundings);
    EXPECT_THAT(ended.out, HasSubstr("障害: /nonexistent: /nonexistent/warifud を起動できません: "));
    EXPECT_THAT(
        ended.out,
        HasSubstr("\n  対処: warifud をインストールし直してください。有効な設定を確認できませんでした。\n"));
    for (const std::string& line : lines_of(ended.out)) EXPECT_TRUE(has_japanese(line)) << line;
}

}  // namespace
}  // namespace warifu::test
