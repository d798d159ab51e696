// What somebody chose on the way to a new device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enroll_tool/apps.h"
#include "enroll_tool/screens/warifud.h"

namespace warifu::screens {

struct Plan {
    std::string user;                // as warifud takes it: empty is the caller
    std::string name;                // as people read it
    bool enrolled = false;           // something signs them in already
    std::vector<std::string> taken;  // labels in use
    std::string support;

    const warifu::App* app = nullptr;  // none: another app, or a token
    bool token = false;
    std::string kind = "totp", label;
    SharedSecret key;  // base32, typed
};

}  // namespace warifu::screens
