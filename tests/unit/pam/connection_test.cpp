#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>

#include "ipc/wire/connect.h"
#include "pam_module/link.h"
#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/file_text.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

constexpr uid_t stranger = 12'345;

class Connection : public testing::Test {
  protected:
    // The line of a root host whose child, if it comes to that, plays `part`.
    SignIn what(const std::string& part = "success") {
        return {
            .options = {"socket=" + socket_, "daemon=" FAKE_WARIFUD, "config=" + directory_.config(part)}};
    }
    bool child_was_started(const std::string& part = "success") const {
        return std::filesystem::exists(directory_.file(part + ".conf.report"));
    }
    json child_report(const std::string& part) const {
        return json::parse(file_text(directory_.file(part + ".conf.report")), nullptr, false);
    }

    Directory directory_;
    std::string socket_ = directory_.file("socket");
    Person person_;
};

// As another user; the socket is one for everybody.
std::string code_as_stranger(const std::string& socket, Person& person) {
    std::filesystem::permissions(std::filesystem::path(socket).parent_path(), std::filesystem::perms{0755});
    if (std::filesystem::exists(socket)) std::filesystem::permissions(socket, std::filesystem::perms{0666});
    return in_other_process([&] {
        if (setresuid(stranger, stranger, stranger) != 0) return std::string("no setresuid");
        SignIn const what{.options = {"socket=" + socket, "daemon=" FAKE_WARIFUD}};
        std::string const code = std::to_string(sign_in(what, person).code);
        person.forget();
        return code;
    });
}

int bind_at(const std::string& path) {
    int const fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
}

TEST_F(Connection, X34_NobodyThereStartsAChildForRoot) {
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    EXPECT_TRUE(child_was_started());
}

TEST_F(Connection, X34_ASocketThatNobodyServesStartsAChildForRoot) {
    close(bind_at(socket_));
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    EXPECT_TRUE(child_was_started());
}

TEST_F(Connection, X34_AFullBacklogStartsAChildForRoot) {
    int const listener = bind_at(socket_);
    ASSERT_EQ(listen(listener, 0), 0);
    std::vector<int> waiting;
    for (int fd = 0; (fd = wire::connect_to(socket_.c_str())) >= 0;) waiting.push_back(fd);
    take_log();
    auto const before = std::chrono::steady_clock::now();
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(pam::backlog_patience));
    EXPECT_TRUE(child_was_started());
    EXPECT_NE(take_log().at(0).find("its backlog is full; starting one"), std::string::npos);
    for (int const fd : waiting) close(fd);
    close(listener);
}

TEST_F(Connection, X34_ASquattedSocketStartsAChildForRootAndIsToldNothing) {
    std::filesystem::permissions(directory_.path, std::filesystem::perms{0777});
    int const listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(seteuid(stranger), 0);
    EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener, 8), 0);
    ASSERT_EQ(seteuid(0), 0);
    take_log();
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    EXPECT_TRUE(child_was_started());
    EXPECT_NE(take_log().at(0).find("not root's"), std::string::npos);
    int const squatted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    char byte;
    EXPECT_EQ(recv(squatted, &byte, 1, 0), 0);
    close(squatted);
    close(listener);
}

TEST_F(Connection, X34_AConnectionThatEndsBeforeTheFirstStepStartsAChildForRoot) {
    FakeListener warifud(socket_, {[](Peer& peer) { peer.next(); }});
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    EXPECT_TRUE(child_was_started());
}

TEST_F(Connection, X34_WhoeverIsNotRootGetsASystemError) {
    EXPECT_EQ(code_as_stranger(socket_, person_), std::to_string(PAM_SYSTEM_ERR));
    FakeListener warifud(socket_, {[](Peer& peer) { peer.next(); }});
    EXPECT_EQ(code_as_stranger(socket_, person_), std::to_string(PAM_SYSTEM_ERR));
}

TEST_F(Connection, S06_WhoeverIsNotRootIsServedOverTheSocket) {
    FakeListener warifud(socket_, {[](Peer& peer) {
                             EXPECT_EQ(peer.next_parameters()["uid"], stranger);
                             peer.say(prompt("Code: "));
                             bool const right = peer.next_parameters()["text"] == "123456";
                             peer.say(done(right ? "success" : "denied"));
                         }});
    person_.types("Code: ", "123456");
    EXPECT_EQ(code_as_stranger(socket_, person_), std::to_string(PAM_SUCCESS));
    person_.forget();
}

TEST_F(Connection, X34_LostAtThePromptBeginsAgainWithTheTypedAnswer) {
    json answer;
    std::atomic<Peer*> first{nullptr};
    {
        FakeListener warifud(socket_, {[&](Peer& peer) {
                                           peer.next();
                                           first = &peer;
                                           peer.say(prompt("Code: "));
                                           EXPECT_TRUE(peer.next().is_null());
                                       },
                                       [&](Peer& peer) {
                                           EXPECT_EQ(peer.next()["method"], "io.warifu.Start");
                                           peer.say(prompt("Code: "));
                                           answer = peer.next_parameters();
                                           peer.say(done("success"));
                                       }});
        person_.types("Code: ", "123456", [&] { first.load()->shut_down(); });
        EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    }
    EXPECT_EQ(answer, json({{"kind", "text"}, {"text", "123456"}}));
    EXPECT_FALSE(child_was_started());
}

TEST_F(Connection, X34_HalfAReplyOfALostConnectionIsForgotten) {
    std::atomic<Peer*> first{nullptr};
    FakeListener warifud(socket_, {[&](Peer& peer) {
                                       peer.next();
                                       first = &peer;
                                       std::string const step =
                                           json({{"parameters", prompt("Code: ")}}).dump();
                                       peer.say_raw(step + '\0' + "{\"half");
                                       peer.next();
                                   },
                                   [](Peer& peer) {
                                       peer.next();
                                       peer.say(done("success"));
                                   }});
    person_.types("Code: ", "123456", [&] { first.load()->shut_down(); });
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
}

TEST_F(Connection, X34_LostAtThePromptAndAskedAnotherQuestionAsksAgain) {
    json answer;
    std::atomic<Peer*> first{nullptr};
    {
        FakeListener warifud(socket_, {[&](Peer& peer) {
                                           peer.next();
                                           first = &peer;
                                           peer.say(prompt("Code: "));
                                           EXPECT_TRUE(peer.next().is_null());
                                       },
                                       [&](Peer& peer) {
                                           peer.next();
                                           peer.say(prompt("Recovery code: "));
                                           answer = peer.next_parameters();
                                           peer.say(done("success"));
                                       }});
        person_.types("Code: ", "123456", [&] { first.load()->shut_down(); })
            .types("Recovery code: ", "ABCD");
        EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    }
    EXPECT_EQ(answer, json({{"kind", "text"}, {"text", "ABCD"}}));
}

TEST_F(Connection, X34_LostAtThePromptAndThenGoneStartsAChildWithTheTypedAnswer) {
    std::atomic<Peer*> first{nullptr};
    {
        FakeListener warifud(socket_, {[&](Peer& peer) {
                                           peer.next();
                                           first = &peer;
                                           peer.say(prompt("Code: "));
                                           EXPECT_TRUE(peer.next().is_null());
                                       },
                                       [](Peer& peer) { peer.next(); }});
        person_.types("Code: ", "123456", [&] { first.load()->shut_down(); });
        EXPECT_EQ(sign_in(what("prompt"), person_).code, PAM_SUCCESS);
    }
    EXPECT_TRUE(child_was_started("prompt"));
}

// A warifud that dies at every prompt: twice over the socket, once as a child, and then it is enough.
TEST_F(Connection, X34_LostAgainAndAgainEnds) {
    std::atomic<Peer*> current{nullptr};
    auto const asks = [&](const char* text) {
        return [&current, text](Peer& peer) {
            peer.next();
            current = &peer;
            peer.say(prompt(text));
            EXPECT_TRUE(peer.next().is_null());
        };
    };
    FakeListener warifud(socket_, {asks("First: "), asks("Second: ")});
    auto const dies = [&] { current.load()->shut_down(); };
    person_.types("First: ", "123456", dies).types("Second: ", "123456", dies).types("Code: ", "123456");
    EXPECT_EQ(sign_in(what("leave-at-prompt"), person_).code, PAM_SYSTEM_ERR);
    EXPECT_TRUE(child_was_started("leave-at-prompt"));
}

TEST_F(Connection, X34_LostAfterTheAnswerIsASystemErrorAndNothingIsStarted) {
    FakeListener warifud(socket_, {[](Peer& peer) {
                             peer.next();
                             peer.say(prompt("Code: "));
                             EXPECT_EQ(peer.next_parameters()["text"], "123456");
                         }});
    person_.types("Code: ", "123456");
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SYSTEM_ERR);
    EXPECT_FALSE(child_was_started());
}

TEST_F(Connection, X34_LostAtASecondPromptIsASystemError) {
    std::atomic<Peer*> current{nullptr};
    FakeListener warifud(socket_, {[&](Peer& peer) {
                             peer.next();
                             peer.say(prompt("Code: "));
                             peer.next();
                             current = &peer;
                             peer.say(prompt("Another: "));
                             peer.next();
                         }});
    person_.types("Code: ", "123456").types("Another: ", "654321", [&] { current.load()->shut_down(); });
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SYSTEM_ERR);
    EXPECT_FALSE(child_was_started());
}

// Nothing typed has gone out when only information was acknowledged.
TEST_F(Connection, X34_LostAfterInformationBeginsAgain) {
    auto const told = [](Peer& peer) {
        peer.next();
        peer.say({{"step", "info"}, {"text", "hello"}});
        peer.next();
    };
    FakeListener warifud(socket_, {told, [&](Peer& peer) {
                                       told(peer);
                                       peer.say(done("success"));
                                   }});
    person_.is_told("hello").is_told("hello");
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
}

TEST_F(Connection, TheDefaultSocketsAreRootsAndEverybodys) {
    std::filesystem::create_directory("/run/warifu");
    auto const serve = [](Peer& peer) {
        peer.next();
        peer.say(done("success"));
    };
    {
        FakeListener warifud(wire::root_socket, {serve});
        EXPECT_EQ(sign_in({}, person_).code, PAM_SUCCESS);
    }
    {
        FakeListener warifud(wire::user_socket, {serve});
        std::filesystem::permissions(wire::user_socket, std::filesystem::perms{0666});
        EXPECT_EQ(in_other_process([&] {
                      if (setresuid(stranger, stranger, stranger) != 0) return std::string("no setresuid");
                      return std::to_string(sign_in({}, person_).code);
                  }),
                  std::to_string(PAM_SUCCESS));
    }
    std::filesystem::remove_all("/run/warifu");
}

TEST_F(Connection, AConfigurationOfItsOwnLeavesTheDefaultSocketAlone) {
    std::filesystem::create_directory("/run/warifu");
    {
        FakeListener warifud(wire::root_socket, {});
        SignIn const own{.options = {"daemon=" FAKE_WARIFUD, "config=" + directory_.config("success")}};
        EXPECT_EQ(sign_in(own, person_).code, PAM_SUCCESS);
        EXPECT_TRUE(child_was_started());
        take_log();
        EXPECT_EQ(in_other_process([&] {
                      if (setresuid(stranger, stranger, stranger) != 0) return std::string("no setresuid");
                      return std::to_string(sign_in(own, person_).code);
                  }),
                  std::to_string(PAM_SYSTEM_ERR));
        EXPECT_NE(take_log().at(0).find("only root can start"), std::string::npos);
    }
    std::filesystem::remove_all("/run/warifu");
}

}  // namespace
}  // namespace warifu::testing_support
