// What the module leaves in the process that called it: nothing.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <atomic>
#include <clocale>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/process_state.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/file_text.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

// A host whose state is nowhere the default one.
void become_odd_host() {
    std::vector<gid_t> const groups = {100, 200};
    if (setgroups(groups.size(), groups.data()) != 0 || setresgid(12'345, 4'321, 0) != 0 ||
        setresuid(12'345, 0, 0) != 0 || chdir("/usr") != 0) {
        throw std::runtime_error("becoming the odd host");
    }
    umask(0123);
    setenv("LANGUAGE", "ja", 1);
    setlocale(LC_ALL, "C.UTF-8");
    prctl(PR_SET_DUMPABLE, 1);
    signal(SIGPIPE, [](int) {});
    signal(SIGUSR2, SIG_IGN);
    sigset_t some;
    sigemptyset(&some);
    sigaddset(&some, SIGWINCH);
    sigaddset(&some, SIGRTMIN + 5);
    pthread_sigmask(SIG_SETMASK, &some, nullptr);
    open("/etc/passwd", O_RDONLY);
}

std::string difference(const json& before, const json& after) {
    return before == after ? "" : json::diff(before, after).dump();
}

struct Flow {
    const char* name;
    std::vector<FakeListener::Script> scripts;
    const char* child;  // the part that a child plays
    int code;
    bool answers;
};

std::vector<Flow> flows() {
    auto const asks = [](const char* verdict) {
        return [verdict](Peer& peer) {
            peer.next();
            peer.say(prompt("Code: "));
            if (peer.next()["method"] == "io.warifu.Answer") peer.say(done(verdict));
        };
    };
    return {
        {"success", {asks("success")}, "success", PAM_SUCCESS, true},
        {"denied", {asks("denied")}, "success", PAM_AUTH_ERR, true},
        {"lost after the answer",
         {[](Peer& peer) {
             peer.next();
             peer.say(prompt("Code: "));
             peer.next();
         }},
         "success",
         PAM_SYSTEM_ERR,
         true},
        {"junk",
         {[](Peer& peer) {
             peer.next();
             peer.say_raw(std::string("junk\0", 5));
         }},
         "success",
         PAM_SYSTEM_ERR,
         false},
        {"gone before the first step, then a child",
         {[](Peer& peer) { peer.next(); }},
         "prompt",
         PAM_SUCCESS,
         true},
        {"a child", {}, "prompt", PAM_SUCCESS, true},
        {"a child that leaves", {}, "leave", PAM_SYSTEM_ERR, false},
    };
}

std::string run_flow(const Flow& flow, const SignIn& what) {
    Person person;
    if (flow.answers) person.types("Code: ", "123456");
    sign_in(what, person);  // libpam and libc open what they keep
    json const before = process_state();
    Person again;
    if (flow.answers) again.types("Code: ", "123456");
    int const code = sign_in(what, again).code;
    EXPECT_EQ(code, flow.code) << flow.name;
    return difference(before, process_state());
}

class Host : public testing::TestWithParam<Flow> {};

TEST_P(Host, X04_IsAsItWas) {
    const Flow& flow = GetParam();
    Directory directory;
    std::filesystem::permissions(directory.path, std::filesystem::perms{0755});
    auto scripts = flow.scripts;
    scripts.insert(scripts.end(), flow.scripts.begin(), flow.scripts.end());
    FakeListener warifud(directory.file("socket"), scripts);
    std::string const socket = flow.scripts.empty() ? "/nonexistent/socket" : directory.file("socket");
    SignIn const what{
        .options = {"socket=" + socket, "daemon=" FAKE_WARIFUD, "config=" + directory.config(flow.child)}};
    EXPECT_EQ(in_other_process([&] {
                  become_odd_host();
                  return run_flow(flow, what);
              }),
              "");
}

INSTANTIATE_TEST_SUITE_P(Flows, Host, testing::ValuesIn(flows()), [](const auto& flow) {
    std::string name = flow.param.name;
    std::erase_if(name, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) == 0; });
    return name;
});

// The conversation fails, and the module refuses a line: the same.
TEST(Host, X04_IsAsItWasAfterAFailedConversationAndARefusedLine) {
    Directory directory;
    auto const asks = [](Peer& peer) {
        peer.next();
        peer.say(prompt("Code: "));
        peer.next();
    };
    FakeListener warifud(directory.file("socket"), {asks, asks});
    EXPECT_EQ(in_other_process([&] {
                  become_odd_host();
                  auto const run = [&] {
                      Person person;
                      person.fails_at(PAM_PROMPT_ECHO_OFF, "Code: ", PAM_CONV_ERR);
                      sign_in({.options = {"socket=" + directory.file("socket")}}, person);
                      sign_in({.options = {"allow_readonly"}}, person);
                  };
                  run();
                  json const before = process_state();
                  run();
                  return difference(before, process_state());
              }),
              "");
}

// What syslog says of the host before its first line and after the module's is the same.
TEST(Host, X04_TheSyslogIdentityIsTheHosts) {
    take_log();
    Person person;
    sign_in({.options = {"allow_readonly"}}, person);
    syslog(LOG_INFO, "pam_warifu( the host's own line");
    EXPECT_EQ(take_log().size(), 2u);
}

// Other threads of the host allocate, take locks and handle signals while children are started; stacks are
// small.
TEST(Host, X04_ManyThreadsAtOnceOnSmallStacks) {
    Directory directory;
    std::string const config = directory.config("prompt");
    EXPECT_EQ(in_other_process([&] {
                  become_odd_host();
                  std::atomic<bool> stop{false};
                  std::atomic<int> passed{0};
                  std::vector<std::thread> busy;
                  for (int i = 0; i < 2; ++i) {
                      busy.emplace_back([&] {
                          while (!stop) std::vector<std::string>(64, std::string(100, 'x')).clear();
                      });
                  }
                  auto const sign_in_some = [&] {
                      for (int i = 0; i < 10; ++i) {
                          Person person;
                          person.types("Code: ", "123456");
                          SignIn const what{.options = {"socket=/nonexistent/socket", "daemon=" FAKE_WARIFUD,
                                                        "config=" + config}};
                          passed += sign_in(what, person).code == PAM_SUCCESS;
                      }
                  };
                  sign_in_some();
                  json const before = process_state();
                  using Part = decltype(sign_in_some);
                  pthread_attr_t attributes;
                  pthread_attr_init(&attributes);
                  pthread_attr_setstacksize(&attributes, 64 * 1024);
                  pthread_t threads[4];
                  for (pthread_t& thread : threads) {
                      pthread_create(
                          &thread, &attributes,
                          [](void* part) -> void* {
                              (*static_cast<const Part*>(part))();
                              return nullptr;
                          },
                          const_cast<void*>(static_cast<const void*>(&sign_in_some)));
                  }
                  for (pthread_t const thread : threads) pthread_join(thread, nullptr);
                  std::string result = difference(before, process_state());
                  stop = true;
                  for (auto& thread : busy) thread.join();
                  return result + std::to_string(passed);
              }),
              "50");
}

// Looks for `needle`, given with every bit turned, in all memory that this process may write.
std::string where_in_memory(const std::string& turned) {
    std::istringstream maps(file_text("/proc/self/maps"));
    std::ifstream memory("/proc/self/mem", std::ios::binary);
    std::string found;
    for (std::string line; std::getline(maps, line);) {
        unsigned long from = 0, to = 0;
        char access[8] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %7s", &from, &to, access) != 3 || access[1] != 'w') continue;
        std::string bytes(to - from, '\0');
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(from));
        memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        for (char& c : bytes) c = static_cast<char>(~c);
        if (bytes.find(turned) != std::string::npos) found += line + "\n";
        explicit_bzero(bytes.data(), bytes.size());
    }
    return found;
}

std::string turned(std::string text) {
    for (char& c : text) c = static_cast<char>(~c);
    return text;
}

// A line that is whole in this process only in what the conversation hands over.
struct TurnedLine {
    std::string turned;

    static int converse(int, const pam_message**, pam_response** responses, void* self) {
        const std::string& line = static_cast<const TurnedLine*>(self)->turned;
        auto* const reply = static_cast<pam_response*>(calloc(1, sizeof(pam_response)));
        reply->resp = static_cast<char*>(calloc(1, line.size() + 1));
        for (std::size_t i = 0; i < line.size(); ++i) reply->resp[i] = static_cast<char>(~line[i]);
        *responses = reply;
        return PAM_SUCCESS;
    }
};

// What was typed or shown is in no buffer of the module's, of libpam's or of the heap once the sign-in is
// over. The needles lie behind the first bytes of a line, where the heap keeps its own once a line is freed.
std::string left_in_memory(std::vector<std::string> options, const std::string& socket) {
    std::string const password = turned("a-long-password-of-horse-battery-staple"), code = turned("428157");
    TurnedLine line{password + code};
    options.push_back("socket=" + socket);
    // A library that binds its functions at their first call has the linker put the vector registers on the
    // stack then, with whatever was copied through them last. So the search has found everything it calls
    // before.
    (void)where_in_memory(code);
    int const result = authenticate_once({.options = options}, {&TurnedLine::converse, &line});
    if (result != PAM_SUCCESS) return "code " + std::to_string(result);
    return where_in_memory(turned("horse-battery")) + where_in_memory(code) +
           where_in_memory(turned("JBSWY3DPEHPK3PXP"));
}

TEST(Host, X06_NothingTypedOrShownStaysInMemory) {
    Directory directory;
    auto const shows_and_asks = [](Peer& peer) {
        long long const tail = peer.next_parameters()["single_field"] == true ? 6 : 0;
        peer.say({{"step", "info"}, {"text", "Your key: JBSWY3DPEHPK3PXP"}});
        peer.next();
        peer.say(prompt_for_tails("Both: ", "6"));
        peer.next();
        peer.say(done("success", "", tail));
    };
    FakeListener warifud(directory.file("socket"), {shows_and_asks, shows_and_asks});
    // One process, made before anything crosses: what it inherits holds none of it either.
    EXPECT_EQ(in_other_process([&] {
                  return left_in_memory({"forward_pass"}, directory.file("socket")) +
                         left_in_memory({}, directory.file("socket"));
              }),
              "");
}

}  // namespace
}  // namespace warifu::testing_support
