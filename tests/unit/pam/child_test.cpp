// The module where no warifud listens; how the child is started stands in tests/unit/wire.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/file_text.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

SignIn over_child(const std::string& config) {
    return {.options = {"socket=/nonexistent/socket", "daemon=" FAKE_WARIFUD, "config=" + config}};
}

TEST(Child, AWholeConversationGoesOverIt) {
    Directory directory;
    for (const auto& [typed, code] : {std::pair("123456", PAM_SUCCESS), std::pair("000000", PAM_AUTH_ERR)}) {
        Person person;
        person.types("Code: ", typed);
        EXPECT_EQ(sign_in(over_child(directory.config("prompt")), person).code, code);
    }
}

TEST(Child, ItIsTheLinesProgramWithTheLinesConfiguration) {
    Directory directory;
    Person person;
    EXPECT_EQ(sign_in(over_child(directory.config("success")), person).code, PAM_SUCCESS);
    json const report = json::parse(file_text(directory.file("success.conf.report")));
    EXPECT_EQ(report["argv"], json({FAKE_WARIFUD, "--stdio", "--config", directory.file("success.conf")}));
}

TEST(Child, WithoutAConfigurationOfTheLinesItHasItsOwn) {
    Person person;
    SignIn const what{.options = {"socket=/nonexistent/socket", "daemon=" FAKE_WARIFUD}};
    EXPECT_EQ(sign_in(what, person).code, PAM_SUCCESS);
}

TEST(Child, AProgramThatCannotBeRunIsNamedWithTheReason) {
    take_log();
    Person person;
    SignIn const what{.options = {"socket=/nonexistent/socket", "daemon=/nonexistent/warifud"}};
    EXPECT_EQ(sign_in(what, person).code, PAM_SYSTEM_ERR);
    EXPECT_EQ(take_log(),
              std::vector<std::string>{"pam_warifu(warifu-test:auth): cannot start "
                                       "/nonexistent/warifud --stdio: No such file or directory"});
}

TEST(Child, OneThatEndsAtOnceIsASystemError) {
    Directory directory;
    take_log();
    Person person;
    EXPECT_EQ(sign_in(over_child(directory.config("leave")), person).code, PAM_SYSTEM_ERR);
    EXPECT_NE(take_log().at(0).find("--stdio: it closed the connection"), std::string::npos);
}

std::atomic<int> children_ended{0};

TEST(Child, X33_TheHostSeesNoSigchldAndReapsNothing) {
    Directory directory;
    std::string const config = directory.config("prompt");
    EXPECT_EQ(in_other_process([&] {
                  children_ended = 0;
                  signal(SIGCHLD, [](int) { ++children_ended; });
                  for (int i = 0; i < 10; ++i) {
                      Person person;
                      person.types("Code: ", "123456");
                      EXPECT_EQ(sign_in(over_child(config), person).code, PAM_SUCCESS);
                  }
                  bool const childless = waitpid(-1, nullptr, __WALL | WNOHANG) == -1 && errno == ECHILD;
                  return std::to_string(children_ended) +
                         (childless ? " signals, no child" : " signals, a child");
              }),
              "0 signals, no child");
}

// sudo by a caller who has spoilt every limit.
TEST(Child, X24_TheCallersLimitsAreNoHindrance) {
    Directory directory;
    std::string const config = directory.config("prompt");
    EXPECT_EQ(in_other_process([&] {
                  Person person;
                  person.types("Code: ", "123456", [] {});
                  for (int const resource : {RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_NPROC}) {
                      rlimit const none{0, RLIM_INFINITY};
                      if (resource == RLIMIT_FSIZE) signal(SIGXFSZ, SIG_IGN);
                      if (resource != RLIMIT_FSIZE)
                          setrlimit(static_cast<__rlimit_resource_t>(resource), &none);
                  }
                  if (setresuid(12'345, 0, 0) != 0) return std::string("no setresuid");
                  signal(SIGXCPU, SIG_IGN);
                  return std::to_string(sign_in(over_child(config), person).code);
              }),
              "0");
}

}  // namespace
}  // namespace warifu::testing_support
