#include "core/source/google_file.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view option_mark = "\" ";
constexpr std::size_t scratch_digits = 8;
constexpr std::int64_t most_skew = 1'000'000;  // steps

struct Line {
    std::string_view text;
    std::size_t number = 0;  // from 1
};

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& problem) {
    throw Unavailable(path + ": line " + std::to_string(line) + ": " + problem);
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string_view take_line(std::string_view& rest) noexcept {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trimmed(line);
}

// As that module reads it: what is misread easily, and bits that are left over at the end.
std::optional<Secret> key_of(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    constexpr unsigned bits_of_a_character = 5, bits_of_a_byte = 8;
    Secret normal(text.size());
    std::size_t size = 0;
    for (char character : text) {
        if (character == ' ' || character == '\t' || character == '-') continue;
        if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
        if (character == '0') character = 'O';
        if (character == '1') character = 'L';
        if (character == '8') character = 'B';
        if (character == '=') break;
        if (alphabet.find(character) == std::string_view::npos) return std::nullopt;
        normal.writable()[size++] = static_cast<std::uint8_t>(character);
    }
    const auto left_over = [&] { return size * bits_of_a_character % bits_of_a_byte; };
    if (size != 0 && left_over() >= bits_of_a_character) --size;
    if (size != 0) {
        std::uint8_t& last = normal.writable()[size - 1];
        const auto value = alphabet.find(static_cast<char>(last));
        last = static_cast<std::uint8_t>(alphabet[value >> left_over() << left_over()]);
    }
    normal.truncate(size);
    return base32_decode(normal.text());
}

// A whole number alone, from..to.
std::int64_t number(std::string_view text, std::int64_t from, std::int64_t to, const std::string& path,
                    const Line& line) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < from || value > to)
        refuse(path, line.number, "the value of the option is out of bounds");
    return value;
}

struct Options {
    bool totp = false;
    std::int64_t counter = 0;
};

void read_option(const Line& line, const std::string& path, Options& options, Authenticator& key) {
    const std::string_view option = trimmed(line.text.substr(option_mark.size()));
    const auto blank = std::min(option.find_first_of(blanks), option.size());
    const std::string_view name = option.substr(0, blank), value = trimmed(option.substr(blank));
    const auto in = [&](std::int64_t from, std::int64_t to) { return number(value, from, to, path, line); };
    if (name == "TOTP_AUTH") {
        options.totp = true;
    } else if (name == "HOTP_COUNTER") {
        options.counter = in(0, std::numeric_limits<std::int64_t>::max() / 2);
    } else if (name == "STEP_SIZE") {
        key.otp.period = static_cast<int>(in(1, max_google_period));
    } else if (name == "WINDOW_SIZE") {
        key.window_codes = static_cast<int>(in(1, max_google_window));
    } else if (name == "TIME_SKEW") {
        key.skew = in(-most_skew, most_skew);
    } else if (name == "DIGITS") {
        key.otp.digits = static_cast<int>(in(min_digits, max_digits));
    } else if (name == "ALGORITHM") {
        const auto algorithm = parse_algorithm(value);
        if (!algorithm) refuse(path, line.number, "the algorithm is none of SHA1, SHA256 and SHA512");
        key.otp.algorithm = *algorithm;
    }
}

bool is_scratch_code(std::string_view text) noexcept {
    return text.size() == scratch_digits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void add_scratch_code(Credentials& credentials, const Line& line, const std::string& path) {
    auto& codes = credentials.scratch;
    if (std::any_of(codes.begin(), codes.end(),
                    [&](const Secret& code) { return constant_time_equal(code.text(), line.text); }))
        return;
    if (codes.size() == max_scratch_codes)
        refuse(path, line.number, "more than " + std::to_string(max_scratch_codes) + " scratch codes");
    codes.push_back(Secret::copy_of(line.text));
}

}  // namespace

Credentials parse_google_file(std::string_view content, const Subject& subject, const std::string& path) {
    constexpr int usual_window = 3;
    Credentials credentials;
    credentials.subject = subject;
    Authenticator key;
    key.id = "0000000000000001";
    key.label = "google-authenticator";
    key.window_codes = usual_window;
    std::string_view rest = content;
    auto secret = key_of(take_line(rest));
    if (!secret || secret->size() < min_secret_bytes || secret->size() > max_secret_bytes)
        refuse(path, 1, "is no key in base32 of 80 to 512 bits");
    key.secret = std::move(*secret);
    Options options;
    for (Line line{{}, 2}; !rest.empty(); ++line.number) {
        line.text = take_line(rest);
        if (line.text.starts_with(option_mark)) {
            read_option(line, path, options, key);
        } else if (is_scratch_code(line.text)) {
            add_scratch_code(credentials, line, path);
        }
    }
    if (options.counter > 0) {
        key.otp.kind = OtpKind::hotp;
        key.counter = static_cast<std::uint64_t>(options.counter);
    } else if (!options.totp) {
        throw Unavailable(path + ": has neither \"TOTP_AUTH\" nor a \"HOTP_COUNTER\" above zero");
    }
    credentials.authenticators.push_back(std::move(key));
    return credentials;
}

}  // namespace warifu
