// What people at a door are told, in the language of the door. The whole of it is in one table (phrases.cpp),
// so that translators and readers see all that a sign-in can say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

enum class Language : std::uint8_t { english, japanese };
inline constexpr std::size_t language_count = 2;

std::string_view name(Language language) noexcept;  // "en", "ja": ISO 639-1
std::optional<Language> parse_language(std::string_view text) noexcept;

enum class Phrase : std::uint8_t {
    code_prompt,
    recovery_last,
    recovery_one_left,
    recovery_left,  // %1: how many
    clock_slow,     // %1: seconds
    clock_fast,
    shared_replaced,  // %1: days
    announced,        // %1: a date
    enrol_scan,
    enrol_type_in,
    enrol_key,      // %1: the key
    enrol_totp,     // %1: digits, %2: seconds, %3: algorithm
    enrol_hotp,     // %1: digits, %2: algorithm
    enrol_others,   // %1: where
    enrol_support,  // %1: the operator's words
    enrol_prompt,
    enrol_prompt_ascii,
    enrol_wrong,
    enrol_failed,
    enrol_codes,
    enrol_codes_prompt,
    enrol_codes_again,
    enrol_done,
    code_prompt_mail,     // m has a code mailed
    mail_sent,            // before a prompt, whether or not there is anybody to mail to
    mail_title,           // %1: host
    mail_text,            // %1: who, %2: host, %3: the code
    approval_own_either,  // prompts; %1: approval_number_aside or nothing, %2: approval_mail_aside or nothing
    approval_own_both,    // who signs in approves; the code is wanted as well
    approval_own_none,    // the code does not count; without %2
    approval_other_either,  // somebody else approves
    approval_other_both,
    approval_other_none,
    approval_number_aside,  // %1: the number
    approval_mail_aside,
    approval_again,         // before a prompt, where nobody has decided yet
    approval_waits,         // %1: how many have approved, %2: of how many
    approval_waits_number,  // %3: the number
    approval_title,         // of a message; %1: who, %2: host
    approval_title_action,
    approval_title_blind,
    approval_sign_in,       // %1: who, %2: host, %3: service, %4: from where
    approval_command,       // %1: who, %2: host, %3: as whom, %4: the command, %5: the directory
    approval_message,       // %1: who, %2: host, %3: in their words
    approval_number,        // %1: the number
    approval_number_typed,  // the approver types the number
    approval_open,          // the labels of buttons
    approval_approve,
    approval_deny,
};
inline constexpr std::size_t phrase_count = 49;

// PAM promises 512 bytes with the NUL (PAM_MAX_MSG_SIZE); with what stands around them, prompts stay below
// it.
inline constexpr std::size_t max_prompt_bytes = 511;

class Phrases {
  public:
    Phrases() noexcept;  // English alone
    Phrases(Phrases&&) noexcept = default;
    Phrases& operator=(Phrases&&) = delete;

    // Reads the catalogues of `languages` that gettext finds below `directory`; what is missing there is said
    // in English. It moves the process's locale and environment while it runs and puts them back: only before
    // any other thread is started.
    void load(const std::vector<Language>& languages, const std::string& directory);

    std::string_view text(Language language, Phrase phrase) const noexcept;

  private:
    std::array<std::array<std::string_view, phrase_count>, language_count> texts_;
    std::vector<std::string> translated_;  // what the views of other languages look at
};

}  // namespace warifu
