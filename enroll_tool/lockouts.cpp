#include "enroll_tool/lockouts.h"

#include <array>

#include "core/phrase/fill.h"

namespace warifu {

namespace {

constexpr std::array<Lockout, 3> all{{
    {N_("The phone is lost, broken or replaced."), N_("Before you give a phone away, add the new one with "
                                                      "`warifu enroll`, and keep the old entry until a code "
                                                      "from the new phone has signed you in.")},
    {N_("The app is deleted, or loses its entries in an update."),
     N_("The app's own backup brings the entries back, where it was switched on; this key typed in again "
        "does too.")},
    {N_("The entry in the app is deleted."),
     N_("Scan this QR code again, or type the key: the same key makes the same codes.")},
}};

constexpr std::array<const char*, 2> back{
    N_("A recovery code signs you in once, in place of the app's code. Then enrol the new phone and remove "
       "the "
       "old one with `warifu remove`."),
    N_("Without a recovery code, an administrator or the help desk takes the second factor off your account "
       "(`warifu reset`), and you enrol again."),
};

}  // namespace

std::span<const Lockout> lockouts() noexcept {
    return all;
}

std::span<const char* const> ways_back() noexcept {
    return back;
}

}  // namespace warifu
