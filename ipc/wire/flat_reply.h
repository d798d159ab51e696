// Reads one varlink reply whose parameters are flat, such as a step: text, whole numbers, booleans. Strict:
// what is not such a reply is refused whole. No C++ runtime, no allocation.
#pragma once

#include <cstddef>
#include <string_view>

namespace warifu::wire {

class FlatReply {
  public:
    static constexpr int max_tokens = 64;  // names and values together

    enum class Field { present, absent, malformed };  // null counts as absent

    // `message` outlives this. False: not a reply, or more tokens than that.
    bool parse(std::string_view message) noexcept;

    // The error's name, or empty for a reply that is none.
    std::string_view error() const noexcept { return error_; }

    // Unescapes into `out`, NUL-terminated; malformed where it does not fit or would hold a NUL or bytes that
    // are not UTF-8. `length` takes the size without the NUL.
    Field text(std::string_view key, char* out, std::size_t capacity, std::size_t* length) const noexcept;
    Field integer(std::string_view key, long long* value) const noexcept;  // up to 18 digits
    Field boolean(std::string_view key, bool* value) const noexcept;

  private:
    struct Value {
        enum class Kind { string, primitive, nested } kind;
        std::string_view raw;  // without its quotes
    };
    struct Entry {
        std::string_view key;
        Value value;
    };

    const Value* find(std::string_view key) const noexcept;

    Entry entries_[max_tokens / 2];
    int count_ = 0;
    std::string_view error_;
};

}  // namespace warifu::wire
