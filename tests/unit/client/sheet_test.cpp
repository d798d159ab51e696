// What stands on a sheet, in both forms.
#include "enroll_tool/sheet.h"

#include <gmock/gmock.h>
#include <libintl.h>
#include <stdlib.h>

#include <clocale>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "core/qr/qr.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const std::string sheet_uri =
    "otpauth://totp/Example%20Inc:alice%40host?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example%20Inc"
    "&algorithm=SHA256&digits=8&period=60";
const std::string hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x1b[2J\xe2\x80\xae";

json reply_of(const std::string& label, const std::string& with_uri) {
    return {{"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}, {"label", label}, {"uri", with_uri}};
}

class Sheets : public testing::Test {
  protected:
    Sheets() { std::setlocale(LC_ALL, "C.UTF-8"); }
    ~Sheets() override { std::setlocale(LC_ALL, "C"); }

    // With a key, in `form`.
    static std::string written(SheetForm form, const std::string& label = "phone",
                               const std::string& with_uri = sheet_uri,
                               std::vector<std::string_view> codes = {}, std::string_view user = "alice") {
        const ipc::Reply key(reply_of(label, with_uri));
        return write_sheet({user, &key, std::move(codes), true}, form);
    }
};

std::string temporary_directory() {
    std::string name = "/tmp/warifu-sheet-XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    return name;
}

std::string plain(std::string text) {
    std::string result;
    for (const char character : text)
        if (character != '\n' && character != ' ')
            result += character;
        else if (!result.ends_with(' '))
            result += ' ';
    return result;
}

std::set<std::string> tags_of(const std::string& html) {
    std::set<std::string> tags;
    for (std::size_t at = html.find('<'); at != html.npos; at = html.find('<', at + 1))
        tags.insert(html.substr(at + 1, html.find_first_of(" >\n", at) - at - 1));
    return tags;
}

TEST_F(Sheets, E12_TellsTheKeyWithItsParametersAndThreeWaysToLockOneselfOut) {
    for (const SheetForm form : {SheetForm::html, SheetForm::text}) {
        const std::string sheet = plain(written(form));
        for (const char* text :
             {"Two-factor authentication: alice", "Example Inc", "alice@host",
              "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", "TOTP, 8 digits, every 60 seconds, SHA256", "phone",
              "`warifu confirm CODE`", "Three ways to lock yourself out, and the ways back",
              "The phone is lost, broken or replaced.", "The app is deleted",
              "The entry in the app is deleted.", "A recovery code signs you in once", "`warifu reset`"})
            EXPECT_THAT(sheet, HasSubstr(text));
    }
}

TEST_F(Sheets, E12_CounterBasedKeysSayTheirCounter) {
    const std::string hotp = "otpauth://hotp/alice?secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&counter=7";
    EXPECT_THAT(written(SheetForm::text, "token", hotp), HasSubstr("HOTP, 6 digits, counter 7, SHA1"));
}

TEST_F(Sheets, E12_TheQrCodeOfTheHtmlSheetDecodesToTheUri) {
    const std::string html = written(SheetForm::html);
    const std::size_t begin = html.find("<svg"), end = html.find("</svg>");
    ASSERT_LT(begin, end);
    const std::string directory = temporary_directory();
    std::ofstream(directory + "/qr.svg") << html.substr(begin, end + 6 - begin);
    EXPECT_EQ(
        program_output("rsvg-convert -o " + directory + "/qr.png " + directory +
                       "/qr.svg && zbarimg -q --raw -Sdisable -Sqrcode.enable " + directory + "/qr.png"),
        sheet_uri + "\n");
    std::filesystem::remove_all(directory);
}

// Black ink on white paper: dark modules are what is drawn.
TEST_F(Sheets, E12_TheTextSheetDrawsTheQrCodeDarkOnLight) {
    const std::string text = written(SheetForm::text);
    const ipc::Reply key(reply_of("phone", sheet_uri));
    EXPECT_THAT(text, HasSubstr(std::string(render(QrCode(sheet_uri), QrForm::utf8_inverse).text())));
    std::setlocale(LC_ALL, "C");
    EXPECT_THAT(written(SheetForm::text), Not(HasSubstr("█")));
}

TEST_F(Sheets, E12_TheHtmlSheetFetchesNothingAndRunsNothing) {
    const std::string html = written(SheetForm::html);
    EXPECT_THAT(html, HasSubstr("default-src 'none'; style-src 'unsafe-inline'"));
    for (const char* text : {"<script", "<link", "<img", "url(", "@import", "src=", "href="})
        EXPECT_THAT(html, Not(HasSubstr(text)));
    // The one address is the name of SVG's namespace, which nobody fetches.
    EXPECT_EQ(html.find("http://"), html.rfind("http://"));
    EXPECT_THAT(html, HasSubstr("xmlns=\"http://www.w3.org/2000/svg\""));
    EXPECT_THAT(html, HasSubstr("@media print"));
}

TEST_F(Sheets, E05_HoldsTheRecoveryCodesAndNothingOfAKeyThatItDoesNotHave) {
    for (const SheetForm form : {SheetForm::html, SheetForm::text}) {
        const std::string sheet =
            write_sheet({"alice", nullptr, {"AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"}}, form);
        EXPECT_THAT(sheet, HasSubstr("Recovery codes"));
        EXPECT_THAT(sheet, HasSubstr("AAAA-BBBB-CCCC-DDDD"));
        EXPECT_THAT(sheet, HasSubstr("EEEE-FFFF-GGGG-HHHH"));
        EXPECT_THAT(sheet, Not(HasSubstr("<svg")));
        EXPECT_THAT(sheet, Not(HasSubstr("Scan the QR code with")));
        EXPECT_THAT(written(form), Not(HasSubstr("Recovery codes")));
    }
}

// Nothing of it is one person's: neither the way to confirm, nor the ways back.
TEST_F(Sheets, S17_TheSheetOfASharedKeySpeaksToWhoeverSharesIt) {
    const ipc::Reply key(reply_of("shared:office", sheet_uri));
    for (const SheetForm form : {SheetForm::html, SheetForm::text}) {
        const std::string sheet = write_sheet({{}, &key, {}, false, true}, form);
        EXPECT_THAT(sheet, HasSubstr("make the codes of all"));
        for (const char* of_one : {"your", "lock yourself out", "confirm"})
            EXPECT_THAT(sheet, Not(HasSubstr(of_one))) << of_one;
    }
}

TEST_F(Sheets, X27_HostileNamesAreTextInHtml) {
    const std::string with_issuer =
        "otpauth://totp/"
        "%3Csvg%20onload%3Dx%3E:%3Cb%3Ealice?secret=JBSWY3DPEHPK3PXP&issuer=%3Csvg%20onload%3Dx%3E";
    const std::string html =
        written(SheetForm::html, hostile, with_issuer, {"<i>AAAA", "\"BBBB"}, "</title><u>alice");
    const std::set<std::string> ours{
        "!DOCTYPE", "html",   "head",    "meta", "title", "/title", "style",    "/style", "/head", "body",
        "h1",       "/h1",    "section", "h2",   "/h2",   "svg",    "path",     "/svg",   "p",     "/p",
        "dl",       "dt",     "/dt",     "dd",   "/dd",   "/dl",    "/section", "ol",     "li",    "/li",
        "/ol",      "strong", "/strong", "ul",   "/ul",   "/body",  "/html"};
    for (const std::string& tag : tags_of(html)) EXPECT_TRUE(ours.contains(tag)) << "<" << tag << ">";
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
    EXPECT_THAT(html, HasSubstr("&quot;&#39;&amp;\\x1b[2J\\u{202e}"));
    EXPECT_THAT(html, HasSubstr("&lt;svg onload=x&gt;"));
    EXPECT_THAT(html, HasSubstr("&lt;b&gt;alice"));
    EXPECT_THAT(html, HasSubstr("<li>&lt;i&gt;AAAA</li>"));
    EXPECT_THAT(html, HasSubstr("<title>Two-factor authentication: &lt;/title&gt;&lt;u&gt;alice</title>"));
}

TEST_F(Sheets, X27_HostileNamesMoveNoCursorInText) {
    const std::string text = written(SheetForm::text, hostile);
    EXPECT_EQ(text.find('\x1b'), text.npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), text.npos);
    EXPECT_THAT(plain(text), HasSubstr("\\x1b[2J\\u{202e}"));
}

// A catalogue of the test's own, so that no translation can be right by chance.
TEST_F(Sheets, E12_SpeaksTheCallersLanguageAndEscapesThatToo) {
    const std::string directory = temporary_directory();
    std::filesystem::create_directories(directory + "/xx/LC_MESSAGES");
    std::ofstream(directory + "/xx.po") << R"(msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"
msgid "en"
msgstr "xx"
msgid "Two-factor authentication: %1"
msgstr "%1の二段階認証"
msgid "The phone is lost, broken or replaced."
msgstr "<電話>"
)";
    program_output("msgfmt -o " + directory + "/xx/LC_MESSAGES/warifu.mo " + directory + "/xx.po");
    bindtextdomain("warifu", directory.c_str());
    setenv("LANGUAGE", "xx", 1);
    const std::string html = written(SheetForm::html), text = written(SheetForm::text);
    unsetenv("LANGUAGE");
    bindtextdomain("warifu", "/nonexistent");
    std::filesystem::remove_all(directory);
    EXPECT_THAT(html, HasSubstr("<html lang=\"xx\">"));
    EXPECT_THAT(html, HasSubstr("<meta charset=\"UTF-8\">"));
    EXPECT_THAT(html, HasSubstr("<h1>aliceの二段階認証</h1>"));
    EXPECT_THAT(html, HasSubstr("<strong>&lt;電話&gt;</strong>"));
    EXPECT_TRUE(text.starts_with("aliceの二段階認証\n")) << text.substr(0, 80);
    EXPECT_THAT(text, HasSubstr("<電話>"));
}

}  // namespace
}  // namespace warifu::test
