#include "core/source/text_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <set>
#include <string_view>

#include "core/error/error.h"
#include "core/otp/key_uri.h"
#include "core/source/owned_file.h"

namespace warifu {

namespace {

constexpr std::string_view blanks = " \t\r";

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& problem) {
    throw Unavailable(path + ": line " + std::to_string(line) + ": " + problem);
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

// Hands out the lines of a file one by one, whatever its size, from one buffer that is wiped.
class Lines {
  public:
    Lines(const Descriptor& file, const std::string& path)
        : file_(file), path_(path), buffer_(Secret::max_size) {}

    // The next line without its end; nullopt at the end of the file. It holds until the next call.
    std::optional<std::string_view> next() {
        ++number_;
        while (true) {
            const std::size_t line_end = ready().find('\n');
            if (line_end != std::string_view::npos) return take(ready().substr(0, line_end), line_end + 1);
            if (ready().size() > max_text_line_bytes) refuse_long();
            if (fill()) continue;
            if (ready().empty()) return std::nullopt;
            return take(ready(), ready().size());
        }
    }

    std::size_t number() const noexcept { return number_; }  // of the line handed out last, from 1
    std::size_t bytes_read() const noexcept { return total_; }

  private:
    [[noreturn]] void refuse_long() const {
        refuse(path_, number_, "longer than " + std::to_string(max_text_line_bytes) + " bytes");
    }

    // What was read and not handed out; fill() moves it.
    std::string_view ready() const noexcept { return buffer_.text().substr(begin_, end_ - begin_); }

    std::string_view take(std::string_view line, std::size_t with_its_end) {
        if (line.size() > max_text_line_bytes) refuse_long();
        begin_ += with_its_end;
        return line;
    }

    // More of the file behind what is left of it; false at its end.
    bool fill() {
        const auto bytes = buffer_.writable();
        std::memmove(bytes.data(), bytes.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
        ssize_t got = 0;
        do {
            got = ::read(file_.get(), bytes.data() + end_, bytes.size() - end_);
        } while (got < 0 && errno == EINTR);
        if (got < 0) refuse_by_errno(path_);
        end_ += static_cast<std::size_t>(got);
        total_ += static_cast<std::size_t>(got);
        if (total_ > max_text_file_bytes) throw Unavailable(path_ + ": is larger than 100 MB");
        return got > 0;
    }

    const Descriptor& file_;
    const std::string& path_;
    Secret buffer_;
    std::size_t begin_ = 0, end_ = 0, total_ = 0, number_ = 0;
};

// A name behind a byte order mark, or in UTF-16, would be taken for one that is not in the file.
void refuse_byte_order_mark(std::string_view first_line, const std::string& path) {
    for (const char* mark : {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"})
        if (first_line.starts_with(mark))
            refuse(path, 1, "begins with a byte order mark, the file must be UTF-8");
}

// What follows the name, if the line is this name's; nullopt if it is another's, a comment or blank.
std::optional<std::string_view> rest_of_line_of(std::string_view name, std::string_view line) noexcept {
    line = trimmed(line);
    if (line.starts_with('#') || !line.starts_with(name)) return std::nullopt;
    line.remove_prefix(name.size());
    if (!line.empty() && blanks.find(line.front()) == std::string_view::npos) return std::nullopt;
    return trimmed(line);
}

// The longest beginning of `text` that fits a label and ends with a whole character.
std::string cut_to_label(const std::string& text) {
    std::size_t size = std::min(text.size(), max_label_bytes);
    while (size > 0 && size < text.size() && (static_cast<std::uint8_t>(text[size]) & 0xc0U) == 0x80) --size;
    return text.substr(0, size);
}

Authenticator authenticator(KeyUri key, std::size_t number) {
    char id[17];
    std::snprintf(id, sizeof id, "%016zx", number);
    const std::string label = key.account.empty() ? key.issuer : key.account;
    return {.id = id,
            .label = label.empty() ? "key " + std::to_string(number) : cut_to_label(label),
            .otp = key.otp,
            .counter = key.counter,
            .created = 0,
            .secret = std::move(key.secret)};
}

void add_line(Credentials& credentials, std::string_view uri, const std::string& path, std::size_t line) {
    if (credentials.authenticators.size() == max_authenticators)
        refuse(path, line, "more than " + std::to_string(max_authenticators) + " keys for one name");
    try {
        credentials.authenticators.push_back(
            authenticator(parse_uri(uri), credentials.authenticators.size() + 1));
        check_label(credentials.authenticators.back().label);
    } catch (const Invalid& invalid) {
        refuse(path, line, "not a usable key URI (" + invalid.field + ")");  // what() might quote it
    }
}

}  // namespace

std::optional<Credentials> read_text_file(const std::string& path, const Subject& subject) {
    const std::optional<Descriptor> file = open_owned_file(AT_FDCWD, path, ::geteuid(), path);
    if (!file) throw Unavailable(path + ": does not exist");
    Credentials credentials;
    credentials.subject = subject;
    Lines lines(*file, path);
    while (const std::optional<std::string_view> line = lines.next()) {
        if (lines.number() == 1) refuse_byte_order_mark(*line, path);
        if (const std::optional<std::string_view> uri = rest_of_line_of(subject.name, *line))
            add_line(credentials, *uri, path, lines.number());
    }
    if (lines.bytes_read() == 0) throw Unavailable(path + ": is empty");
    if (credentials.authenticators.empty()) return std::nullopt;
    return credentials;
}

std::vector<std::string> names_in_text_file(const std::string& path, std::size_t most) {
    const std::optional<Descriptor> file = open_owned_file(AT_FDCWD, path, ::geteuid(), path);
    if (!file) throw Unavailable(path + ": does not exist");
    std::set<std::string, std::less<>> names;
    Lines lines(*file, path);
    while (const std::optional<std::string_view> next = lines.next()) {
        if (lines.number() == 1) refuse_byte_order_mark(*next, path);
        const std::string_view line = trimmed(*next);
        const std::string_view name = line.substr(0, line.find_first_of(blanks));
        if (name.empty() || name.starts_with('#')) continue;
        names.emplace(name);
        if (names.size() > most)
            throw Unavailable(path + ": has more than " + std::to_string(most) + " names");
    }
    if (lines.bytes_read() == 0) throw Unavailable(path + ": is empty");
    return {names.begin(), names.end()};
}

}  // namespace warifu
