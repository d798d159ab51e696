#include "enroll_tool/nsswitch.h"

#include <gtest/gtest.h>

namespace warifu {
namespace {

using Services = std::vector<std::string>;

TEST(Nsswitch, N04_TheServicesOfALineInTheirOrder) {
    constexpr char text[] =
        "# passwd: compat\n"
        "passwd_compat: nis\n"
        "  passwd :\tfiles [NOTFOUND=continue UNAVAIL=return] systemd[!SUCCESS=return]sss # ldap\r\n"
        "group: files warifu\n";
    EXPECT_EQ(name_services(text, "passwd"), (Services{"files", "systemd", "sss"}));
    EXPECT_EQ(name_services(text, "group"), (Services{"files", "warifu"}));
}

TEST(Nsswitch, N04_WithoutALineItIsFiles) {
    EXPECT_EQ(name_services("", "passwd"), Services{"files"});
    EXPECT_EQ(name_services("group: ldap\npasswd", "passwd"), Services{"files"});
}

TEST(Nsswitch, N04_TheLastLineCounts) {
    EXPECT_EQ(name_services("passwd: ldap\npasswd: files\n", "passwd"), Services{"files"});
    EXPECT_EQ(name_services("passwd: ldap\npasswd:", "passwd"), Services{});
}

TEST(Nsswitch, N04_WhatIsNotClosedEndsWithItsLine) {
    EXPECT_EQ(name_services("passwd: files [NOTFOUND=return\ngroup: ldap\n", "passwd"), Services{"files"});
    EXPECT_EQ(name_services("passwd: ][[files", "passwd"), Services{"]"});
}

}  // namespace
}  // namespace warifu
