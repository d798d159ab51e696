#include "notifier/mail.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "notifier/encoding.h"
#include "notifier/http_request.h"

namespace warifu::notifier {

namespace {

constexpr std::size_t columns = 76;
constexpr std::string_view subject_head = "Subject: ";

// RFC 2047: words of at most 75 characters, each of whole characters.
std::string encoded_words(std::string_view text) {
    constexpr std::string_view head = "=?UTF-8?B?", tail = "?=";
    constexpr std::size_t most = (columns - subject_head.size() - head.size() - tail.size()) / 4 * 3;
    std::string words;
    while (!text.empty()) {
        std::size_t size = std::min(most, text.size());
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) {
            --size;
        }
        words += (words.empty() ? "" : "\r\n ") + std::string(head) + base64(text.substr(0, size));
        words += tail;
        text.remove_prefix(size);
    }
    return words;
}

std::string subject(const std::string& title) {
    const bool plain = title.size() <= columns - subject_head.size() && title.find("=?") == title.npos &&
                       std::ranges::all_of(title, [](char c) { return c >= ' ' && c < 0x7F; });
    return plain ? title : encoded_words(title);
}

std::string date(std::int64_t now) {
    const std::time_t time = now;
    std::tm broken{};
    std::array<char, 64> text{};
    gmtime_r(&time, &broken);
    // (The program sets no locale, so that days and months are English ones.)
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &broken);
    return text.data();
}

std::string body(const Message& message) {
    std::string text;
    for (const char c : text_with_links(message) + "\n") {
        text += c == '\n' ? "\r\n" : std::string(1, c);
    }
    const std::string encoded = base64(text);
    std::string lines;
    for (std::size_t at = 0; at < encoded.size(); at += columns) {
        lines += encoded.substr(at, columns) + "\r\n";
    }
    return lines;
}

}  // namespace

std::string mail(const Channel& channel, const Message& message, std::int64_t now, std::string_view id) {
    const auto at = channel.from.rfind('@');
    const std::string domain = at == channel.from.npos ? "localhost" : channel.from.substr(at + 1);
    return "From: <" + channel.from + ">\r\n" +                    //
           "To: <" + channel.address + ">\r\n" +                   //
           std::string(subject_head) + subject(message.title) +    //
           "\r\nDate: " + date(now) +                              //
           "\r\nMessage-ID: <" + std::string(id) + "@" + domain +  //
           ">\r\nAuto-Submitted: auto-generated" +                 //
           "\r\nContent-Language: " + message.language +           //
           "\r\nMIME-Version: 1.0" +                               //
           "\r\nContent-Type: text/plain; charset=utf-8" +         //
           "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body(message);
}

}  // namespace warifu::notifier
