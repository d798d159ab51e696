#include "core/account/state.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::uint16_t state_format = 1;
constexpr std::uint8_t flag_seen = 1, flag_suspended = 2, flag_required = 4, flag_shared = 8;
constexpr const char* damaged = "a state record is damaged: restore the store from a backup";

// Appends little-endian numbers; its size is checked once, at the end.
class Writer {
  public:
    template <typename T>
    void number(T value) {
        auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes_.push_back(static_cast<char>(bits & 0xff));
            bits = static_cast<decltype(bits)>(bits >> (sizeof(T) > 1 ? 8 : 0));
        }
    }
    template <std::size_t N>
    void bytes(const std::array<std::uint8_t, N>& value) {
        bytes_.append(reinterpret_cast<const char*>(value.data()), N);
    }
    void raw(std::string_view value) { bytes_.append(value); }
    template <std::int64_t W, std::int64_t T>
    void window(const WindowCount<W, T>& count) {
        number(static_cast<std::uint32_t>(count.newest()));
        for (const auto value : count.counts()) {
            number(value);
        }
    }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    std::string_view raw(std::size_t size) {
        if (size > bytes_.size()) {
            throw Unavailable("a state record is cut short: restore the store from a backup");
        }
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    template <typename T>
    T number() {
        std::make_unsigned_t<T> bits = 0;
        const auto from = raw(sizeof(T));
        for (std::size_t i = sizeof(T); i-- > 0;) {
            bits = static_cast<decltype(bits)>((sizeof(T) > 1 ? bits << 8 : 0) |
                                               static_cast<std::uint8_t>(from[i]));
        }
        return static_cast<T>(bits);
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> bytes() {
        std::array<std::uint8_t, N> value{};
        const auto from = raw(N);
        std::memcpy(value.data(), from.data(), N);
        return value;
    }
    template <std::int64_t W, std::int64_t T>
    void window(WindowCount<W, T>& count) {
        const auto newest = number<std::uint32_t>();
        std::array<std::uint16_t, WindowCount<W, T>::buckets> counts{};
        for (auto& value : counts) {
            value = number<std::uint16_t>();
        }
        count.restore(newest, counts);
    }
    std::string_view rest() { return raw(bytes_.size()); }
    std::size_t count(std::size_t most) {
        const std::size_t n = number<std::uint8_t>();
        if (n > most) {
            throw Unavailable(damaged);
        }
        return n;
    }

  private:
    std::string_view bytes_;
};

// What came after the first version, behind its fields: a version that does not know a field keeps it.
std::string encode_later(const State& state) {
    Writer out;
    if (!state.remembered.empty() || !state.unknown_fields.empty()) {
        out.number(static_cast<std::uint8_t>(state.remembered.size()));
        for (const auto& entry : state.remembered) {
            out.number(entry.door);
            out.number(entry.at);
            out.number(entry.seconds);
        }
        out.raw(state.unknown_fields);
    }
    return out.take();
}

void decode_later(std::string_view bytes, State& state) {
    if (bytes.empty()) {
        return;
    }
    Reader in(bytes);
    state.remembered.resize(in.count(max_remembered));
    for (auto& entry : state.remembered) {
        entry.door = in.number<std::uint64_t>();
        entry.at = in.number<std::int64_t>();
        entry.seconds = in.number<std::uint32_t>();
    }
    state.unknown_fields = in.rest();
}

}  // namespace

std::string encode(const State& state) {
    Writer out;
    out.number(state_format);
    out.number(
        static_cast<std::uint8_t>((state.seen ? flag_seen : 0) | (state.suspended ? flag_suspended : 0) |
                                  (state.required ? flag_required : 0) | (state.shared ? flag_shared : 0)));
    out.number(state.last_success);
    out.number(state.last_failure);
    out.number(state.failures);
    out.number(state.serial);
    out.number(state.resets);
    out.number(std::int64_t{0});  // free
    out.number(state.enrol_until);
    out.number(static_cast<std::uint8_t>(state.authenticators.size()));
    for (const auto& entry : state.authenticators) {
        out.bytes(entry.tag);
        out.number(entry.last);
        out.number(entry.last_used);
        out.number(entry.drift);
        out.number(entry.side);
    }
    out.number(static_cast<std::uint8_t>(state.recovery.size()));
    for (const auto& entry : state.recovery) {
        out.bytes(entry.salt);
        out.number(entry.spent);
    }
    out.number(static_cast<std::uint8_t>(state.budgets.size()));
    for (const auto& entry : state.budgets) {
        out.number(entry.compartment);
        out.window(entry.hour);
        out.window(entry.day);
        out.window(entry.month);
    }
    out.number(static_cast<std::uint8_t>(state.known.size()));
    for (const auto& entry : state.known) {
        out.bytes(entry.source.encode());
        out.number(entry.last_success);
        out.number(entry.blocked_until);
        out.number(entry.failures_in_a_row);
        out.window(entry.day);
        out.window(entry.month);
    }
    out.number(static_cast<std::uint8_t>(state.failing.size()));
    for (const auto& entry : state.failing) {
        out.bytes(entry.source.encode());
        out.number(entry.last);
        out.number(entry.failures);
    }
    const std::string later = encode_later(state);
    out.number(static_cast<std::uint16_t>(later.size()));
    out.raw(later);
    std::string document = out.take();
    if (document.size() > state_document_bytes) {
        throw Unavailable(
            "a state record has outgrown its row: this is a fault of Warifu's, please report it");
    }
    document.resize(state_document_bytes, '\0');
    return document;
}

State decode_state(std::string_view document) {
    State state;
    if (document.empty()) {
        return state;
    }
    if (document.size() != state_document_bytes) {
        throw Unavailable("a state record has the wrong size: restore the store from a backup");
    }
    Reader in(document);
    if (in.number<std::uint16_t>() != state_format) {
        throw Unavailable("a state record was written by a newer Warifu: upgrade this host");
    }
    const auto flags = in.number<std::uint8_t>();
    state.seen = (flags & flag_seen) != 0;
    state.suspended = (flags & flag_suspended) != 0;
    state.required = (flags & flag_required) != 0;
    state.shared = (flags & flag_shared) != 0;
    state.last_success = in.number<std::int64_t>();
    state.last_failure = in.number<std::int64_t>();
    state.failures = in.number<std::uint32_t>();
    state.serial = in.number<std::uint64_t>();
    state.resets = in.number<std::uint32_t>();
    (void)in.number<std::int64_t>();
    state.enrol_until = in.number<std::int64_t>();
    state.authenticators.resize(in.count(max_authenticators));
    for (auto& entry : state.authenticators) {
        entry.tag = in.bytes<sizeof(Tag)>();
        entry.last = in.number<std::int64_t>();
        entry.last_used = in.number<std::int64_t>();
        entry.drift = in.number<std::int8_t>();
        entry.side = in.number<std::int8_t>();
        if (entry.last < -1 || std::abs(int{entry.drift}) > most_resynced_drift ||
            std::abs(int{entry.side}) > 1) {
            throw Unavailable(damaged);
        }
    }
    state.recovery.resize(in.count(2));
    for (auto& entry : state.recovery) {
        entry.salt = in.bytes<sizeof(RecoverySalt)>();
        entry.spent = in.number<std::uint16_t>();
    }
    state.budgets.resize(in.count(max_compartments));
    for (auto& entry : state.budgets) {
        entry.compartment = in.number<std::uint64_t>();
        in.window(entry.hour);
        in.window(entry.day);
        in.window(entry.month);
    }
    state.known.resize(in.count(max_sources));
    for (auto& entry : state.known) {
        entry.source = SourceId::decode(in.bytes<SourceId::encoded_size>());
        entry.last_success = in.number<std::int64_t>();
        entry.blocked_until = in.number<std::int64_t>();
        entry.failures_in_a_row = in.number<std::uint16_t>();
        in.window(entry.day);
        in.window(entry.month);
    }
    state.failing.resize(in.count(max_sources));
    for (auto& entry : state.failing) {
        entry.source = SourceId::decode(in.bytes<SourceId::encoded_size>());
        entry.last = in.number<std::int64_t>();
        entry.failures = in.number<std::uint32_t>();
    }
    decode_later(in.raw(in.number<std::uint16_t>()), state);
    return state;
}

AuthenticatorState& authenticator_state(State& state, const Tag& tag, std::span<const Tag> active) {
    auto& list = state.authenticators;
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.tag == tag; });
    if (found != list.end()) {
        return *found;
    }
    if (list.size() >= max_authenticators) {
        const auto wanted = [&](const auto& entry) {
            const bool kept = std::find(active.begin(), active.end(), entry.tag) != active.end();
            return std::pair(kept, entry.last_used);
        };
        list.erase(std::min_element(list.begin(), list.end(),
                                    [&](const auto& a, const auto& b) { return wanted(a) < wanted(b); }));
    }
    list.emplace_back().tag = tag;
    return list.back();
}

const AuthenticatorState* find_authenticator_state(const State& state, const Tag& tag) noexcept {
    for (const auto& entry : state.authenticators) {
        if (entry.tag == tag) {
            return &entry;
        }
    }
    return nullptr;
}

RecoveryState& recovery_state(State& state, const RecoverySalt& salt) {
    for (auto& entry : state.recovery) {
        if (entry.salt == salt) {
            return entry;
        }
    }
    if (state.recovery.size() >= 2) {
        state.recovery.erase(state.recovery.begin());
    }
    state.recovery.emplace_back().salt = salt;
    return state.recovery.back();
}

std::size_t recovery_codes_left(const Credentials& credentials, const State& state) noexcept {
    if (!credentials.recovery) {
        return 0;
    }
    std::size_t left = credentials.recovery->digests.size();
    for (const auto& entry : state.recovery) {
        if (entry.salt == credentials.recovery->salt) {
            left -= std::min<std::size_t>(left, static_cast<std::size_t>(__builtin_popcount(entry.spent)));
        }
    }
    return left;
}

}  // namespace warifu
