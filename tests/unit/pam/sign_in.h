// One run of pam_authenticate through a stack of the test's own, with the module as it is built.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/pam/person.h"

namespace warifu::testing_support {

struct Directory {
    Directory();
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory();
    std::string file(const std::string& name) const { return path + "/" + name; }
    // A configuration that has fake_warifud play `part`; the path to it.
    std::string config(const std::string& part) const;
    std::string path = "/tmp/warifu-pam-XXXXXX";
};

struct SignIn {
    std::vector<std::string> options = {};  // of the module's line
    std::string user = "alice";
    std::string service = "warifu-test";
    std::string rhost = {}, tty = {}, ruser = {};
    std::optional<std::string> password = {};   // in PAM_AUTHTOK when the module is called
    std::vector<std::string> environment = {};  // PAM's, as NAME=VALUE
    int flags = 0;
    bool set_credentials = false;  // call pam_setcred after a success, whose code is then the result's
};

struct Result {
    int code = -1;                        // what the module returned, PAM_IGNORE too
    std::optional<std::string> password;  // in PAM_AUTHTOK afterwards
    std::string user;                     // PAM_USER afterwards
};

Result sign_in(const SignIn& what, const Person& person);

// The same with a conversation of the caller's own, and without a look at the password afterwards.
int authenticate_once(const SignIn& what, const pam_conv& conversation);

// The module's entry point called as libpam calls it, with options that no PAM line could hold (libpam reads
// 1,024 bytes of one).
int call_entry_point(const std::vector<std::string>& options, const Person& person);

}  // namespace warifu::testing_support
