#include "enroll_tool/screens/known_app.h"

#include <array>

namespace warifu::screens {

namespace {

constexpr std::array<KnownApp, 5> apps{
    {{"Google Authenticator"}, {"Microsoft Authenticator"}, {"Authy"}, {"IIJ SmartKey"}, {"FreeOTP"}}};

}  // namespace

std::span<const KnownApp> known_apps() noexcept {
    return apps;
}

}  // namespace warifu::screens
