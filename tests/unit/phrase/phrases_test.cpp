#include "core/phrase/phrases.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <string>

namespace warifu {
namespace {

// Ten codes of 19 characters, each with a blank or a line's end beside it.
constexpr std::size_t recovery_codes_bytes = 10 * 22;

Phrases loaded() {
    Phrases phrases;
    phrases.load({Language::japanese}, WARIFU_CATALOGUES);
    return phrases;
}

std::size_t bytes(const Phrases& phrases, Language language, std::initializer_list<Phrase> list) {
    std::size_t all = 0;
    for (const Phrase phrase : list) {
        all += phrases.text(language, phrase).size() + 1;
    }
    return all;
}

TEST(PhraseTexts, S16_EveryPhraseIsTranslatedAndEnglishStaysEnglish) {
    const Phrases plain, phrases = loaded();
    for (std::size_t i = 0; i < phrase_count; ++i) {
        const auto phrase = static_cast<Phrase>(i);
        EXPECT_EQ(phrases.text(Language::english, phrase), plain.text(Language::english, phrase));
        EXPECT_NE(phrases.text(Language::japanese, phrase), plain.text(Language::english, phrase)) << i;
    }
    EXPECT_EQ(phrases.text(Language::japanese, Phrase::code_prompt), "ワンタイムコード: ");
}

// PAM_MAX_MSG_SIZE of Linux-PAM: 512 bytes.
TEST(PhraseTexts, S16_PromptsStayBelowWhatPamPromises) {
    const Phrases phrases = loaded();
    for (const Language language : {Language::english, Language::japanese}) {
        for (const Phrase before : {Phrase::enrol_codes, Phrase::enrol_codes_again}) {
            EXPECT_LE(bytes(phrases, language, {before, Phrase::enrol_codes_prompt}) + recovery_codes_bytes,
                      max_prompt_bytes);
        }
        EXPECT_LE(bytes(phrases, language, {Phrase::enrol_wrong, Phrase::enrol_prompt_ascii}),
                  max_prompt_bytes);
    }
}

TEST(PhraseTexts, S16_WithoutACatalogueItIsEnglish) {
    Phrases phrases;
    phrases.load({Language::japanese}, "/nonexistent");
    EXPECT_EQ(phrases.text(Language::japanese, Phrase::code_prompt), "One-time code: ");
}

TEST(PhraseTexts, S16_TheProcessIsAsItWas) {
    ::setenv("LANGUAGE", "fr", 1);
    const std::string before = std::setlocale(LC_ALL, nullptr);
    (void)loaded();
    EXPECT_EQ(std::setlocale(LC_ALL, nullptr), before);
    EXPECT_STREQ(std::getenv("LANGUAGE"), "fr");
    ::unsetenv("LANGUAGE");
    (void)loaded();
    EXPECT_EQ(std::getenv("LANGUAGE"), nullptr);
}

}  // namespace
}  // namespace warifu
