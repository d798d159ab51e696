#include "enroll_tool/doctor/pam_file.h"

#include <algorithm>
#include <cctype>

namespace warifu::doctor {

namespace {

constexpr std::string_view blanks = " \t\r\n";

struct Word {
    std::string text;
    bool bracketed = false;
};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// From after a "[" to its "]", in which "\]" stands for the character.
Word bracketed_word(std::string_view& rest) {
    Word word{"", true};
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != ']'; ++at) {
        if (rest[at] == '\\' && at + 1 < rest.size() && rest[at + 1] == ']') ++at;
        word.text += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return word;
}

std::vector<Word> words_of(std::string_view rest) {
    std::vector<Word> words;
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        if (rest.empty()) return words;
        if (rest.front() == '[') {
            words.push_back(bracketed_word(rest));
            continue;
        }
        const std::string_view word = rest.substr(0, rest.find_first_of(blanks));
        words.push_back({std::string(word), false});
        rest.remove_prefix(word.size());
    }
}

PamLine line_of(std::vector<Word> words, int number) {
    PamLine line;
    line.number = number;
    line.facility = lower(words[0].text);
    if (line.facility.starts_with('-')) {
        line.may_be_missing = true;
        line.facility.erase(0, 1);
    }
    if (line.facility == "@include") {
        line.module = words.size() > 1 ? words[1].text : "";
        return line;
    }
    if (words.size() > 1) {
        line.bracketed = words[1].bracketed;
        line.control = lower(words[1].text);
    }
    if (words.size() > 2) line.module = words[2].text;
    for (std::size_t i = 3; i < words.size(); ++i) line.arguments.push_back(words[i].text);
    return line;
}

// Takes one line off `text`, without its comment; true where it goes on with the next one.
bool take_line(std::string_view& text, std::string& into) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = whole.substr(0, whole.find('#'));
    const bool goes_on = line.size() == whole.size() && line.ends_with('\\');
    into.append(line.substr(0, line.size() - (goes_on ? 1 : 0))).append(" ");
    return goes_on;
}

}  // namespace

std::vector<PamLine> parse_pam_file(std::string_view text) {
    std::vector<PamLine> lines;
    int number = 1;
    while (!text.empty()) {
        const int first = number++;
        std::string line;
        while (take_line(text, line) && !text.empty()) ++number;
        if (auto words = words_of(line); !words.empty()) lines.push_back(line_of(std::move(words), first));
    }
    return lines;
}

}  // namespace warifu::doctor
