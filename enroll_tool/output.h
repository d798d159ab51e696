// Standard output: gathered, written whole, and every failure to write it heard of, the last one too. Wiped
// when written, since keys and recovery codes pass through it.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace warifu {

struct OutputFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Output {
  public:
    explicit Output(int descriptor) noexcept : descriptor_(descriptor) {}
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    void text(std::string_view text) { pending_ += text; }
    // One object and a newline, in ASCII: escapes stand for everything else, control characters among it.
    void object(const nlohmann::json& value);

    // Both throw OutputFailed. finish() closes the descriptor, which is when some file systems say that there
    // was no room.
    void flush();
    void finish();

    bool is_terminal() const noexcept;

  private:
    int descriptor_;
    std::string pending_;
};

}  // namespace warifu
