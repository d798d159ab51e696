// QR codes as images, read by zbarimg.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu::test {
namespace {

using nlohmann::json;

const std::string qr_uri =
    "otpauth://totp/Example%20Inc:alice%40host?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example%20Inc"
    "&algorithm=SHA256&digits=8&period=60";
const json qr_offer{{"user", "alice"},
                    {"authenticator", "k1"},
                    {"label", "phone"},
                    {"state", "pending"},
                    {"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
                    {"uri", qr_uri},
                    {"expires", 1'767'225'600},
                    {"others", {{{"source", "192.0.2.7"}, {"made", 1}}}}};

TEST(Qr, PngOnStandardOutputDecodesToTheUri) {
    for (const char* command : {"enroll", "show"}) {
        FakeWarifud fake({reply(qr_offer)});
        const Ended ended = run_tool({command, "--qr", "png", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, 0);
        const std::string image = fake.directory() + "/qr.png";
        std::ofstream(image, std::ios::binary) << ended.out;
        EXPECT_EQ(program_output("zbarimg -q --raw -Sdisable -Sqrcode.enable " + image), qr_uri + "\n");
        // What a person needs beside it.
        EXPECT_NE(ended.err.find("  Key        JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP\n"),
                  std::string::npos);
        EXPECT_NE(ended.err.find("  Type       TOTP, 8 digits, every 60 seconds, SHA256\n"),
                  std::string::npos);
    }
}

TEST(Qr, ImageCarriesNothingButItself) {
    FakeWarifud fake({reply(qr_offer)});
    const Ended ended = run_tool({"enroll", "--qr", "svg", "--socket", fake.socket()});
    EXPECT_TRUE(ended.out.starts_with("<")) << ended.out.substr(0, 80);
    EXPECT_TRUE(ended.out.ends_with("</svg>\n")) << ended.out.substr(ended.out.size() - 20);
    EXPECT_TRUE(ended.err.starts_with("Warning: ")) << ended.err;
    EXPECT_TRUE(ended.err.ends_with("  warifu confirm CODE\n")) << ended.err;
}

TEST(Qr, TextFormsMayGoAnywhere) {
    FakeWarifud fake({reply(qr_offer), reply(qr_offer), reply(qr_offer)});
    EXPECT_NE(run_tool({"show", "--qr", "ascii", "--socket", fake.socket()}).out.find("####"),
              std::string::npos);
    EXPECT_NE(run_tool({"show", "--qr", "utf8", "--socket", fake.socket()}).out.find("█"), std::string::npos);
    EXPECT_EQ(run_tool({"show", "--socket", fake.socket()}).out.find("█"), std::string::npos);
}

TEST(Qr, E06_JsonHoldsTheSvgThatWasAskedFor) {
    for (const char* command : {"enroll", "show"}) {
        FakeWarifud fake({reply(qr_offer)});
        const Ended ended = run_tool({command, "--qr", "svg", "--json", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, 0) << ended.out;
        json expected = qr_offer;
        const json object = json::parse(ended.out);
        const std::string image = fake.directory() + "/qr.svg";
        std::ofstream(image) << object.at("svg").get<std::string>();
        expected["svg"] = object["svg"];
        expected["warnings"] = object.at("warnings");
        EXPECT_EQ(object, expected);
        program_output("rsvg-convert -o " + image + ".png " + image);
        EXPECT_EQ(program_output("zbarimg -q --raw -Sdisable -Sqrcode.enable " + image + ".png"),
                  qr_uri + "\n");
    }
}

TEST(Qr, OtherFormsGoIntoNoJson) {
    FakeWarifud fake({reply(qr_offer), reply(qr_offer)});
    const Ended refused = run_tool({"enroll", "--qr", "utf8", "--json", "--socket", fake.socket()});
    EXPECT_EQ(refused.exit, 2);
    EXPECT_EQ(json::parse(refused.out)["error"], "usage");
    EXPECT_EQ(fake.connections(), 0U);
    EXPECT_EQ(run_tool({"enroll", "--qr", "none", "--json", "--socket", fake.socket()}).exit, 0);
}

}  // namespace
}  // namespace warifu::test
