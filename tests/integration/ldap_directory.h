// People of an LDAP directory inside a sandbox: Debian's slapd, and nslcd with libnss-ldapd between it and
// NSS. Names count in any case (nslcd's `ignorecase`), and NSS spells them as the directory does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct LdapPerson {
    Account account;                   // with the canonical name and any home
    std::vector<std::string> aliases;  // further names of the same entry, and so of the same uid
};

class LdapDirectory {
  public:
    // Serves these people, whose homes are made; NSS asks `files`, then `ldap`.
    LdapDirectory(Sandbox& sandbox, const std::vector<LdapPerson>& people);

    // From then on nslcd has nobody to ask.
    void stop_slapd() { slapd_.reset(); }

  private:
    std::unique_ptr<Process> slapd_;
    std::unique_ptr<Process> nslcd_;
};

}  // namespace warifu::integration
