// A sandbox whose name services know of Warifu's groups, as the packages set them up.
#pragma once

#include <set>
#include <string>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

inline constexpr char marker_place[] = "/var/lib/warifu/enrolled";

// The groups, by the sysusers.d file of packaging/, and `warifu` behind `files` in nsswitch.conf. Before
// `warifu init`, which gives the directories to the groups.
void install_nss(Sandbox& sandbox);

// The groups that `id USER` shows, but for the one of the same name.
std::set<std::string> groups_of(const Sandbox& sandbox, const std::string& user);

}  // namespace warifu::integration
