#include "enroll_tool/apps.h"

#include <algorithm>

#include "enroll_tool/translation.h"

namespace warifu {

namespace {

// 160 bits, as RFC 4226 section 4 (R6) recommends and as most keys have.
constexpr std::size_t usual_key_characters = 32;

// What is said of a trait that is not read. Null: nothing, since the codes are right all the same.
struct Sentences {
    const char* ignores;
    const char* refuses;
    const char* unknown;
};

constexpr const char* digits_ignored =
    N_("%1 ignores the number of digits and shows 6: its codes will be wrong.");
constexpr const char* digits_refused = N_("%1 does not take keys with this number of digits.");
constexpr const char* digits_unknown =
    N_("It is not known whether %1 reads this number of digits; if its codes are wrong, enrol with 6.");

constexpr std::array<Sentences, key_traits> sentences{{
    {N_("%1 ignores the algorithm and uses SHA1: its codes will be wrong."),
     N_("%1 does not take keys with another algorithm than SHA1."),
     N_("It is not known whether %1 reads the algorithm; if its codes are wrong, enrol with SHA1.")},
    {digits_ignored, digits_refused, digits_unknown},
    {digits_ignored, digits_refused, digits_unknown},
    {N_("%1 ignores the period and changes its codes every 30 seconds: they will be wrong."),
     N_("%1 does not take keys with another period than 30 seconds."),
     N_("It is not known whether %1 reads the period; if its codes are wrong, enrol with 30 seconds.")},
    {N_("%1 takes a counter-based (HOTP) key for one that goes by the clock: its codes will be wrong."),
     N_("%1 does not take counter-based (HOTP) keys."),
     N_("It is not known whether %1 takes counter-based (HOTP) keys; if its codes are wrong, enrol with "
        "TOTP.")},
    {N_("%1 does not show the issuer."), nullptr, nullptr},
    {nullptr, N_("%1 does not take keys of more than 32 characters."),
     N_("It is not known whether %1 takes keys of more than 32 characters; if it does not, enrol with a new "
        "key.")},
}};

const char* sentence(KeyTrait trait, Reading reading) noexcept {
    const Sentences& of_trait = sentences[static_cast<std::size_t>(trait)];
    switch (reading) {
        case Reading::ignores:
            return of_trait.ignores;
        case Reading::refuses:
            return of_trait.refuses;
        case Reading::unknown:
            return of_trait.unknown;
        case Reading::reads:
            break;
    }
    return nullptr;
}

bool has(const KeyDetails& key, KeyTrait trait) {
    switch (trait) {
        case KeyTrait::algorithm:
            return key.algorithm != "SHA1";
        case KeyTrait::seven_digits:
            return key.digits == "7";
        case KeyTrait::eight_digits:
            return key.digits == "8";
        case KeyTrait::period:
            return key.type == "totp" && key.period != "30";
        case KeyTrait::hotp:
            return key.type == "hotp";
        case KeyTrait::issuer:
            return !key.issuer.empty();
        case KeyTrait::long_key:
            return key.key_characters > usual_key_characters;
    }
    return false;
}

std::vector<KeyTrait> traits_of(const KeyDetails& key) {
    std::vector<KeyTrait> traits;
    for (std::size_t i = 0; i < key_traits; ++i)
        if (const auto trait = static_cast<KeyTrait>(i); has(key, trait)) traits.push_back(trait);
    return traits;
}

struct Steps {
    std::string_view app;
    const char* text;
};

constexpr const char* steps_in_google =
    N_("In the app, tap \"+\" and \"Scan a QR code\". To type the key instead: \"Enter a setup key\", "
       "time-based.");
constexpr std::array<Steps, 4> known_steps{{
    {"google-android", steps_in_google},
    {"google-ios", steps_in_google},
    {"microsoft",
     N_("In the app, tap \"+\" and \"Other (Google, Facebook, etc.)\", then scan the code. To type the key "
        "instead: \"Enter code manually\".")},
    {"iij-smartkey",
     N_("In the app, tap \"+\" at the top right, then scan the code. To type the key instead: the "
        "keyboard at the top right.")},
}};
constexpr const char* steps_in_any_app =
    N_("In the app, add an entry (mostly with \"+\"), then scan the code or choose to type a key.");

// An issuer that is not shown spoils no code.
bool spoils_codes(const App& app, KeyTrait trait) {
    const Reading reading = app.reading(trait);
    return trait != KeyTrait::issuer && (reading == Reading::ignores || reading == Reading::refuses);
}

}  // namespace

const App* find_app(std::string_view name) noexcept {
    const auto found = std::ranges::find(apps(), name, &App::name);
    return found == apps().end() ? nullptr : &*found;
}

const char* steps_in(const App* app) noexcept {
    const auto found =
        app == nullptr ? known_steps.end() : std::ranges::find(known_steps, app->name, &Steps::app);
    return found == known_steps.end() ? steps_in_any_app : found->text;
}

std::string AppWarning::english() const {
    return fill(pattern, {title});
}

std::string AppWarning::translated() const {
    return fill(tr(pattern), {title});
}

std::vector<AppWarning> warnings(const App& app, const KeyDetails& key) {
    std::vector<AppWarning> result;
    for (const KeyTrait trait : traits_of(key))
        if (const char* const pattern = sentence(trait, app.reading(trait)))
            result.push_back({pattern, app.title});
    return result;
}

std::vector<const App*> apps_that_fail(const KeyDetails& key) {
    const auto traits = traits_of(key);
    std::vector<const App*> result;
    for (const App& app : apps())
        if (std::ranges::any_of(traits, [&](KeyTrait trait) { return spoils_codes(app, trait); }))
            result.push_back(&app);
    return result;
}

}  // namespace warifu
