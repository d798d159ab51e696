// JSON into a buffer of fixed size, for calls from code without a C++ runtime. Whatever bytes go in, what
// comes out is valid JSON in valid UTF-8: control characters are escaped, bytes that are not UTF-8 become
// U+FFFD.
#pragma once

#include <cstddef>
#include <string_view>

namespace warifu::wire {

class JsonWriter {
  public:
    static constexpr int max_depth = 8;

    // The buffer outlives this.
    JsonWriter(char* buffer, std::size_t capacity) noexcept : buffer_(buffer), capacity_(capacity) {}

    // Every value has a key inside an object and none inside an array or at the top. Keys are literals that
    // need no escaping.
    void object(const char* key = nullptr) noexcept { open(key, '{', '}'); }
    void array(const char* key = nullptr) noexcept { open(key, '[', ']'); }
    void close() noexcept;  // the innermost object or array
    void integer(const char* key, long long value) noexcept;
    void boolean(const char* key, bool value) noexcept;
    // Text of more than `most` bytes is cut there, between characters, and ends with U+FFFD, so that a long
    // name never turns into another, shorter one.
    void string(const char* key, std::string_view text, std::size_t most) noexcept;

    // Ends the message with its NUL. Returns its size, NUL included, or 0 when it did not fit or something
    // was left open.
    std::size_t finish() noexcept;

  private:
    void open(const char* key, char bracket, char closing) noexcept;
    void begin_value(const char* key) noexcept;
    void put(char byte) noexcept;
    void put(std::string_view text) noexcept;
    void put_escaped(std::string_view character) noexcept;

    char* buffer_;
    std::size_t capacity_;
    std::size_t used_ = 0;
    int depth_ = 0;
    bool failed_ = false;
    bool first_ = true;  // in the innermost object or array
    char closing_[max_depth] = {};
};

}  // namespace warifu::wire
