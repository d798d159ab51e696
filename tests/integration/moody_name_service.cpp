// A name service for the tests of `warifu whois`, which does by the name what other people's code may do.
#include <nss.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED nss_status _nss_moody_getpwnam_r(const char* name, passwd*, char*, size_t, int* error) {
    const std::string_view asked = name;
    if (asked == "crash") std::abort();
    while (asked == "hang") ::pause();
    const bool refuses = asked == "refuses";
    *error = refuses ? ECONNREFUSED : ENOENT;
    return refuses ? NSS_STATUS_UNAVAIL : NSS_STATUS_NOTFOUND;
}
