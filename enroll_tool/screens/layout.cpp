#include "enroll_tool/screens/layout.h"

#include <algorithm>

#include "core/phrase/fill.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/compose.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

constexpr std::size_t margin = 2, widest_text = 76, narrowest_caption = 28;
constexpr int quiet_zone = 2;  // modules; core/qr draws as many

struct Area {
    std::size_t row = 0, column = 0, rows = 0, columns = 0;
};

void put(Picture& picture, std::size_t row, std::size_t column, const Line& line) {
    if (line.cursor) picture.cursor = Picture::Cursor{row, column + *line.cursor};
    for (const Span& span : line.spans) column = picture.put(row, column, span.text, span.ink);
}

// ---- QR codes

Size size_of(const QrArea& qr, bool saves_a_row) {
    const auto side = static_cast<std::size_t>(qr.code->size()) + std::size_t{2} * quiet_zone;
    if (qr.drawing == QrDrawing::ascii) return {side, 2 * side};
    // A code has an odd number of rows: one quiet row below it fills the last line, two would begin another.
    return {saves_a_row ? side / 2 : (side + 1) / 2, side};
}

const char* half_block(bool upper, bool lower) noexcept {
    if (upper) return lower ? "█" : "▀";
    return lower ? "▄" : " ";
}

void draw(const QrArea& qr, Area area, Picture& picture) {
    const auto inked = [&qr](std::size_t x, std::size_t y) {
        const bool dark = qr.code->dark(static_cast<int>(x) - quiet_zone, static_cast<int>(y) - quiet_zone);
        return dark == qr.inverse;
    };
    const bool ascii = qr.drawing == QrDrawing::ascii;
    const std::size_t across = ascii ? area.columns / 2 : area.columns;
    for (std::size_t row = 0; row < area.rows; ++row)
        for (std::size_t x = 0; x < across; ++x)
            if (ascii)
                picture.put(area.row + row, area.column + 2 * x, inked(x, row) ? "##" : "  ", Ink::qr);
            else
                picture.put(area.row + row, area.column + x,
                            half_block(inked(x, 2 * row), inked(x, 2 * row + 1)), Ink::qr);
}

// ---- The parts of a screen

struct Frame {
    Area title, text, keys;
    std::optional<Area> qr;
};

std::size_t rows_of_keys(const Page& page, std::size_t columns) {
    return compose(page.keys, columns).size();
}

Frame plain_frame(const Page& page, Size size) {
    const std::size_t columns = size.columns - 2 * margin;
    const std::size_t keys = rows_of_keys(page, columns);
    return {{0, 0, 1, size.columns},
            {2, margin, size.rows - 3 - keys, std::min(columns, widest_text)},
            {size.rows - keys, margin, keys, columns},
            {}};
}

// Title and keys across the whole screen, the code between them.
std::optional<Frame> framed_beside(const Page& page, Size size, Size qr) {
    Frame frame = plain_frame(page, size);
    const std::size_t left = qr.columns + margin;
    if (qr.rows > size.rows - 1 - frame.keys.rows || left + narrowest_caption > size.columns) return {};
    frame.qr = Area{1, 0, qr.rows, qr.columns};
    frame.text = {1, left, size.rows - 2 - frame.keys.rows, size.columns - left};
    return frame;
}

// The code takes every line; title and keys stand in the column beside it.
std::optional<Frame> column_beside(const Page& page, Size size, Size qr) {
    const std::size_t left = qr.columns + margin;
    if (qr.rows > size.rows || left + narrowest_caption > size.columns) return {};
    const std::size_t columns = size.columns - left;
    const std::size_t keys = rows_of_keys(page, columns);
    return Frame{{0, left, 1, columns},
                 {1, left, size.rows - 2 - keys, columns},
                 {size.rows - keys, left, keys, columns},
                 Area{0, 0, qr.rows, qr.columns}};
}

// The code alone, above the keys: what is typed is not in sight.
std::optional<Frame> code_alone(const Page& page, Size size, Size qr) {
    Frame frame = plain_frame(page, size);
    if (qr.rows > size.rows - frame.keys.rows || qr.columns > size.columns) return {};
    frame.title.rows = frame.text.rows = 0;
    frame.qr = Area{0, 0, qr.rows, qr.columns};
    return frame;
}

std::optional<Frame> frame_with_code(const Page& page, Size size) {
    const Size whole = size_of(*page.qr, false), saving = size_of(*page.qr, true);
    for (const Size& qr : {whole, saving})
        if (const auto frame = framed_beside(page, size, qr)) return frame;
    for (const Size& qr : {whole, saving})
        if (const auto frame = column_beside(page, size, qr)) return frame;
    return code_alone(page, size, saving);
}

std::string does_not_fit(const QrArea& qr) {
    const Size wanted = size_of(qr, true);
    return fill(
        tr("The QR code wants a terminal of %1x%2, more than this one has. Enlarge it, type the key, or "
           "save the code as a file."),
        {std::to_string(wanted.columns + margin + narrowest_caption), std::to_string(wanted.rows + 2)});
}

// ---- Putting it together

void put_title(const Page& page, const Area& area, Picture& picture) {
    if (area.rows == 0) return;
    const std::string text = cut(page.title, area.columns - 2);
    picture.put(area.row, area.column, padded(" " + text, area.columns), Ink::reverse);
}

void put_keys(const Page& page, const Area& area, Picture& picture) {
    std::size_t row = area.row;
    for (const Line& line : compose(page.keys, area.columns)) put(picture, row++, area.column, line);
}

// Takes its lines off the end of `area`.
void put_notice(const Page& page, Area& area, Picture& picture) {
    if (!page.notice || area.rows == 0) return;
    const auto lines = compose(std::vector<Block>{*page.notice}, area.columns);
    const std::size_t rows = std::min(lines.size(), area.rows);
    area.rows -= rows;
    for (std::size_t i = 0; i < rows; ++i) put(picture, area.row + area.rows + i, area.column, lines[i]);
}

void bound(Scroll& scroll, const std::vector<Line>& lines, std::size_t rows) {
    scroll.page = std::max<std::size_t>(rows, 2) - 1;
    if (scroll.follows) {
        const auto focus = std::ranges::find_if(lines, &Line::focus);
        const auto at = static_cast<std::size_t>(focus - lines.begin());
        scroll.top = focus == lines.end() || at < rows ? 0 : at + 1 - rows;
    }
    scroll.top = std::min(scroll.top, lines.size() > rows ? lines.size() - rows : 0);
}

void put_text(const std::vector<Block>& blocks, Area area, Scroll& scroll, Picture& picture) {
    if (area.rows == 0) return;
    const auto lines = compose(blocks, area.columns);
    const bool too_long = lines.size() > area.rows;
    if (too_long) --area.rows;
    bound(scroll, lines, area.rows);
    const std::size_t end = std::min(scroll.top + area.rows, lines.size());
    for (std::size_t i = scroll.top; i < end; ++i)
        put(picture, area.row + i - scroll.top, area.column, lines[i]);
    if (too_long)
        picture.put(area.row + area.rows, area.column, cut(tr("(more: PgUp, PgDn)"), area.columns), Ink::dim);
}

Picture too_small(Size size) {
    Picture picture(size);
    const std::string text =
        fill(tr("The terminal must be 80x24, and is %1x%2. Enlarge it, or press q and run: warifu --plain"),
             {std::to_string(size.columns), std::to_string(size.rows)});
    std::size_t row = 0;
    for (const std::string& line : broken(text, size.columns)) picture.put(row++, 0, line, Ink::bold);
    return picture;
}

}  // namespace

Picture lay_out(const Page& page, Size size, Scroll& scroll) {
    if (size.rows < smallest_size.rows || size.columns < smallest_size.columns) return too_small(size);
    Picture picture(size);
    std::vector<Block> blocks = page.blocks;
    std::optional<Frame> frame = page.qr ? frame_with_code(page, size) : std::nullopt;
    if (page.qr && !frame)
        blocks.insert(blocks.begin(), {Text{does_not_fit(*page.qr), Look::warning}, Gap{}});
    if (!frame) frame = plain_frame(page, size);
    put_title(page, frame->title, picture);
    put_keys(page, frame->keys, picture);
    put_notice(page, frame->text, picture);
    put_text(blocks, frame->text, scroll, picture);
    if (frame->qr) draw(*page.qr, *frame->qr, picture);
    return picture;
}

}  // namespace warifu::screens
