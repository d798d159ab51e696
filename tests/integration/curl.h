// HTTP requests from inside a sandbox, by curl.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct CurlAnswer {
    int status = 0;
    std::string head, body;
    bool operator==(const CurlAnswer&) const = default;
};

// `options` are curl's; the URL is `http://127.0.0.1` and `rest` ("/private/"). Throws where no answer comes.
CurlAnswer curl(const Sandbox& sandbox, const std::string& rest, const std::vector<std::string>& options);
// With HTTP's Basic authentication.
CurlAnswer curl_as(const Sandbox& sandbox, const std::string& rest, const std::string& user,
                   const std::string& typed);

// The line of a password file, "alice:HASH", for an account with its own password.
std::string password_line(const Sandbox& sandbox, const Account& account);

}  // namespace warifu::integration
