// The doctor refuses the options that the module or warifud refuse, and no other.
#include "enroll_tool/doctor/pam_options.h"

#include <gtest/gtest.h>

#include "core/error/error.h"
#include "core/policy/line_options.h"
#include "pam_module/options.h"

namespace warifu::doctor {
namespace {

// As a sign-in would: the module first, then warifud with what travels.
bool is_refused(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    pam::Options options;
    pam::Refusal refusal;
    if (!pam::parse_options(static_cast<int>(argv.size()), argv.data(), &options, &refusal)) return true;
    std::vector<std::string> travelling;
    for (const char* argument : argv)
        if (pam::travels(argument)) travelling.emplace_back(argument);
    try {
        parse_line_options(travelling);
        return false;
    } catch (const Invalid&) {
        return true;
    }
}

TEST(PamOptions, E10_RefusesWhatTheModuleAndWarifudRefuse) {
    const std::vector<std::string> words{"nullok",
                                         "listed",
                                         "first_factor_failed",
                                         "passwordless",
                                         "noskewadj",
                                         "debug",
                                         "no_increment_hotp",
                                         "try_first_pass",
                                         "use_first_pass",
                                         "forward_pass",
                                         "echo_verification_code",
                                         "echo-verification-code",
                                         "socket=/x",
                                         "socket=x",
                                         "config=/x",
                                         "config=",
                                         "daemon=/x",
                                         "daemon=x",
                                         "authtok_prompt=Code: ",
                                         "authtok_prompt=",
                                         "completed=publickey",
                                         "completed=gssapi-with-mic",
                                         "completed=",
                                         "completed=Key",
                                         "grace_period=60",
                                         "grace_period=0",
                                         "grace_period=604800",
                                         "grace_period=604801",
                                         "grace_period=",
                                         "grace_period=6x",
                                         "grace_period",
                                         "secret=/x",
                                         "secret=~/k",
                                         "secret=${HOME}/k-${USER}",
                                         "secret=/a/${UID}",
                                         "secret=/a/../b",
                                         "secret=/a/",
                                         "secret=k",
                                         "secret=",
                                         "secret",
                                         "user=root",
                                         "user=0",
                                         "user=",
                                         "user=a/b",
                                         "allow_readonly",
                                         "no_strict_owner",
                                         "allowed_perm=0644",
                                         "nulok",
                                         "NULLOK",
                                         "nullok=yes",
                                         "",
                                         "debug=1",
                                         "socket",
                                         "completed",
                                         "authtok_prompt"};
    int refused = 0;
    for (const std::string& word : words) {
        EXPECT_EQ(refused_option({word}).has_value(), is_refused({word})) << word;
        EXPECT_EQ(refused_option({"nullok", word, "debug"}).has_value(),
                  is_refused({"nullok", word, "debug"}))
            << word;
        refused += is_refused({word}) ? 1 : 0;
    }
    EXPECT_GT(refused, 10);
    for (const std::string twice : {"grace_period=5", "secret=/x", "user=root"})
        EXPECT_TRUE(refused_option({twice, twice}).has_value() && is_refused({twice, twice})) << twice;
}

TEST(PamOptions, E10_NamesTheFirstThatIsRefusedAndWhatToDo) {
    const auto refused = refused_option({"nullok", "config=x", "nulok"});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->option, "config=x");
    EXPECT_STREQ(refused->remedy, "Give it an absolute path.");
}

}  // namespace
}  // namespace warifu::doctor
