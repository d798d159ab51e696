#include "ipc/wire/flat_reply.h"

#define JSMN_STATIC
#define JSMN_STRICT
#include <jsmn.h>

#include <cstring>

#include "ipc/wire/utf8.h"

namespace warifu::wire {
namespace {

constexpr char null_word[] = "null";
constexpr std::size_t most_digits = 18;  // always fits long long

// Tokens of one message, in the order of their beginnings.
struct Tokens {
    jsmntok_t token[FlatReply::max_tokens];
    int count = 0;
    std::string_view message;

    std::string_view raw(int at) const noexcept {
        return {message.data() + token[at].start, static_cast<std::size_t>(token[at].end - token[at].start)};
    }
    // The first token behind the value at `at`.
    int after(int at) const noexcept {
        int next = at + 1;
        while (next < count && token[next].start < token[at].end) ++next;
        return next;
    }
    // A name with one value, and the value is there.
    bool pair(int at) const noexcept {
        return token[at].type == JSMN_STRING && token[at].size == 1 && at + 1 < count;
    }
};

bool hex_digit(char c, unsigned* value) noexcept {
    if (c >= '0' && c <= '9') return *value = static_cast<unsigned>(c - '0'), true;
    if (c >= 'a' && c <= 'f') return *value = static_cast<unsigned>(c - 'a' + 10), true;
    if (c >= 'A' && c <= 'F') return *value = static_cast<unsigned>(c - 'A' + 10), true;
    return false;
}

// Takes four hex digits off `rest`.
bool take_hex(std::string_view* rest, unsigned long* value) noexcept {
    if (rest->size() < 4) return false;
    *value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        unsigned digit = 0;
        if (!hex_digit((*rest)[i], &digit)) return false;
        *value = *value << 4 | digit;
    }
    rest->remove_prefix(4);
    return true;
}

// Takes what follows `\u`, the second half of a surrogate pair too (RFC 8259 section 7).
bool take_unicode(std::string_view* rest, unsigned long* code_point) noexcept {
    if (!take_hex(rest, code_point)) return false;
    bool const leads = *code_point >= 0xD800 && *code_point <= 0xDBFF;
    if (!leads || rest->size() < 6 || (*rest)[0] != '\\' || (*rest)[1] != 'u') return true;
    std::string_view second = *rest;
    second.remove_prefix(2);
    unsigned long low = 0;
    if (!take_hex(&second, &low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return true;
    *code_point = 0x10000 + ((*code_point - 0xD800) << 10) + (low - 0xDC00);
    *rest = second;
    return true;
}

bool take_escape(std::string_view* rest, unsigned long* code_point) noexcept {
    constexpr char letters[] = "\"\\/bfnrt";
    constexpr char meanings[] = "\"\\/\b\f\n\r\t";
    if (rest->empty()) return false;
    char const letter = (*rest)[0];
    rest->remove_prefix(1);
    if (letter == 'u') return take_unicode(rest, code_point);
    const char* const found = letter == '\0' ? nullptr : std::strchr(letters, letter);
    if (found == nullptr) return false;
    *code_point = static_cast<unsigned char>(meanings[found - letters]);
    return true;
}

// The next character of a JSON string as UTF-8; false where there is none that may stand there.
bool take_character(std::string_view* rest, char (&out)[4], std::size_t* length) noexcept {
    if ((*rest)[0] == '\\') {
        rest->remove_prefix(1);
        unsigned long code_point = 0;
        if (!take_escape(rest, &code_point) || code_point == 0) return false;
        *length = utf8_encode(code_point, out);
        return true;
    }
    *length = utf8_character(*rest);
    if (*length == 0 || static_cast<unsigned char>((*rest)[0]) < 0x20) return false;
    std::memcpy(out, rest->data(), *length);
    rest->remove_prefix(*length);
    return true;
}

}  // namespace

bool FlatReply::parse(std::string_view message) noexcept {
    count_ = 0;
    error_ = {};
    Tokens tokens;
    tokens.message = message;
    jsmn_parser parser;
    jsmn_init(&parser);
    tokens.count = jsmn_parse(&parser, message.data(), message.size(), tokens.token, max_tokens);
    if (tokens.count < 1 || tokens.token[0].type != JSMN_OBJECT || tokens.after(0) != tokens.count)
        return false;
    int parameters = -1;
    for (int at = 1; at < tokens.count; at = tokens.after(at + 1)) {
        if (!tokens.pair(at)) return false;
        if (tokens.raw(at) == "parameters") parameters = at + 1;
        if (tokens.raw(at) != "error") continue;
        error_ = tokens.raw(at + 1);
        if (tokens.token[at + 1].type != JSMN_STRING || error_.empty()) return false;
    }
    if (parameters < 0) return true;
    if (tokens.token[parameters].type != JSMN_OBJECT) return false;
    int const end = tokens.after(parameters);
    for (int at = parameters + 1; at < end; at = tokens.after(at + 1)) {
        if (!tokens.pair(at)) return false;
        auto const type = tokens.token[at + 1].type;
        auto const kind = type == JSMN_STRING      ? Value::Kind::string
                          : type == JSMN_PRIMITIVE ? Value::Kind::primitive
                                                   : Value::Kind::nested;
        entries_[count_++] = {tokens.raw(at), {kind, tokens.raw(at + 1)}};
    }
    return true;
}

const FlatReply::Value* FlatReply::find(std::string_view key) const noexcept {
    for (int i = 0; i < count_; ++i) {
        const Entry& entry = entries_[i];
        if (entry.key != key) continue;
        if (entry.value.kind == Value::Kind::primitive && entry.value.raw == null_word) return nullptr;
        return &entry.value;
    }
    return nullptr;
}

FlatReply::Field FlatReply::text(std::string_view key, char* out, std::size_t capacity,
                                 std::size_t* length) const noexcept {
    const Value* const value = find(key);
    if (value == nullptr) return Field::absent;
    if (value->kind != Value::Kind::string) return Field::malformed;
    std::string_view rest = value->raw;
    std::size_t used = 0;
    while (!rest.empty()) {
        char character[4];
        std::size_t size = 0;
        if (!take_character(&rest, character, &size) || used + size >= capacity) return Field::malformed;
        std::memcpy(out + used, character, size);
        used += size;
    }
    if (used >= capacity) return Field::malformed;
    out[used] = '\0';
    *length = used;
    return Field::present;
}

FlatReply::Field FlatReply::integer(std::string_view key, long long* value) const noexcept {
    const Value* const found = find(key);
    if (found == nullptr) return Field::absent;
    std::string_view digits = found->raw;
    bool const negative = !digits.empty() && digits[0] == '-';
    if (negative) digits.remove_prefix(1);
    if (found->kind != Value::Kind::primitive || digits.empty() || digits.size() > most_digits)
        return Field::malformed;
    long long result = 0;
    for (char const c : digits) {
        if (c < '0' || c > '9') return Field::malformed;
        result = result * 10 + (c - '0');
    }
    *value = negative ? -result : result;
    return Field::present;
}

FlatReply::Field FlatReply::boolean(std::string_view key, bool* value) const noexcept {
    const Value* const found = find(key);
    if (found == nullptr) return Field::absent;
    bool const is_true = found->raw == "true";
    if (found->kind != Value::Kind::primitive || (!is_true && found->raw != "false")) return Field::malformed;
    *value = is_true;
    return Field::present;
}

}  // namespace warifu::wire
