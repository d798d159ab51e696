#include "core/otp/key_uri.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {

namespace {

constexpr std::string_view scheme = "otpauth://";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::uint64_t max_counter = std::numeric_limits<std::int64_t>::max();  // code_at takes it signed

bool unreserved(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// What may stand unencoded in a path segment or a query (RFC 3986 sections 3.3 and 3.4); '&' and '=' have
// been split off before.
bool may_stand_raw(char c) noexcept {
    return unreserved(c) || std::string_view("!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The length of the UTF-8 sequence (RFC 3629) that `text` begins with: 0 where it is broken, overlong, a
// surrogate, or a control character (C0, DEL, C1).
std::size_t printable_sequence(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80) return 0;
    const std::uint8_t second = byte(1);
    const bool refused = (lead == 0xc2 && second < 0xa0) || (lead == 0xe0 && second < 0xa0) ||
                         (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
                         (lead == 0xf4 && second > 0x8f);
    return refused ? 0 : length;
}

bool printable(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = printable_sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void check_name(const char* field, std::string_view text, std::size_t most) {
    if (text.size() > most)
        throw Invalid(field, std::string(field) + " is longer than " + std::to_string(most) + " bytes");
    if (text.find(':') != std::string_view::npos || !printable(text))
        throw Invalid(field, std::string(field) + " holds ':', a control character or broken UTF-8");
    if (text.starts_with(' ') || text.ends_with(' '))
        throw Invalid(field, std::string(field) + " begins or ends with a blank");
}

void check_key(const KeyUri& key) {
    check(key.otp);
    if (key.otp.t0 != 0) throw Invalid("t0", "a key URI cannot say that time steps do not count from 1970");
    check_name("issuer", key.issuer, max_issuer_bytes);
    check_name("account", key.account, max_account_bytes);
    if (key.account.empty()) throw Invalid("account", "account is missing");
    if (key.secret.size() < min_secret_bytes || key.secret.size() > max_secret_bytes)
        throw Invalid("secret", "secret has " + std::to_string(key.secret.size() * 8) +
                                    " bits; it can have " + std::to_string(min_secret_bytes * 8) + " to " +
                                    std::to_string(max_secret_bytes * 8));
    if (key.counter > max_counter) throw Invalid("counter", "counter is above 2^63-1");
}

// Every byte encoded, and nine short parameters' names and values beside.
static_assert(3 * (2 * max_issuer_bytes + max_account_bytes) + max_secret_bytes * 8 / 5 + 128 <
              max_uri_bytes);

// Writes a URI into memory that is wiped. The assertion above is its bound.
class Writer {
  public:
    void raw(std::string_view text) {
        for (const char c : text) put(c);
    }
    void encoded(std::string_view text) {
        for (const char c : text) {
            if (unreserved(c)) {
                put(c);
                continue;
            }
            const auto byte = static_cast<std::uint8_t>(c);
            put('%');
            put(hex_digits[byte >> 4U]);
            put(hex_digits[byte & 15U]);
        }
    }
    Secret take() && {
        uri_.truncate(size_);
        return std::move(uri_);
    }

  private:
    void put(char c) { uri_.writable()[size_++] = static_cast<std::uint8_t>(c); }

    Secret uri_{max_uri_bytes};
    std::size_t size_ = 0;
};

// Decodes percent-encoding, and in a query '+' as the blank that apps read it as. Throws Invalid(field).
Secret decode(std::string_view text, const std::string& field, bool in_query) {
    Secret decoded(text.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) throw Invalid(field, "broken percent-encoding in " + field);
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (!may_stand_raw(c)) {
            throw Invalid(field, field + " holds a character that a URI must percent-encode");
        } else if (c == '+' && in_query) {
            c = ' ';
        }
        decoded.writable()[size++] = static_cast<std::uint8_t>(c);
    }
    decoded.truncate(size);
    return decoded;
}

// A whole number as we would write it: no sign, no leading zero.
std::uint64_t parse_number(std::string_view text, const char* field, std::uint64_t most) {
    std::uint64_t value = 0;
    const std::errc error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
    const bool whole = std::to_string(value).size() == text.size();
    if (error != std::errc() || !whole || value > most)
        throw Invalid(field, std::string(field) + " is not a whole number in its bounds");
    return value;
}

int parse_small_number(std::string_view text, const char* field) {
    constexpr std::uint64_t most = 9999;  // check() has the narrower bounds, and the message that names them
    return static_cast<int>(parse_number(text, field, most));
}

// The parameters that count, decoded, each at most once.
class Query {
  public:
    explicit Query(std::string_view text) {
        while (!text.empty()) {
            const std::string_view item = text.substr(0, text.find('&'));
            text.remove_prefix(std::min(item.size() + 1, text.size()));
            add(item);
        }
    }

    std::optional<std::string_view> find(std::string_view name) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name && values_[i]) return values_[i]->text();
        return std::nullopt;
    }

  private:
    void add(std::string_view item) {
        const std::size_t equals = std::min(item.find('='), item.size());
        const Secret name = decode(item.substr(0, equals), "uri", true);
        const auto known = std::ranges::find(names, name.text());
        const std::string field(known != names.end() ? *known : "uri");
        Secret value = decode(item.substr(std::min(equals + 1, item.size())), field, true);
        if (known == names.end()) return;
        std::optional<Secret>& slot = values_[static_cast<std::size_t>(known - names.begin())];
        if (slot) throw Invalid(field, field + " is given twice");
        slot = std::move(value);
    }

    static constexpr std::array<std::string_view, 6> names = {"secret", "issuer", "algorithm",
                                                              "digits", "period", "counter"};
    std::array<std::optional<Secret>, names.size()> values_;
};

OtpParameters parse_parameters(OtpKind kind, const Query& query) {
    OtpParameters otp;
    otp.kind = kind;
    if (const auto text = query.find("algorithm")) {
        const std::optional<Algorithm> algorithm = parse_algorithm(*text);
        if (!algorithm) throw Invalid("algorithm", "algorithm is none of SHA1, SHA256, SHA512");
        otp.algorithm = *algorithm;
    }
    if (const auto text = query.find("digits")) otp.digits = parse_small_number(*text, "digits");
    if (const auto text = query.find("period"); text && kind == OtpKind::totp)
        otp.period = parse_small_number(*text, "period");
    return otp;
}

// "ISSUER:ACCOUNT" or "ACCOUNT"; blanks after the ':' are no part of the account. The parameter counts where
// there is no prefix, and must agree where there is.
void parse_names(std::string_view label, std::optional<std::string_view> parameter, KeyUri& key) {
    const Secret decoded = decode(label, "account", false);
    std::string_view account = decoded.text();
    std::optional<std::string_view> prefix;
    if (const std::size_t colon = account.find(':'); colon != std::string_view::npos) {
        prefix = account.substr(0, colon);
        account.remove_prefix(std::min(account.find_first_not_of(' ', colon + 1), account.size()));
    }
    if (prefix && parameter && *prefix != *parameter)
        throw Invalid("issuer", "issuer differs between the label and the parameter");
    if (prefix && prefix->empty()) throw Invalid("issuer", "issuer is missing before the ':'");
    key.issuer = prefix ? *prefix : parameter.value_or("");
    key.account = account;
}

Secret parse_secret(const Query& query) {
    const std::optional<std::string_view> text = query.find("secret");
    if (!text) throw Invalid("secret", "secret is missing");
    std::optional<Secret> secret = base32_decode(*text);
    if (!secret) throw Invalid("secret", "secret is not base32");
    return std::move(*secret);
}

}  // namespace

Secret to_uri(const KeyUri& key) {
    check_key(key);
    Writer uri;
    uri.raw(scheme);
    uri.raw(name(key.otp.kind));
    uri.raw("/");
    if (!key.issuer.empty()) {
        uri.encoded(key.issuer);
        uri.raw(":");
    }
    uri.encoded(key.account);
    uri.raw("?secret=");
    uri.raw(base32_encode(key.secret.bytes()).text());
    if (!key.issuer.empty()) {
        uri.raw("&issuer=");
        uri.encoded(key.issuer);
    }
    uri.raw("&algorithm=");
    uri.raw(name(key.otp.algorithm));
    uri.raw("&digits=");
    uri.raw(std::to_string(key.otp.digits));
    uri.raw(key.otp.kind == OtpKind::hotp ? "&counter=" : "&period=");
    uri.raw(key.otp.kind == OtpKind::hotp ? std::to_string(key.counter) : std::to_string(key.otp.period));
    return std::move(uri).take();
}

KeyUri parse_uri(std::string_view uri) {
    if (uri.size() > max_uri_bytes)
        throw Invalid("uri", "a key URI has at most " + std::to_string(max_uri_bytes) + " bytes");
    if (uri.size() < scheme.size() || OPENSSL_strncasecmp(uri.data(), scheme.data(), scheme.size()) != 0)
        throw Invalid("uri", "a key URI begins with otpauth://");
    uri.remove_prefix(scheme.size());
    const std::size_t slash = std::min(uri.find('/'), uri.size());
    const std::optional<OtpKind> kind = parse_otp_kind(uri.substr(0, slash));
    if (!kind) throw Invalid("kind", "a key URI says totp/ or hotp/ after otpauth://");
    uri.remove_prefix(std::min(slash + 1, uri.size()));
    const std::size_t question = std::min(uri.find('?'), uri.size());
    const Query query(uri.substr(std::min(question + 1, uri.size())));

    KeyUri key;
    key.otp = parse_parameters(*kind, query);
    parse_names(uri.substr(0, question), query.find("issuer"), key);
    key.secret = parse_secret(query);
    if (*kind == OtpKind::hotp) {
        const std::optional<std::string_view> counter = query.find("counter");
        if (!counter) throw Invalid("counter", "counter is missing");
        key.counter = parse_number(*counter, "counter", max_counter);
    }
    check_key(key);
    return key;
}

}  // namespace warifu
