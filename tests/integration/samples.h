// The samples that Warifu ships in conf/, put where an administrator would put them.
#pragma once

#include <string>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

// conf/NAME of the source tree.
std::string sample(const std::string& name);
// The sample PAM file of every service that has one.
void install_pam_samples(Sandbox& sandbox);

}  // namespace warifu::integration
