// What the tool says, in the language of the person's locale (gettext, domain "warifu"). Scripts are spoken
// to in English: nothing in JSON is ever translated.
#pragma once

#include <string>
#include <string_view>

#include "core/phrase/fill.h"

namespace warifu {

// Takes the locale over from the environment: the language of messages and the width of characters. Numbers
// stay as they are in English, since some of them are read by programs.
void use_locale();

// The translation of an English text, or the text itself where there is none. Lives as long as the program.
const char* tr(const char* text) noexcept;
// The same with a number that decides between the forms: trn("%1 code left", "%1 codes left", n).
const char* trn(const char* one, const char* many, unsigned long number) noexcept;
// The same for a text that is no literal, as of a table; nothing for nothing.
std::string tr_text(std::string_view text);
// What was said of a failure, by warifud or by the tool (messages.h), which is English with its values in it:
// translated where the translators know the sentence.
std::string tr_message(std::string_view message);

}  // namespace warifu
