#include "tests/integration/ldap_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace warifu::integration {
namespace {

constexpr char slapd_conf[] = R"(
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
directory /srv/ldap
suffix dc=example
rootdn cn=admin,dc=example
rootpw secret
access to * by * none
)";

constexpr char nslcd_conf[] = R"(
uri ldap://127.0.0.1
base dc=example
binddn cn=admin,dc=example
bindpw secret
ignorecase yes
map shadow userPassword userPassword
bind_timelimit 2
timelimit 2
reconnect_retrytime 1
)";

constexpr char root_entry[] = R"(dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: example
)";

std::string hash_of(const Sandbox& sandbox, const std::string& password) {
    return output_of(sandbox, as_root({"openssl", "passwd", "-6", password}));
}

std::string entry_of(const Sandbox& sandbox, const LdapPerson& person) {
    const Account& account = person.account;
    std::string entry = "\ndn: cn=" + std::to_string(account.uid) +
                        ",dc=example\nobjectClass: account\nobjectClass: posixAccount\nobjectClass: "
                        "shadowAccount\ncn: " +
                        std::to_string(account.uid) + "\nuid: " + account.name + "\n";
    for (const std::string& alias : person.aliases) entry += "uid: " + alias + "\n";
    return entry + "uidNumber: " + std::to_string(account.uid) +
           "\ngidNumber: " + std::to_string(account.gid) + "\nhomeDirectory: " + account.home +
           "\nloginShell: /bin/sh\nuserPassword: {CRYPT}" + hash_of(sandbox, account.password);
}

void make_home(const Sandbox& sandbox, const Account& account) {
    sandbox.inside([&account] {
        std::filesystem::create_directories(account.home);
        checked(::chmod(account.home.c_str(), 0700), account.home);
        checked(::chown(account.home.c_str(), account.uid, account.gid), account.home);
    });
}

}  // namespace

LdapDirectory::LdapDirectory(Sandbox& sandbox, const std::vector<LdapPerson>& people) {
    std::string entries = root_entry;
    for (const LdapPerson& person : people) {
        entries += entry_of(sandbox, person);
        make_home(sandbox, person.account);
    }
    sandbox.write("/etc/ldap/slapd.conf", slapd_conf, 0600);
    sandbox.write("/etc/ldap/people.ldif", entries, 0600);
    sandbox.write("/etc/nslcd.conf", nslcd_conf, 0600);
    output_of(sandbox, as_root({"mkdir", "-p", "/srv/ldap", "/run/nslcd"}));
    output_of(sandbox, as_root({"slapadd", "-f", "/etc/ldap/slapd.conf", "-l", "/etc/ldap/people.ldif"}));
    slapd_ = std::make_unique<Process>(
        sandbox, as_root({"slapd", "-d", "0", "-f", "/etc/ldap/slapd.conf", "-h", "ldap://127.0.0.1"}));
    sandbox.wait_for_log("slapd starting");
    // Before nslcd: it sees there that passwords are asked for as shadow.
    sandbox.write("/etc/nsswitch.conf",
                  "passwd: files ldap\ngroup: files ldap\nshadow: files ldap\nhosts: files\n");
    nslcd_ = std::make_unique<Process>(sandbox, as_root({"nslcd", "--nofork"}));
    sandbox.wait_for_log("accepting connections");
}

}  // namespace warifu::integration
