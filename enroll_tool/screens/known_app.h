// The authenticator apps that people choose from.
#pragma once

#include <span>
#include <string_view>

namespace warifu::screens {

struct KnownApp {
    std::string_view name;
};

std::span<const KnownApp> known_apps() noexcept;

}  // namespace warifu::screens
