// What a screen shows, as a document: laid out on a grid (layout.h) or read out line by line (plain_view.h).
// Every text in it is printable and in the person's language already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/qr/qr.h"

namespace warifu::screens {

enum class Look : std::uint8_t { plain, bold, dim, reverse, warning };

struct Text {  // a paragraph
    std::string text;
    Look look = Look::plain;
};

struct Gap {};  // an empty line

struct Field {  // neighbours line up
    std::string name, value;
};

struct TypedKey {  // base32, shown in groups of four
    std::string key;
};

struct Choice {
    std::string text;
    std::string detail;  // to the right of it, where there is room
};

struct Choices {
    std::vector<Choice> choices;
    std::size_t selected = 0;
};

struct Input {
    std::string label;
    std::string value;
};

struct Countdown {                      // how long a code still lasts
    std::int64_t left = 0, period = 0;  // seconds
};

struct CodeList {
    std::vector<std::string> codes;
};

using Block = std::variant<Text, Gap, Field, TypedKey, Choices, Input, Countdown, CodeList>;

struct KeyHint {
    std::string key, words;
};

enum class QrDrawing : std::uint8_t { half_blocks, ascii };

struct QrArea {
    const QrCode* code = nullptr;  // outlives the page
    QrDrawing drawing = QrDrawing::half_blocks;
    bool inverse = false;  // for dark letters on a light ground
};

struct Page {
    std::string title;
    std::vector<Block> blocks;
    std::vector<KeyHint> keys;
    std::optional<QrArea> qr;
    std::optional<Text> notice;  // what just happened; above the keys
};

}  // namespace warifu::screens
