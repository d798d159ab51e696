// What one look-up asks of the kernel: the same however many are enrolled, and nothing outside the markers.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/nss_machine.h"
#include "tests/integration/process.h"
#include "tests/integration/system_calls.h"

namespace warifu::integration {
namespace {

using Counts = std::map<std::string, int>;

// Links to one file: a marker each, and quickly made.
void mark(const std::string& group, int from, int to) {
    const std::string directory = std::string(marker_place) + "/" + group + "/", first = directory + "user0";
    for (int i = from; i < to; ++i) {
        checked(::link(first.c_str(), (directory + "user" + std::to_string(i)).c_str()), "link");
    }
}

class NssLookup : public ::testing::Test {
  protected:
    NssLookup() {
        install_nss(sandbox);
        output_of(sandbox, as_root({"warifu", "init"}));
    }

    void touch(const std::string& path) const { output_of(sandbox, as_root({"touch", path})); }
    // As getgrouplist(3) finds them, without asking for the name itself.
    std::string initgroups(const std::string& name) const {
        return output_of(sandbox, as_root({"getent", "initgroups", "--", name}));
    }
    Counts calls_of(const std::vector<std::string>& names) const {
        SystemCalls calls;
        std::vector<std::string> words{"getent", "initgroups"};
        words.insert(words.end(), names.begin(), names.end());
        Command command = as_root(words);
        command.calls = &calls;
        calls.watch(every_call());
        output_of(sandbox, command);
        Counts named;
        for (const auto& [number, count] : calls.counts()) named[name_of_call(number)] = count;
        return named;
    }
    // A few that get nothing new from the allocator or for standard output.
    Counts calls_of_one_more(const std::string& name) const {
        const Counts some = calls_of({name, name, name});
        Counts more;
        for (const auto& [call, count] : calls_of({name, name, name, name})) {
            const auto before = some.find(call);
            more[call] = count - (before == some.end() ? 0 : before->second);
        }
        std::erase_if(more, [](const auto& entry) { return entry.second == 0; });
        return more;
    }

    Sandbox sandbox;
};

TEST_F(NssLookup, N02_TheWorkDoesNotGrowWithTheEnrolled) {
    touch(std::string(marker_place) + "/enrolled/user0");
    sandbox.inside([] { mark("enrolled", 1, 10); });
    const std::string few = initgroups("user7");
    EXPECT_NE(few.find_first_of("0123456789"), few.npos) << few;
    const Counts member = calls_of({"user7"}), stranger = calls_of({"nobody-here"});
    sandbox.inside([] { mark("enrolled", 10, 100'000); });
    EXPECT_EQ(calls_of({"user7"}), member);
    EXPECT_EQ(calls_of({"user99999"}), member);
    EXPECT_EQ(calls_of({"nobody-here"}), stranger);
    EXPECT_EQ(member.count("getdents64"), 0U) << "nobody is listed";
}

// What one more name costs, once everything is loaded, with the module and without it.
TEST_F(NssLookup, N02_AStrangerCostsThreeLooksAndAMemberThreeMore) {
    touch(std::string(marker_place) + "/enrolled/user0");
    const Counts stranger = calls_of_one_more("nobody-here"), member = calls_of_one_more("user0");
    sandbox.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n");
    Counts without = calls_of_one_more("nobody-here");
    without["newfstatat"] += 3;
    EXPECT_EQ(stranger, without);
    without["newfstatat"] += 3;
    EXPECT_EQ(member, without);
}

TEST_F(NssLookup, X05_NoNameIsLookedForOutsideTheMarkers) {
    // What these names would find if they were paths.
    for (const char* bait : {"/x", "/enrolled/a/b", "/exempt/a/b"}) {
        sandbox.write(std::string(marker_place) + bait, "", 0400);
    }
    const std::regex place(
        "/var/lib/warifu/enrolled(/(enrolled|pending|exempt)(/[A-Za-z0-9_%.-]+)?)?|/var/lib/warifu");
    const std::regex path("\"(/var/lib/warifu[^\"]*)\"");
    const std::vector<std::string> names{"../x",
                                         "a/b",
                                         "..",
                                         ".",
                                         "/",
                                         "",
                                         "-x",
                                         "a\nb",
                                         "\x01",
                                         "%2e",
                                         "\xff\xfe",
                                         std::string(300, 'y'),
                                         std::string(4'000, '/')};
    for (const std::string& name : names) {
        const Result looked = run(sandbox, as_root({"strace", "-f", "-s", "9999", "-o", "/run/calls", "-e",
                                                    "trace=%file", "getent", "initgroups", "--", name}));
        EXPECT_EQ(looked.out.find_first_of("0123456789", name.size()), std::string::npos)
            << looked.out << looked.err;
        const std::string calls = sandbox.read("/run/calls");
        EXPECT_NE(calls.find("libnss_warifu.so.2"), std::string::npos)
            << "the module was not asked for " << name << "\n"
            << calls;
        for (std::sregex_iterator at(calls.begin(), calls.end(), path), end; at != end; ++at) {
            EXPECT_TRUE(std::regex_match((*at)[1].str(), place)) << (*at)[1];
            EXPECT_EQ((*at)[1].str().find("/.."), std::string::npos);
        }
    }
}

TEST_F(NssLookup, N02_WithoutMarkersOrDirectoryNothingIsWrong) {
    output_of(sandbox, as_root({"rm", "-r", "/var/lib/warifu"}));
    EXPECT_EQ(run(sandbox, as_root({"getent", "initgroups", "root"})).status, 0);
    EXPECT_EQ(run(sandbox, as_root({"id", "root"})).status, 0);
}

}  // namespace
}  // namespace warifu::integration
