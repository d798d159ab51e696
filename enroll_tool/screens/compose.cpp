#include "enroll_tool/screens/compose.h"

#include <algorithm>

#include "core/phrase/fill.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

constexpr std::size_t group_size = 4, bar_width = 16, widest_name = 24;

class Composer {
  public:
    explicit Composer(std::size_t width) : width_(width) {}

    void operator()(const Text& block) {
        for (const std::string& line : broken(block.text, width_)) add({{line, ink_of(block.look)}});
    }

    void operator()(const Gap&) { add({}); }

    void operator()(const Field& block) {
        const std::size_t indent = name_width_ + 2;
        std::string name = padded(block.name, indent);
        for (const std::string& line : broken(block.value, width_ - indent)) {
            add({{name, Ink::dim}, {line}});
            name.assign(indent, ' ');
        }
    }

    void operator()(const TypedKey& block) {
        const std::size_t in_a_line = (width_ + 1) / (group_size + 1) * group_size;
        for (std::size_t from = 0; from < block.key.size(); from += in_a_line)
            add({{grouped(block.key.substr(from, in_a_line)), Ink::bold}});
    }

    void operator()(const Choices& block) {
        std::size_t names = 0;
        for (const Choice& choice : block.choices) names = std::max(names, columns(choice.text));
        names = std::min(names, width_ / 2);
        for (std::size_t i = 0; i < block.choices.size(); ++i)
            add_choice(block.choices[i], names, i == block.selected);
    }

    void operator()(const Input& block) {
        constexpr std::size_t room = 10;
        std::string label = block.label + " ";
        if (columns(label) + room > width_) {
            (*this)(Text{block.label, Look::plain});
            label.clear();
        }
        const std::size_t left = width_ - columns(label) - 1;
        const std::string value = last_columns(block.value, left);
        Line line{{{label}, {value, Ink::bold}, {"_", Ink::dim}}, /*focus=*/true, {}};
        line.cursor = columns(label) + columns(value);
        lines_.push_back(std::move(line));
    }

    void operator()(const Countdown& block) {
        if (block.period <= 0) return;
        const std::string words =
            fill(trn("%1 second left", "%1 seconds left", static_cast<unsigned long>(block.left)),
                 {std::to_string(block.left)});
        const std::size_t room = width_ - std::min(columns(words) + 1, width_),
                          bar = std::min(bar_width, room);
        const std::size_t filled =
            bar * static_cast<std::size_t>(block.left) / static_cast<std::size_t>(block.period);
        add({{std::string(filled, ' '), Ink::reverse},
             {std::string(bar - filled, '-'), Ink::dim},
             {" " + words}});
    }

    void operator()(const CodeList& block) {
        const std::size_t rows = (block.codes.size() + 1) / 2;
        for (std::size_t row = 0; row < rows; ++row) {
            const std::size_t right = row + rows;
            std::string line = padded(numbered(row, block.codes[row]), width_ / 2);
            if (right < block.codes.size()) line += numbered(right, block.codes[right]);
            add({{line, Ink::bold}});
        }
    }

    // Neighbouring fields line up.
    void measure(const std::vector<Block>& blocks) {
        for (const Block& block : blocks)
            if (const auto* field = std::get_if<Field>(&block))
                name_width_ = std::max(name_width_, columns(field->name));
        name_width_ = std::min({name_width_, widest_name, width_ / 2});
    }

    std::vector<Line> take() && { return std::move(lines_); }

  private:
    void add(std::vector<Span> spans) { lines_.push_back({std::move(spans), false, {}}); }

    void add_choice(const Choice& choice, std::size_t names, bool selected) {
        std::string text = (selected ? "> " : "  ") + choice.text;
        if (!choice.detail.empty()) text = padded(text, names + 5) + choice.detail;
        text = cut(text, width_);
        if (selected) text = padded(text, width_);
        lines_.push_back({{{text, selected ? Ink::reverse : Ink::plain}}, selected, {}});
    }

    static std::string grouped(std::string_view key) {
        std::string text;
        for (std::size_t at = 0; at < key.size(); at += group_size)
            text.append(at == 0 ? "" : " ").append(key.substr(at, group_size));
        return text;
    }

    static std::string numbered(std::size_t index, std::string_view code) {
        const std::string number = std::to_string(index + 1);
        return std::string(number.size() < 2 ? 1 : 0, ' ') + number + "  " + std::string(code);
    }

    static std::string last_columns(std::string_view text, std::size_t width) {
        std::u32string characters = code_points(text);
        std::string shown;
        while (!characters.empty()) {
            const std::string next = utf8_of(characters.back()) + shown;
            if (columns(next) > width) break;
            shown = next;
            characters.pop_back();
        }
        return shown;
    }

    std::size_t width_;
    std::size_t name_width_ = 0;
    std::vector<Line> lines_;
};

}  // namespace

std::string Line::text() const {
    std::string text;
    for (const Span& span : spans) text += span.text;
    return text;
}

Ink ink_of(Look look) noexcept {
    switch (look) {
        case Look::bold:
            return Ink::bold;
        case Look::dim:
            return Ink::dim;
        case Look::reverse:
            return Ink::reverse;
        case Look::warning:
            return Ink::warning;
        case Look::plain:
            break;
    }
    return Ink::plain;
}

std::vector<Line> compose(const std::vector<Block>& blocks, std::size_t width) {
    Composer composer(width);
    composer.measure(blocks);
    for (const Block& block : blocks) std::visit(composer, block);
    return std::move(composer).take();
}

std::vector<Line> compose(const std::vector<KeyHint>& keys, std::size_t width) {
    constexpr std::size_t gap = 3;
    std::vector<Line> lines;
    std::size_t taken = 0;
    for (const KeyHint& hint : keys) {
        const std::size_t wanted = columns(hint.key) + 1 + columns(hint.words);
        if (lines.empty() || taken + gap + wanted > width) {
            lines.emplace_back();
            taken = 0;
        } else {
            lines.back().spans.push_back({std::string(gap, ' ')});
            taken += gap;
        }
        lines.back().spans.push_back({hint.key, Ink::bold});
        lines.back().spans.push_back({" " + hint.words});
        taken += wanted;
    }
    return lines;
}

}  // namespace warifu::screens
