#include "enroll_tool/screens/plain_view.h"

#include <charconv>

#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/compose.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

namespace {

constexpr std::size_t line_width = 78;
constexpr std::string_view letter_for_back = "b", letter_for_tab = "/", letter_for_drawing = "d";

void show_choices(const Choices& block, Output& out) {
    for (std::size_t i = 0; i < block.choices.size(); ++i) {
        const Choice& choice = block.choices[i];
        std::string line = fill("%1. %2", {std::to_string(i + 1), choice.text});
        if (!choice.detail.empty()) line += " (" + choice.detail + ")";
        out.text(wrapped(line));
    }
}

void show_lines(const std::vector<Block>& blocks, Output& out) {
    for (const Line& line : compose(blocks, line_width)) {
        out.text(line.text());
        out.text("\n");
    }
}

// Bars are for eyes alone; what is typed is asked for afterwards.
void show_countdown(const Countdown& block, Output& out) {
    out.text(fill(trn("%1 second left", "%1 seconds left", static_cast<unsigned long>(block.left)),
                  {std::to_string(block.left)}) +
             "\n");
}

void show_blocks(const std::vector<Block>& blocks, Output& out) {
    std::vector<Block> text;
    for (const Block& block : blocks) {
        const auto* choices = std::get_if<Choices>(&block);
        const auto* countdown = std::get_if<Countdown>(&block);
        if (choices == nullptr && countdown == nullptr && !std::holds_alternative<Input>(block)) {
            text.push_back(block);
            continue;
        }
        show_lines(text, out);
        text.clear();
        if (choices != nullptr) show_choices(*choices, out);
        if (countdown != nullptr) show_countdown(*countdown, out);
    }
    show_lines(text, out);
}

std::string letter_of(const std::string& key) {
    if (key == "Esc") return std::string(letter_for_back);
    if (key == "Tab") return std::string(letter_for_tab);
    return key.size() == 1 ? key : std::string();
}

void show_keys(const Page& page, Output& out) {
    for (const KeyHint& hint : page.keys)
        if (const std::string letter = letter_of(hint.key); !letter.empty())
            out.text(letter + ": " + hint.words + "\n");
    if (page.qr) out.text(std::string(letter_for_drawing) + ": " + tr("draw the QR code") + "\n");
}

std::string question_of(const Page& page) {
    for (const Block& block : page.blocks)
        if (const auto* input = std::get_if<Input>(&block)) {
            if (input->value.empty()) return input->label + " ";
            return fill("%1 [%2] ", {input->label, input->value});
        }
    return "> ";
}

class PlainRun {
  public:
    PlainRun(App& app, Warifud& warifud, Terminal& terminal, Output& out)
        : app_(app), warifud_(warifud), terminal_(terminal), out_(out) {}

    void run() {
        settle();
        while (!app_.ended()) {
            const Page page = app_.page();
            show_plainly(page, out_);
            out_.flush();
            const auto line = terminal_.ask(question_of(page), Echo::on);
            app_.tick(unix_now());
            if (line)
                take(line->text(), page);
            else if (!leave())
                return;
            settle();
        }
    }

  private:
    // Calls wait here: nothing else happens on plain lines.
    void settle() {
        while (app_.waiting()) {
            app_.work(warifud_);
            app_.deliver();
        }
        app_.tick(unix_now());
    }

    void press(const Key& key) {
        app_.key(key);
        settle();
    }

    // False at the first page, which nothing leads back from.
    bool leave() {
        const std::string before = app_.page().title;
        press({KeyName::escape});
        return app_.page().title != before;
    }

    void take(std::string_view line, const Page& page) {
        const auto accepts = app_.accepts();
        const bool letters_are_commands = !accepts || *accepts == Accepts::digits;
        if (line.empty()) {
            if (app_.choices() == 0 || accepts) press({KeyName::enter});
        } else if (choose(line)) {
        } else if (line == letter_for_tab) {
            press({KeyName::tab});
        } else if (letters_are_commands && line == letter_for_back) {
            press({KeyName::escape});
        } else if (letters_are_commands && line == letter_for_drawing && page.qr) {
            draw(*page.qr);
        } else {
            type(line);
        }
    }

    bool choose(std::string_view line) {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        const bool whole = error == std::errc() && end == line.data() + line.size();
        if (!whole || number == 0 || number > app_.choices()) return false;
        app_.choose(number - 1);
        return true;
    }

    void type(std::string_view line) {
        if (app_.accepts()) app_.clear_field();
        for (const char32_t character : code_points(line)) press(key_of(character));
        if (app_.accepts() && app_.choices() == 0) press({KeyName::enter});
    }

    void draw(const QrArea& qr) {
        const QrForm form = qr.drawing == QrDrawing::ascii ? QrForm::ascii
                            : qr.inverse                   ? QrForm::utf8_inverse
                                                           : QrForm::utf8;
        const Secret drawing = render(*qr.code, form);
        out_.text(drawing.text());
        out_.text("\n");
    }

    App& app_;
    Warifud& warifud_;
    Terminal& terminal_;
    Output& out_;
};

}  // namespace

void show_plainly(const Page& page, Output& out) {
    out.text("\n" + page.title + "\n\n");
    if (page.notice) out.text(wrapped(page.notice->text) + "\n");
    show_blocks(page.blocks, out);
    out.text("\n");
    show_keys(page, out);
}

void run_plainly(App& app, Warifud& warifud, Terminal& terminal, Output& out) {
    PlainRun(app, warifud, terminal, out).run();
}

}  // namespace warifu::screens
