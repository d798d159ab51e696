#include "pam_module/answer.h"

#include <cstring>

#include "ipc/wire/utf8.h"

namespace warifu::pam {
namespace {

// What sshd answers for a user that it has refused already: this, repeated, cut to the length of what was
// typed (auth-pam.c, fake_password).
constexpr std::string_view sshd_fake = "\b\n\r\177INCORRECT";

constexpr int shortest_code = 6;              // RFC 4226 section 4, requirement 4
constexpr std::size_t recovery_length = 16;   // 80 bits in base32
constexpr std::size_t recovery_grouped = 19;  // as shown: ABCD-EFGH-IJKL-MNOP

bool is_sshd_fake(std::string_view typed) noexcept {
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != sshd_fake[i % sshd_fake.size()]) return false;
    }
    return !typed.empty();
}

// The digit that `text` ends with, ASCII or full-width (U+FF10 to U+FF19): its bytes, or 0.
std::size_t last_digit(std::string_view text, char* digit) noexcept {
    std::size_t const size = text.size();
    if (size >= 1 && text[size - 1] >= '0' && text[size - 1] <= '9') {
        *digit = text[size - 1];
        return 1;
    }
    if (size < 3 || text[size - 3] != '\xEF' || text[size - 2] != '\xBC') return 0;
    auto const last = static_cast<unsigned char>(text[size - 1]);
    if (last < 0x90 || last > 0x99) return 0;
    *digit = static_cast<char>('0' + (last - 0x90));
    return 3;
}

// The bytes of the last `count` characters if all are digits, written to `digits` as ASCII; 0 otherwise.
std::size_t digit_tail(std::string_view typed, int count, char* digits) noexcept {
    std::string_view rest = typed;
    for (int at = count - 1; at >= 0; --at) {
        std::size_t const size = last_digit(rest, &digits[at]);
        if (size == 0) return 0;
        rest.remove_suffix(size);
    }
    return typed.size() - rest.size();
}

bool base32(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
}

bool recovery_shaped(std::string_view text) noexcept {
    std::size_t characters = 0;
    for (char const c : text) {
        if (c == '-') continue;
        if (!base32(c)) return false;
        ++characters;
    }
    return characters == recovery_length && text.size() <= wire::max_answer_bytes;
}

bool grouped(std::string_view text) noexcept {
    return text.size() == recovery_grouped && text[4] == '-' && text[9] == '-' && text[14] == '-';
}

// What follows the last blank, if it has the shape of a recovery code.
std::string_view recovery_tail(std::string_view typed) noexcept {
    std::size_t const blank = typed.rfind(' ');
    if (blank == std::string_view::npos) return {};
    std::string_view const last(typed.data() + blank + 1, typed.size() - blank - 1);
    return recovery_shaped(last) ? last : std::string_view();
}

// Takes the next number off "8 7 6"; 0 at the end or for anything else.
int take_length(std::string_view* lengths) noexcept {
    while (!lengths->empty() && (*lengths)[0] == ' ') lengths->remove_prefix(1);
    int value = 0;
    while (!lengths->empty() && (*lengths)[0] >= '0' && (*lengths)[0] <= '9' && value <= wire::longest_tail) {
        value = value * 10 + ((*lengths)[0] - '0');
        lengths->remove_prefix(1);
    }
    return value <= wire::longest_tail ? value : 0;
}

}  // namespace

Answer plain_answer(std::string_view typed, const char* password) noexcept {
    if (is_sshd_fake(typed)) return {};
    if (password != nullptr && typed == password) return {wire::answer_password, {}};
    if (typed.size() > wire::max_answer_bytes || !wire::valid_utf8(typed)) return {};
    return {wire::answer_text, typed};
}

void SingleField::add_tail(std::string_view typed, int characters) noexcept {
    char digits[wire::longest_tail];
    std::size_t const bytes = digit_tail(typed, characters, digits);
    if (bytes != 0) {
        auto const count = static_cast<std::size_t>(characters);
        tails_[tail_count_++] = {characters, bytes};
        if (text_bytes_ != 0) text_[text_bytes_++] = ' ';
        std::memcpy(text_ + text_bytes_, digits, count);
        text_bytes_ += count;
    }
    explicit_bzero(digits, sizeof digits);
}

Answer SingleField::read(std::string_view typed, std::string_view tails) noexcept {
    typed_bytes_ = typed.size();
    tail_count_ = text_bytes_ = recovery_bytes_ = 0;
    if (is_sshd_fake(typed)) return {};
    std::string_view const recovery = recovery_tail(typed);
    // A passphrase whose last word has ten letters and takes a code with the digits 2 to 7 has the shape too,
    // so digits go first, unless the recovery code is grouped as it is shown.
    if (!grouped(recovery)) {
        while (int const characters = take_length(&tails)) {
            if (tail_count_ < wire::max_tails) add_tail(typed, characters);
        }
    }
    if (tail_count_ != 0) return {wire::answer_tails, std::string_view(text_, text_bytes_)};
    if (recovery.empty()) return {};
    recovery_bytes_ = recovery.size() + 1;
    return {wire::answer_recovery, recovery};
}

bool SingleField::password_bytes(long long tail, std::size_t* bytes) const noexcept {
    if (tail == 0) {
        *bytes = typed_bytes_ - recovery_bytes_;
        return true;
    }
    for (std::size_t i = 0; i < tail_count_; ++i) {
        if (tails_[i].characters != tail) continue;
        *bytes = typed_bytes_ - tails_[i].bytes;
        return true;
    }
    return false;
}

SingleField::~SingleField() {
    explicit_bzero(text_, sizeof text_);
}

bool could_hold_code(std::string_view typed) noexcept {
    char digits[shortest_code];
    bool const held = digit_tail(typed, shortest_code, digits) != 0 || !recovery_tail(typed).empty();
    explicit_bzero(digits, sizeof digits);
    return held;
}

}  // namespace warifu::pam
