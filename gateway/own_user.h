// The gateway has no authority: where root starts it, it becomes an account of its own before it listens.
#pragma once

#include <string>

namespace warifu::gateway {

// Throws Unavailable where root has no such account, or the account is root; does nothing for anybody but
// root.
void become(const std::string& user);

}  // namespace warifu::gateway
