#include "core/phrase/phrases.h"

#include <libintl.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>

#include "core/phrase/fill.h"

namespace warifu {

namespace {

constexpr char domain[] = "warifu";
constexpr std::array<std::string_view, language_count> names{"en", "ja"};

// Translators: texts of a sign-in, shown by programs such as ssh and sudo. A prompt, with all that stands in
// it, has to stay below 512 bytes of UTF-8; enrol_codes, ten codes of 22 bytes and enrol_codes_prompt are one
// prompt, and so are enrol_wrong and a prompt.
constexpr std::array<const char*, phrase_count> english{
    N_("One-time code: "),
    N_("That recovery code is used up; it was the last one. Make new ones with `warifu codes --regenerate`."),
    N_("That recovery code is used up; one is left."),
    N_("That recovery code is used up; %1 are left."),
    N_("Your phone's clock is about %1 seconds slow. Let the network set it."),
    N_("Your phone's clock is about %1 seconds fast. Let the network set it."),
    N_("The key that you share was replaced, and codes of the old one end in %1 days: scan the new QR code, "
       "`warifu shared show --proof CODE`."),
    N_("From %1 on you will be asked for a one-time code here. Set it up before then: run `warifu`."),
    N_("From now on this account is protected by a one-time code. Scan this QR code with an authenticator "
       "app on "
       "your phone, or type the key below into it."),
    N_("From now on this account is protected by a one-time code. In an authenticator app on your phone, add "
       "an "
       "account and type this key into it."),
    N_("Key:  %1"),
    N_("Type: TOTP, %1 digits, every %2 seconds, %3"),
    N_("Type: HOTP, by counter, %1 digits, %2"),
    N_("Warning: in the last 24 hours a key was offered for this account to somebody at %1. If that was not "
       "you, "
       "somebody else knows your password: change it."),
    N_("Help: %1"),
    N_("Code from the app: "),
    N_("Code from the app (a: a QR code without special characters): "),
    N_("That is not the code of this key. Wait for the next one, and check that the network sets the phone's "
       "clock."),
    N_("No code was right. Sign in again: from here you are shown the same key for some minutes."),
    N_("It is set up. Each of these recovery codes signs you in once when the phone is not at hand. Write "
       "them down "
       "now:"),
    N_("To go on, type the first four characters of one: "),
    N_("That is the beginning of none of them."),
    N_("The one-time code is set up: you are asked for it from the next sign-in on."),
    N_("One-time code (m: have one mailed): "),
    N_("If an address is known for you, a code is on its way."),
    N_("One-time code for %1"),
    N_("The code for %1 on %2: %3\nIt works once, within ten minutes. If you are not signing in there, "
       "somebody else knows "
       "your password: change it."),
    N_("Approve on your phone%1 and press Enter, or type a code%2: "),
    N_("Approve on your phone%1, and type a code%2: "),
    N_("Approve on your phone%1 and press Enter: "),
    N_("Have it approved%1 and press Enter, or type a code%2: "),
    N_("Have it approved%1, and type a code%2: "),
    N_("Have it approved%1 and press Enter: "),
    N_(" (number %1)"),
    N_(" (m: have one mailed)"),
    N_("Nobody has decided yet."),
    N_("Waiting for approval: %1 of %2. Ctrl-C gives up."),
    N_("Waiting for approval: %1 of %2. The number is %3. Ctrl-C gives up."),
    N_("Sign-in: %1 at %2"),
    N_("Approval wanted: %1 at %2"),
    N_("Somebody waits for your approval"),
    N_("%1 is signing in to %2 (%3) from %4."),
    N_("%1 wants to run on %2 as %3: %4 (in %5)"),
    N_("%1 asks on %2: %3"),
    N_("The number there is %1. Approve only if it is the one that you see where you are signing in."),
    N_("To approve, type the number that you see where you are signing in."),
    N_("Open"),
    N_("Approve"),
    N_("Not now"),
};
static_assert(std::find(english.begin(), english.end(), nullptr) == english.end());

// A name of the environment, as it was before.
class Kept {
  public:
    explicit Kept(const char* name) : name_(name) {
        if (const char* value = std::getenv(name)) {
            value_ = value;
        }
    }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() {
        if (value_) {
            setenv(name_, value_->c_str(), 1);
        } else {
            unsetenv(name_);
        }
    }

  private:
    const char* name_;
    std::optional<std::string> value_;
};

}  // namespace

std::string_view name(Language language) noexcept {
    return names[static_cast<std::size_t>(language)];
}

std::optional<Language> parse_language(std::string_view text) noexcept {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<Language>(found - names.begin());
}

Phrases::Phrases() noexcept {
    for (auto& texts : texts_) {
        std::copy(english.begin(), english.end(), texts.begin());
    }
}

// gettext asks the variable LANGUAGE which catalogue to read, but in no locale called "C"; C.UTF-8 is always
// there. So no Japanese locale has to be installed for Japanese prompts.
void Phrases::load(const std::vector<Language>& languages, const std::string& directory) {
    const Kept language_before("LANGUAGE");
    const char* const before = std::setlocale(LC_MESSAGES, nullptr);
    const std::string locale_before = before == nullptr ? "C" : before;
    if (std::setlocale(LC_MESSAGES, "C.UTF-8") == nullptr) {
        return;
    }
    bindtextdomain(domain, directory.c_str());
    bind_textdomain_codeset(domain, "UTF-8");
    translated_.reserve(language_count * phrase_count);  // views into it stay
    for (const Language language : languages) {
        setenv("LANGUAGE", std::string(name(language)).c_str(), 1);
        bindtextdomain(domain, directory.c_str());  // so that gettext asks the variable again
        for (std::size_t i = 0; i < phrase_count && language != Language::english; ++i) {
            if (translated_.size() == translated_.capacity()) {
                break;
            }
            translated_.emplace_back(dgettext(domain, english[i]));
            texts_[static_cast<std::size_t>(language)][i] = translated_.back();
        }
    }
    std::setlocale(LC_MESSAGES, locale_before.c_str());
}

std::string_view Phrases::text(Language language, Phrase phrase) const noexcept {
    return texts_[static_cast<std::size_t>(language)][static_cast<std::size_t>(phrase)];
}

}  // namespace warifu
