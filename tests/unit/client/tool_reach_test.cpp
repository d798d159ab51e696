// Whom the tool turns to: a socket, a warifud of its own, or a warifud in its own place.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

// A warifud that is a script: it writes down how it was started, answers once, and waits for the end.
class ScriptedDaemon {
  public:
    explicit ScriptedDaemon(const std::string& directory, const std::string& body = answering)
        : path_(directory + "/warifud"), record_(directory + "/started") {
        std::ofstream(path_) << "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" << record_ << "'\n" << body;
        chmod(path_.c_str(), 0755);
    }
    const std::string& path() const noexcept { return path_; }
    // Its arguments, a line each; empty where it was never started.
    std::string started() const {
        std::ifstream stream(record_);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }

  private:
    static constexpr const char* answering =
        "printf '{\"parameters\":{\"forgotten\":7}}\\000'\nwhile read line; do :; done\n";
    std::string path_, record_;
};

const std::string seven = "{\"forgotten\":7}\n";

TEST(Reach, StartsWarifudWhereNobodyAnswers) {
    FakeWarifud elsewhere({});
    const ScriptedDaemon daemon(elsewhere.directory());
    const std::string config = elsewhere.directory() + "/warifu.conf";
    for (const std::string& socket : {elsewhere.directory() + "/none", daemon.path()}) {
        const Ended ended =
            run_tool({"forget", "--json", "--socket", socket, "--config", config, "--daemon", daemon.path()});
        EXPECT_EQ(ended.exit, 0) << ended.out;
        EXPECT_EQ(ended.out, seven);
        EXPECT_EQ(daemon.started(), "--stdio\n--config\n" + config + "\n");
    }
}

TEST(Reach, ConfigurationWithoutASocketMeansAWarifudOfItsOwn) {
    FakeWarifud elsewhere({});
    const ScriptedDaemon daemon(elsewhere.directory());
    Surroundings surroundings;
    surroundings.directory = elsewhere.directory();
    const Ended ended =
        run_tool({"forget", "--json", "--config", "warifu.conf", "--daemon", "warifud"}, surroundings);
    EXPECT_EQ(ended.out, seven);
    EXPECT_EQ(daemon.started(), "--stdio\n--config\n" + elsewhere.directory() + "/warifu.conf\n");
}

// A socket that was named and does not answer never means the host's own store.
TEST(Reach, SocketWithoutAConfigurationStartsNobody) {
    FakeWarifud elsewhere({});
    const ScriptedDaemon daemon(elsewhere.directory());
    const std::string socket = elsewhere.directory() + "/none";
    const Ended ended = run_tool({"forget", "--socket", socket, "--daemon", daemon.path()});
    EXPECT_EQ(ended.exit, 4);
    EXPECT_NE(ended.err.find("nobody answers at " + socket), std::string::npos) << ended.err;
    EXPECT_EQ(daemon.started(), "");
}

TEST(Reach, RunningWarifudIsAskedForItsHealthAndServes) {
    FakeWarifud fake({reply({{"version", "1"}}), reply({{"forgotten", 2}})});
    const ScriptedDaemon daemon(fake.directory());
    const Ended ended = run_tool({"forget", "--json", "--socket", fake.socket(), "--config",
                                  "/etc/warifu/x.conf", "--daemon", daemon.path()});
    EXPECT_EQ(ended.out, "{\"forgotten\":2}\n");
    EXPECT_EQ(fake.requests().at(0)["method"], "io.warifu.Health");
    EXPECT_EQ(daemon.started(), "");
}

TEST(Reach, SickWarifudIsBelievedAndSilentOneReplaced) {
    FakeWarifud sick({error("Unavailable", {{"message", "no store"}}), reply({{"forgotten", 2}})});
    const ScriptedDaemon daemon(sick.directory());
    const std::vector<std::string> common{"forget",   "--json",      "--config", "/x",
                                          "--daemon", daemon.path(), "--socket"};
    auto arguments = common;
    arguments.push_back(sick.socket());
    EXPECT_EQ(run_tool(arguments).out, "{\"forgotten\":2}\n");
    EXPECT_EQ(daemon.started(), "");

    FakeWarifud silent({});
    silent.hold_from(0);
    arguments.back() = silent.socket();
    EXPECT_EQ(run_tool(arguments).out, seven);
    EXPECT_EQ(silent.requests().size(), 1U);
}

TEST(Reach, OthersThanRootStartNobody) {
    FakeWarifud elsewhere({});
    const ScriptedDaemon daemon(elsewhere.directory());
    Surroundings surroundings;
    surroundings.uid = 4321;
    const std::string none = elsewhere.directory() + "/none";
    EXPECT_EQ(
        run_tool({"forget", "--socket", none, "--config", "/x", "--daemon", daemon.path()}, surroundings)
            .exit,
        4);
    EXPECT_EQ(run_tool({"forget", "--config", "/x", "--daemon", daemon.path()}, surroundings).exit, 3);
    EXPECT_EQ(daemon.started(), "");
    chmod(elsewhere.socket().c_str(), 0600);
    EXPECT_EQ(run_tool({"forget", "--socket", elsewhere.socket()}, surroundings).exit, 3);
}

TEST(Reach, SocketOfSomebodyElseIsNotBelieved) {
    FakeWarifud squatter({reply({{"forgotten", 99}})}, 4321);
    const Ended ended = run_tool({"forget", "--socket", squatter.socket()});
    EXPECT_EQ(ended.exit, 4);
    EXPECT_TRUE(squatter.raw_requests().empty());
    EXPECT_NE(ended.err.find("not warifud's"), std::string::npos) << ended.err;
}

TEST(Reach, PathThatIsTooLongIsAUsageError) {
    EXPECT_EQ(run_tool({"forget", "--socket", std::string(200, 'x'), "--config", "/x"}).exit, 2);
}

TEST(Reach, MissingProgramIsUnavailable) {
    for (const char* command : {"forget", "init"}) {
        const Ended ended =
            run_tool({command, "--json", "--config", "/x", "--daemon", "/nonexistent/warifud"});
        EXPECT_EQ(ended.exit, 4);
        EXPECT_EQ(json::parse(ended.out),
                  (json{{"error", "unavailable"},
                        {"message", "/nonexistent/warifud cannot be started: No such file or directory"}}));
    }
}

TEST(Reach, ProgramsAreExecutedInItsPlaceWithoutTheEnvironment) {
    FakeWarifud elsewhere({});
    const ScriptedDaemon daemon(elsewhere.directory(),
                                "env | grep -v -e ^PWD= -e ^_= -e ^SHLVL=; echo here; exit 3\n");
    Surroundings surroundings;
    surroundings.environment.emplace_back("LEAK=1");
    Ended ended =
        run_tool({"init", "--config", "/etc/x.conf", "--json", "--daemon", daemon.path()}, surroundings);
    EXPECT_EQ(ended.exit, 3);
    EXPECT_EQ(ended.out, "here\n");
    EXPECT_EQ(daemon.started(), "--init\n--config\n/etc/x.conf\n--json\n");
    ended = run_tool({"config", "check", "--daemon", daemon.path()}, surroundings);
    EXPECT_EQ(ended.exit, 3);
    EXPECT_EQ(daemon.started(), "--check-config\n");
}

TEST(Reach, EnvironmentChoosesNoSocket) {
    FakeWarifud fake({reply({{"forgotten", 99}})});
    Surroundings surroundings;
    for (const char* name : {"SOCKET", "WARIFU_SOCKET", "WARIFUD_SOCKET", "VARLINK_ADDRESS"})
        surroundings.environment.push_back(name + ("=" + fake.socket()));
    EXPECT_EQ(run_tool({"forget", "--socket", fake.directory() + "/none"}, surroundings).exit, 4);
    EXPECT_EQ(fake.connections(), 0U);
}

}  // namespace
}  // namespace warifu::test
