#include "core/qr/image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "core/otp/base32.h"
#include "core/otp/key_uri.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu {
namespace {

constexpr QrForm every_form[] = {QrForm::utf8, QrForm::utf8_inverse, QrForm::ascii, QrForm::svg, QrForm::png};

std::string uri(std::string issuer, std::string account, std::size_t secret_bytes = 20) {
    KeyUri key;
    key.issuer = std::move(issuer);
    key.account = std::move(account);
    key.secret = Secret::random(secret_bytes);
    return std::string(to_uri(key).text());
}

// Short and long, Japanese, every algorithm's usual secret.
std::vector<std::string> sample_uris() {
    return {uri("", "a", 10),
            uri("web1", "alice"),
            uri("Example", "alice@example.com"),
            uri("web1.example.com", "alice@web1.example.com", 32),
            uri("割符 株式会社", "田中 太郎", 64),
            uri(std::string(max_issuer_bytes, 'i'), std::string(max_account_bytes, '%'), max_secret_bytes)};
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) throw std::runtime_error("the last line does not end");
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

// A picture of dark (true) and light modules, row by row.
using Picture = std::vector<std::vector<bool>>;

// What a terminal shows: a character that draws `ink`, two rows a line, on a ground of the other shade; and
// some of the terminal's ground around it.
Picture as_half_blocks(std::string_view text, bool ink) {
    constexpr std::size_t around = 6;
    Picture picture;
    for (const std::string& line : lines_of(text)) {
        std::vector<bool> upper(around, !ink), lower(around, !ink);
        for (std::size_t i = 0; i < line.size();) {
            const std::string_view rest = std::string_view(line).substr(i);
            const bool blank = rest.starts_with(' ');
            const bool full = rest.starts_with("█"), top = rest.starts_with("▀"),
                       bottom = rest.starts_with("▄");
            if (!blank && !full && !top && !bottom) throw std::runtime_error("no half block");
            upper.push_back(full || top ? ink : !ink);
            lower.push_back(full || bottom ? ink : !ink);
            i += blank ? 1 : 3;
        }
        upper.insert(upper.end(), around, !ink);
        lower.insert(lower.end(), around, !ink);
        picture.push_back(std::move(upper));
        picture.push_back(std::move(lower));
    }
    const std::vector<bool> ground(picture.at(0).size(), !ink);
    picture.insert(picture.begin(), around, ground);
    picture.insert(picture.end(), around, ground);
    return picture;
}

Picture as_ascii(std::string_view text) {
    Picture picture;
    for (const std::string& line : lines_of(text)) {
        std::vector<bool> row;
        for (std::size_t i = 0; i < line.size(); i += 2) {
            const std::string module = line.substr(i, 2);
            if (module != "##" && module != "  ") throw std::runtime_error("no module");
            row.push_back(module == "  ");
        }
        picture.push_back(std::move(row));
    }
    return picture;
}

// Files that zbarimg reads, gone with the test.
class Decoder : public testing::Test {
  protected:
    Decoder() {
        if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("mkdtemp");
    }
    ~Decoder() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, std::string_view content) const {
        const std::string path = folder_ + "/" + name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    // What zbarimg reads in an image file.
    static std::string scanned(const std::string& path) {
        std::string text =
            program_output("zbarimg --quiet --raw -Sdisable -Sqrcode.enable " + path + " 2>/dev/null");
        if (text.ends_with('\n')) text.pop_back();
        return text;
    }

    std::string scanned(const Picture& picture) const {
        constexpr std::size_t pixels = 6;
        std::string pgm = "P5 " + std::to_string(picture.at(0).size() * pixels) + " " +
                          std::to_string(picture.size() * pixels) + " 255\n";
        for (const std::vector<bool>& row : picture)
            for (std::size_t i = 0; i < pixels; ++i)
                for (const bool dark : row) pgm.append(pixels, dark ? '\x10' : '\xe0');
        return scanned(file("screen.pgm", pgm));
    }

  private:
    std::string folder_ = std::filesystem::temp_directory_path() / "warifu-qr-XXXXXX";
};

TEST_F(Decoder, E02_ZbarimgReadsThePng) {
    for (const std::string& text : sample_uris())
        EXPECT_EQ(scanned(file("code.png", render_image(QrCode(text), QrForm::png).text())), text);
}

TEST_F(Decoder, E02_ZbarimgReadsTheSvg) {
    for (const std::string& text : sample_uris()) {
        const std::string svg = file("code.svg", render(QrCode(text), QrForm::svg).text());
        program_output("rsvg-convert -o " + svg + ".png " + svg + " 2>/dev/null");
        EXPECT_EQ(scanned(svg + ".png"), text);
    }
}

TEST_F(Decoder, E02_ZbarimgReadsTheTerminal) {
    for (const std::string& text : sample_uris()) {
        const QrCode code(text);
        EXPECT_EQ(scanned(as_half_blocks(render(code, QrForm::utf8).text(), false)), text);
        EXPECT_EQ(scanned(as_half_blocks(render(code, QrForm::utf8_inverse).text(), true)), text);
        EXPECT_EQ(scanned(as_ascii(render(code, QrForm::ascii).text())), text);
    }
}

TEST_F(Decoder, E02_ZbarimgReadsRandomKeys) {
    std::mt19937 random(18004);
    for (int round = 0; round < 20; ++round) {
        const std::string text = uri(std::string(random() % 20, 'i'), "a" + std::string(random() % 60, '@'),
                                     min_secret_bytes + random() % (max_secret_bytes - min_secret_bytes));
        EXPECT_EQ(scanned(file("code.png", render_image(QrCode(text), QrForm::png).text())), text);
        EXPECT_EQ(scanned(as_half_blocks(render(QrCode(text), QrForm::utf8).text(), false)), text);
    }
}

TEST(QrCode, AUsualKeyFitsATerminalOf24Lines) {
    for (const std::string& text :
         {uri("web1", "alice"), uri("Example", "alice@example.com"), uri("割符", "田中"),
          uri("Example Server", "alice@example.com"), uri("web1.example.com", "alice@web1.example.com")}) {
        const std::vector<std::string> lines = lines_of(render(QrCode(text), QrForm::utf8).text());
        EXPECT_LE(lines.size(), 24U) << text;
    }
    EXPECT_LE(lines_of(render(QrCode(uri("web1", "alice")), QrForm::utf8).text()).size(), 20U);
}

// The capacities of ISO/IEC 18004 table 7 for bytes: one more byte is another version, and M is taken only
// while it has room in L's version.
TEST(QrCode, SmallestVersion) {
    const struct {
        int version;
        std::size_t bytes_at_l;
    } rows[] = {{1, 17},  {2, 32},  {3, 53},  {4, 78},   {5, 106},
                {6, 134}, {7, 154}, {8, 192}, {10, 271}, {32, 1952}};
    for (const auto& row : rows) {
        EXPECT_EQ(QrCode(std::string(row.bytes_at_l, 'a')).size(), 17 + 4 * row.version);
        EXPECT_EQ(QrCode(std::string(row.bytes_at_l + 1, 'a')).size(), 17 + 4 * (row.version + 1));
    }
    // Capitals and digits take 5.5 bits.
    EXPECT_EQ(QrCode(std::string(25, 'A')).size(), 21);
}

// The error correction, from the format information beside the upper left finder (ISO/IEC 18004 section 7.9):
// 01 is L, 00 is M, masked with 10.
int level_bits(const QrCode& code) {
    return (static_cast<int>(code.dark(0, 8)) << 1 | static_cast<int>(code.dark(1, 8))) ^ 0b10;
}

TEST(QrCode, MoreErrorCorrectionWhereItIsFree) {
    EXPECT_EQ(level_bits(QrCode(std::string(14, 'a'))), 0b00);  // version 1-M holds 14 bytes
    EXPECT_EQ(level_bits(QrCode(std::string(15, 'a'))), 0b01);
    EXPECT_EQ(level_bits(QrCode(std::string(84, 'a'))), 0b00);  // version 5-M holds 84
    EXPECT_EQ(level_bits(QrCode(std::string(85, 'a'))), 0b01);
}

TEST(QrCode, WhatDoesNotFitIsRefused) {
    EXPECT_THROW(QrCode(""), Invalid);
    EXPECT_THROW(QrCode(std::string("a\0b", 3)), Invalid);
    EXPECT_THROW(QrCode(std::string(max_qr_text_bytes + 1, 'a')), Invalid);
    EXPECT_NO_THROW(QrCode(std::string(max_qr_text_bytes, 'a')));
}

TEST(QrCode, OutsideIsLight) {
    const QrCode code("a");
    EXPECT_TRUE(code.dark(0, 0));
    for (const auto& [x, y] : {std::pair{-1, 0}, {0, -1}, {code.size(), 0}, {0, code.size()}, {1000, 1000}})
        EXPECT_FALSE(code.dark(x, y));
}

TEST(QrForms, TheLongestTextCanBeDrawnInEvery) {
    std::mt19937 random(1);
    for (int round = 0; round < 10; ++round) {
        std::string text(max_qr_text_bytes, ' ');
        std::ranges::generate(text, [&] { return static_cast<char>(1 + random() % 255); });
        const QrCode code(text);
        for (const QrForm form : every_form) EXPECT_FALSE(render_image(code, form).empty());
    }
}

TEST(QrForms, ATerminalSeesTheModulesAndTheQuietZone) {
    const QrCode code(uri("Example", "alice"));
    const int end = code.size() + 2;
    const Picture ascii = as_ascii(render(code, QrForm::ascii).text());
    ASSERT_EQ(ascii.size(), static_cast<std::size_t>(code.size() + 4));
    const Picture dark_ground = as_half_blocks(render(code, QrForm::utf8).text(), false);
    const Picture light_ground = as_half_blocks(render(code, QrForm::utf8_inverse).text(), true);
    for (int y = -2; y < end; ++y)
        for (int x = -2; x < end; ++x) {
            const auto row = static_cast<std::size_t>(y + 2), column = static_cast<std::size_t>(x + 2);
            ASSERT_EQ(ascii.at(row).at(column), code.dark(x, y));
            if (y == code.size() + 1) continue;  // below it the half blocks leave one quiet row
            ASSERT_EQ(dark_ground.at(row + 6).at(column + 6), code.dark(x, y));
            ASSERT_EQ(light_ground.at(row + 6).at(column + 6), code.dark(x, y));
        }
}

TEST(QrForms, TerminalLinesAreEquallyWideWithoutEscapes) {
    const QrCode code(uri("Example", "alice"));
    for (const QrForm form : {QrForm::utf8, QrForm::utf8_inverse, QrForm::ascii}) {
        const Secret drawn = render_image(code, form);
        EXPECT_EQ(drawn.text().find('\x1b'), std::string_view::npos);
        for (const std::string& line : lines_of(drawn.text())) {
            const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; });
            EXPECT_EQ(columns, (code.size() + 4) * (form == QrForm::ascii ? 2 : 1));
        }
    }
}

TEST(QrForms, NamesComeBack) {
    constexpr std::string_view names[] = {"utf8", "utf8-inverse", "ascii", "svg", "png"};
    for (const QrForm form : every_form) {
        EXPECT_EQ(name(form), names[static_cast<std::size_t>(form)]);
        EXPECT_EQ(parse_qr_form(name(form)), form);
    }
    for (const std::string_view text : {"", "none", "UTF8", "utf8_inverse", "gif"})
        EXPECT_EQ(parse_qr_form(text), std::nullopt) << text;
}

}  // namespace
}  // namespace warifu
