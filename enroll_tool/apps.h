// What authenticator apps make of a key URI: which parameters they read, and what a person is told before
// scanning a code that an app would get wrong. docs/apps.md holds the same table with its sources, and a test
// compares the two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/key_details.h"

namespace warifu {

enum class Reading : std::uint8_t {
    reads,
    ignores,  // takes the key, and goes on with SHA1, 6 digits, 30 seconds or the clock
    refuses,  // does not take such a key
    unknown,  // no source says
};

// What can differ from what every app reads. The order is that of App::readings.
enum class KeyTrait : std::uint8_t { algorithm, seven_digits, eight_digits, period, hotp, issuer, long_key };
inline constexpr std::size_t key_traits = 7;

struct App {
    std::string_view name;   // of --app: "google-android"
    std::string_view title;  // as its maker writes it, translated into no language
    std::array<Reading, key_traits> readings;

    constexpr Reading reading(KeyTrait trait) const noexcept {
        return readings[static_cast<std::size_t>(trait)];
    }
};

namespace app_table {
using enum Reading;
inline constexpr std::array<App, 10> rows{{
    // algorithm, 7 digits, 8 digits, period, HOTP, issuer, long key
    {"google-android",
     "Google Authenticator (Android)",
     {reads, unknown, reads, ignores, reads, reads, reads}},
    {"google-ios", "Google Authenticator (iOS)", {reads, unknown, reads, reads, reads, reads, refuses}},
    {"microsoft", "Microsoft Authenticator", {ignores, ignores, ignores, ignores, ignores, unknown, reads}},
    {"authy", "Authy", {ignores, unknown, reads, ignores, unknown, unknown, reads}},
    {"iij-smartkey", "IIJ SmartKey", {reads, unknown, reads, reads, refuses, reads, unknown}},
    {"freeotp", "FreeOTP", {reads, reads, reads, reads, reads, reads, reads}},
    {"freeotp-plus", "FreeOTP+", {reads, reads, reads, reads, reads, reads, reads}},
    {"aegis", "Aegis", {reads, reads, reads, reads, reads, reads, reads}},
    {"bitwarden", "Bitwarden", {reads, reads, reads, reads, ignores, reads, reads}},
    {"1password", "1Password", {unknown, unknown, unknown, unknown, unknown, unknown, reads}},
}};
}  // namespace app_table

constexpr std::span<const App> apps() noexcept {
    return app_table::rows;
}

// Null where there is none of that name.
const App* find_app(std::string_view name) noexcept;

// How to take a key into it: what to tap, for scanning and for typing. English, marked for the translators;
// null: an app that nobody named. docs/apps.md has the same sentences with their sources.
const char* steps_in(const App* app) noexcept;

// One whole sentence about one app.
struct AppWarning {
    const char* pattern;     // English, with "%1" for the app; marked for the translators
    std::string_view title;  // of the app

    std::string english() const;     // for scripts
    std::string translated() const;  // for people
};

// What `app` would get wrong with this key, and what nobody knows of it. Empty for a key that every app
// reads.
std::vector<AppWarning> warnings(const App& app, const KeyDetails& key);

// The apps that would show wrong codes or refuse this key, as far as that is known.
std::vector<const App*> apps_that_fail(const KeyDetails& key);

}  // namespace warifu
