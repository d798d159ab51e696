// Where images and sheets go: a new file, whole or not at all, or standard output alone.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "enroll_tool/output.h"
#include "ipc/client/descriptor.h"
#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"
#include "tests/unit/crypto/program_output.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string uri_to_deliver =
    "otpauth://totp/"
    "Example:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example&algorithm=SHA1&digits=6"
    "&period=30";
const json offer_to_deliver{{"user", "alice"},
                            {"authenticator", "k1"},
                            {"label", "phone"},
                            {"state", "pending"},
                            {"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
                            {"uri", uri_to_deliver},
                            {"expires", 1'767'225'600},
                            {"others", json::array()}};
const json codes_to_deliver{"AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"};

json active_offer() {
    json active = offer_to_deliver;
    active["state"] = "active";
    active["recovery_codes"] = codes_to_deliver;
    return active;
}

const json delivered{{"user", "alice"},
                     {"authenticator", "k1"},
                     {"label", "phone"},
                     {"state", "active"},
                     {"recovery_codes", codes_to_deliver}};

class Delivered : public testing::Test {
  protected:
    Delivered() {
        std::string name = "/tmp/warifu-delivery-XXXXXX";
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        directory = name;
        file = directory + "/sheet";
    }
    ~Delivered() override { std::filesystem::remove_all(directory); }

    static std::string content(const std::string& path) {
        std::ifstream stream(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(directory))
            all.push_back(entry.path().filename().string());
        return all;
    }

    Ended run(FakeWarifud& fake, std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--socket", fake.socket()});
        return run_tool(std::move(arguments));
    }

    std::string directory, file;
};

TEST_F(Delivered, E05_EveryCommandThatMakesRecoveryCodesPutsThemOnASheet) {
    const std::vector<std::pair<std::vector<std::string>, json>> cases{
        {{"enroll", "--code", "123456"}, active_offer()},
        {{"confirm", "123456"}, delivered},
        {{"codes", "--regenerate"}, {{"left", 2}, {"recovery_codes", codes_to_deliver}}}};
    for (const auto& [command, answer] : cases) {
        for (const char* form : {"html", "text"}) {
            FakeWarifud fake({reply(answer)});
            std::vector<std::string> arguments = command;
            arguments.insert(arguments.end(), {"--sheet", form, "--output", file});
            const Ended ended = run(fake, arguments);
            EXPECT_EQ(ended.exit, 0) << ended.err;
            EXPECT_THAT(content(file), HasSubstr("EEEE-FFFF-GGGG-HHHH"));
            // The person reads them too: a sheet may be lost in the printer.
            EXPECT_THAT(ended.out, HasSubstr("EEEE-FFFF-GGGG-HHHH"));
            EXPECT_THAT(names(), ElementsAre("sheet"));
            unlink(file.c_str());
        }
    }
}

TEST_F(Delivered, E05_RecoveryCodesThatExistAreOnNoSheet) {
    FakeWarifud fake({reply({{"left", 2}})});
    EXPECT_EQ(run(fake, {"codes", "--sheet", "text"}).exit, 2);
    EXPECT_EQ(fake.connections(), 0U);
}

TEST_F(Delivered, E12_TheSheetOfAnEnrolmentHoldsTheCodesOnceItIsConfirmed) {
    FakeWarifud fake({reply(offer_to_deliver), reply(delivered)});
    ToolAtTerminal tool({"enroll", "--sheet", "html", "--output", file, "--socket", fake.socket()});
    tool.await("█");
    tool.await("Code from the app (Enter: later): ");
    tool.type("123456\n");
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_THAT(content(file), HasSubstr("AAAA-BBBB-CCCC-DDDD"));
    EXPECT_THAT(content(file), Not(HasSubstr("warifu confirm CODE")));
}

TEST_F(Delivered, E12_TheSheetOfAKeyThatIsNotConfirmedSaysSo) {
    FakeWarifud fake({reply(offer_to_deliver)});
    ToolAtTerminal tool({"enroll", "--sheet", "html", "--output", file, "--socket", fake.socket()});
    tool.await("Code from the app (Enter: later): ");
    tool.type("\n");
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_THAT(content(file), HasSubstr("warifu confirm CODE"));
}

// What a file's name or a PAM module says need not be UTF-8, and hides no finding.
TEST_F(Delivered, E06_BytesThatAreNoUtf8KeepNoObjectBack) {
    const ipc::Descriptor out(open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    Output output(out.number());
    output.object({{"subject", "/etc/pam.d/caf\xe9"}, {"message", "\x1b[2J"}});
    output.flush();
    EXPECT_EQ(json::parse(content(file)).at("subject"), "/etc/pam.d/caf\xef\xbf\xbd");
    EXPECT_THAT(content(file), Not(HasSubstr("\x1b")));
}

// Killed, it leaves nothing; and whoever owns the directory has nothing to put something else in the place
// of.
TEST_F(Delivered, E12_UntilItIsWholeTheFileHasNoName) {
    FakeWarifud fake({reply(offer_to_deliver)});
    ToolAtTerminal tool({"enroll", "--sheet", "html", "--output", file, "--socket", fake.socket()});
    tool.await("Code from the app (Enter: later): ");
    EXPECT_THAT(names(), IsEmpty());
    tool.type("\n");
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_THAT(names(), ElementsAre("sheet"));
    struct stat status{};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
    EXPECT_EQ(status.st_nlink, 1U);
}

TEST_F(Delivered, E12_OnStandardOutputASheetIsAlone) {
    for (const char* command : {"enroll", "show"}) {
        FakeWarifud fake({reply(offer_to_deliver)});
        const Ended ended = run(fake, {command, "--sheet", "html"});
        EXPECT_EQ(ended.exit, 0);
        EXPECT_TRUE(ended.out.starts_with("<!DOCTYPE html>\n")) << ended.out.substr(0, 80);
        EXPECT_TRUE(ended.out.ends_with("</html>\n"));
        // The key is on the sheet; a log of errors is no place for it.
        EXPECT_THAT(ended.err, Not(HasSubstr("JBSW")));
    }
}

TEST_F(Delivered, E02_AnImageInAFileDecodesAndStandardOutputIsForPeople) {
    for (const char* form : {"png", "svg"}) {
        FakeWarifud fake({reply(offer_to_deliver)});
        const Ended ended = run(fake, {"enroll", "--qr", form, "--output", file});
        EXPECT_EQ(ended.exit, 0) << ended.err;
        EXPECT_THAT(ended.out, HasSubstr("  Key        JBSW Y3DP"));
        const std::string png = form == std::string("png") ? file : file + ".png";
        if (png != file) program_output("rsvg-convert -o " + png + " " + file);
        EXPECT_EQ(program_output("zbarimg -q --raw -Sdisable -Sqrcode.enable " + png), uri_to_deliver + "\n");
        unlink(file.c_str());
    }
}

TEST_F(Delivered, E12_JsonAndASheetGoTogetherWhereTheSheetIsAFile) {
    FakeWarifud fake({reply(active_offer())});
    const Ended ended = run(fake, {"enroll", "--json", "--code", "1", "--sheet", "html", "--output", file});
    EXPECT_EQ(json::parse(ended.out)["recovery_codes"], codes_to_deliver);
    EXPECT_THAT(content(file), HasSubstr("<svg"));
}

TEST_F(Delivered, E12_WhatDoesNotGoTogetherIsRefusedBeforeAnythingIsAsked) {
    FakeWarifud fake({});
    const std::vector<std::vector<std::string>> refused{
        {"enroll", "--output", file},
        {"enroll", "--output", file, "--qr", "ascii"},
        {"enroll", "--sheet", "html", "--qr", "png"},
        {"enroll", "--json", "--sheet", "text"},
        {"enroll", "--json", "--qr", "png"},
        {"confirm", "1", "--json", "--sheet", "text"},
        {"show", "--sheet", "text", "--output", directory + "/"},
        {"show", "--sheet", "text", "--output", "/"},
        {"show", "--sheet", "text", "--output", directory},
    };
    for (const auto& arguments : refused)
        EXPECT_EQ(run(fake, arguments).exit, 2) << testing::PrintToString(arguments);
    EXPECT_EQ(run(fake, {"show", "--sheet", "text", "--output", directory + "/none/sheet"}).exit, 4);
    ToolAtTerminal terminal({"show", "--sheet", "html", "--socket", fake.socket()});
    EXPECT_EQ(terminal.wait().exit, 2);
    EXPECT_EQ(fake.connections(), 0U);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Delivered, X06_TheFileIsTheOwnersAloneWhateverTheUmask) {
    for (const mode_t mask : {0U, 0022U, 0777U}) {
        FakeWarifud fake({reply(offer_to_deliver)});
        const mode_t before = umask(mask);
        EXPECT_EQ(run(fake, {"show", "--sheet", "text", "--output", file}).exit, 0);
        umask(before);
        struct stat made{};
        ASSERT_EQ(lstat(file.c_str(), &made), 0);
        EXPECT_EQ(made.st_mode, static_cast<mode_t>(S_IFREG | 0600));
        unlink(file.c_str());
    }
}

TEST_F(Delivered, X01_ASymbolicLinkIsNeverWrittenThrough) {
    const std::string target = directory + "/target";
    std::ofstream(target) << "old";
    for (const std::string& where : {target, directory + "/none"}) {
        std::filesystem::create_symlink(where, file);
        FakeWarifud fake({reply(offer_to_deliver)});
        EXPECT_EQ(run(fake, {"show", "--sheet", "text", "--output", file}).exit, 2);
        unlink(file.c_str());
    }
    EXPECT_EQ(content(target), "old");
    EXPECT_THAT(names(), ElementsAre("target"));
}

TEST_F(Delivered, X25_WhoeverTakesTheNameMeanwhileKeepsIt) {
    for (const bool link : {false, true}) {
        FakeWarifud fake({reply(offer_to_deliver)});
        fake.hold_from(0);
        Tool tool({"show", "--sheet", "text", "--output", file, "--socket", fake.socket()});
        fake.wait_for_requests(1);
        if (link)
            std::filesystem::create_symlink(directory + "/none", file);
        else
            std::ofstream(file) << "theirs";
        fake.release();
        const Ended ended = tool.wait();
        EXPECT_EQ(ended.exit, 4);
        EXPECT_THAT(ended.err, HasSubstr("in the meantime"));
        EXPECT_THAT(names(), ElementsAre("sheet"));
        EXPECT_EQ(content(file), link ? "" : "theirs");
        unlink(file.c_str());
    }
}

// A file system of the test's own, which has room for the file's name and for nothing in it.
TEST_F(Delivered, X25_OnAFullDiskNothingIsLeft) {
    for (const char* what : {"--sheet html", "--sheet text", "--qr png"}) {
        FakeWarifud fake({reply(offer_to_deliver)});
        const std::string result = program_output(
            "unshare --mount sh -c 'mount -t tmpfs -o size=4k tmpfs " + directory + " && : > " + directory +
            "/full && { cat /dev/zero > " + directory +
            "/full 2> /dev/null || :; } && { " WARIFU_TOOL " show " + what + " --output " + file +
            " --socket " + fake.socket() + " > /dev/null 2>&1; echo $?; ls -A " + directory + "; }'");
        EXPECT_EQ(result, "4\nfull\n") << what;
    }
}

TEST_F(Delivered, X25_ARefusedCommandLeavesNothing) {
    FakeWarifud fake({error("Denied", {{"reason", "bad_code"}, {"message", "the code is wrong"}})});
    EXPECT_EQ(run(fake, {"enroll", "--code", "1", "--sheet", "html", "--output", file}).exit, 1);
    EXPECT_THAT(names(), IsEmpty());
}

}  // namespace
}  // namespace warifu::test
