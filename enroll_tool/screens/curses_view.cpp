#include "enroll_tool/screens/curses_view.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "core/error/error.h"
#include "enroll_tool/held_signals.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/screens/patient_work.h"

// term.h makes macros of common words.
#undef columns
#undef lines
#undef tab

namespace warifu::screens {

namespace {

constexpr short light_on_dark = 1;
constexpr int escape_delay_ms = 50, tick_ms = 1000, patience_ms = 200;

std::optional<Size> size_of_terminal() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return {};
    return Size{size.ws_row, size.ws_col};
}

bool wants_colour() {
    const char* no = std::getenv("NO_COLOR");  // https://no-color.org
    return no == nullptr || *no == '\0';
}

struct EndTerminal {
    void operator()(SCREEN* screen) const noexcept { delscreen(screen); }
};

// The terminal, as curses has it, from the beginning to the end of this object.
class Curses {
  public:
    Curses() : screen_(newterm(nullptr, stdout, stdin)) {
        if (!screen_) throw Unavailable("the terminal cannot be set up for screens: use warifu --plain");
        cbreak();
        noecho();
        nonl();
        keypad(stdscr, TRUE);
        nodelay(stdscr, TRUE);
        set_escdelay(escape_delay_ms);
        // Only for QR codes, which are light on dark wherever that can be said.
        colours_ = wants_colour() && has_colors() && start_color() != ERR && use_default_colors() != ERR &&
                   init_pair(light_on_dark, COLOR_WHITE, COLOR_BLACK) != ERR;
    }
    Curses(const Curses&) = delete;
    Curses& operator=(const Curses&) = delete;
    ~Curses() { leave(); }

    // Empties the screen, so that no secret stays on it, and gives the terminal back.
    void leave() noexcept {
        overwrite();
        werase(stdscr);
        clearok(stdscr, TRUE);
        wrefresh(stdscr);
        endwin();
    }

    void resize() {
        overwrite();
        const auto size = size_of_terminal();
        if (size) resize_term(static_cast<int>(size->rows), static_cast<int>(size->columns));
        clearok(stdscr, TRUE);
    }

    void redraw() { redrawwin(stdscr); }

    Size size() const {
        return {static_cast<std::size_t>(getmaxy(stdscr)), static_cast<std::size_t>(getmaxx(stdscr))};
    }

    void show(const Picture& picture) {
        werase(stdscr);
        for (std::size_t row = 0; row < picture.size().rows; ++row)
            for (std::size_t column = 0; column < picture.size().columns; ++column)
                put(row, column, picture.at(row, column));
        curs_set(picture.cursor ? 1 : 0);
        if (picture.cursor)
            wmove(stdscr, static_cast<int>(picture.cursor->row), static_cast<int>(picture.cursor->column));
        wrefresh(stdscr);
    }

  private:
    // Blanks over every row. What clears the whole screen at once moves it, on some terminals, to where one
    // can scroll back to it: so nothing may be left to move. Curses is told to clear afterwards, since it
    // does not know where the cursor is now.
    void overwrite() const noexcept {
        const char* const plain = tigetstr("sgr0");
        const std::string blanks(size().columns - 1, ' ');
        if (plain != nullptr) tputs(plain, 1, std::putchar);
        for (int row = 0; row < getmaxy(stdscr); ++row) {
            tputs(tiparm(tigetstr("cup"), row, 0), 1, std::putchar);
            std::fputs(blanks.c_str(), stdout);
            if (const char* const rest = tigetstr("el"); rest != nullptr) tputs(rest, 1, std::putchar);
        }
        std::fflush(stdout);
    }

    void put(std::size_t row, std::size_t column, const Cell& cell) {
        if (cell.text[0] == L'\0') return;  // the second half of a wide character
        cchar_t character{};
        const bool qr = cell.ink == Ink::qr && colours_;
        setcchar(&character, cell.text.data(), attributes_of(cell.ink), qr ? light_on_dark : 0, nullptr);
        mvwadd_wch(stdscr, static_cast<int>(row), static_cast<int>(column), &character);
    }

    static attr_t attributes_of(Ink ink) noexcept {
        switch (ink) {
            case Ink::bold:
            case Ink::warning:
                return A_BOLD;
            case Ink::dim:
                return A_DIM;
            case Ink::reverse:
                return A_REVERSE;
            case Ink::plain:
            case Ink::qr:
                break;
        }
        return A_NORMAL;
    }

    std::unique_ptr<SCREEN, EndTerminal> screen_;
    bool colours_ = false;
};

Key function_key(wint_t code) noexcept {
    switch (code) {
        case KEY_ENTER:
            return {KeyName::enter};
        case KEY_BACKSPACE:
        case KEY_DC:
            return {KeyName::backspace};
        case KEY_UP:
            return {KeyName::up};
        case KEY_DOWN:
            return {KeyName::down};
        case KEY_PPAGE:
            return {KeyName::page_up};
        case KEY_NPAGE:
            return {KeyName::page_down};
        case KEY_HOME:
            return {KeyName::first};
        case KEY_END:
            return {KeyName::last};
        default:
            return {};
    }
}

Key character_key(wint_t code) noexcept {
    constexpr wint_t backspace = 8, escape = 27, rubout = 127;
    if (code == L'\r' || code == L'\n') return {KeyName::enter};
    if (code == L'\t') return {KeyName::tab};
    if (code == escape) return {KeyName::escape};
    if (code == backspace || code == rubout) return {KeyName::backspace};
    return code < L' ' ? Key{} : screens::key_of(static_cast<char32_t>(code));
}

class Run {
  public:
    Run(App& app, Warifud& warifud) : app_(app), warifud_(warifud) {}

    void run() {
        while (!app_.ended() && !hung_up_) {
            app_.tick(unix_now());
            if (app_.waiting()) {
                wait_for_warifud();
                continue;
            }
            curses_.show(app_.picture(curses_.size()));
            if (wait(STDIN_FILENO, tick_ms)) read_keys();
        }
    }

  private:
    // Whether `descriptor` can be read; false after a signal and when the time is over.
    bool wait(int descriptor, int milliseconds) {
        pollfd waiting[] = {{signals_.descriptor(), POLLIN, 0}, {descriptor, POLLIN, 0}};
        poll(waiting, 2, milliseconds);
        if (waiting[0].revents != 0) heed(signals_.take());
        return waiting[1].revents != 0;
    }

    void heed(int number) {
        if (number == SIGWINCH) return curses_.resize();
        if (number == 0) return;
        curses_.leave();
        signals_.pass_on(number);
        curses_.resize();  // it was stopped, and goes on
    }

    // What answers at once changes nothing on the screen meanwhile.
    void wait_for_warifud() {
        PatientWork work(app_, warifud_);
        while (!wait(work.descriptor(), patience_ms)) curses_.show(app_.picture(curses_.size()));
        work.finish();
    }

    // A terminal that can be read and has nothing has gone.
    void read_keys() {
        bool any = false;
        for (;;) {
            wint_t code = 0;
            const int kind = get_wch(&code);
            if (kind == ERR) break;
            any = true;
            constexpr wint_t control_l = 12;
            if (kind != KEY_CODE_YES && code == control_l) curses_.redraw();
            app_.key(kind == KEY_CODE_YES ? function_key(code) : character_key(code));
            if (app_.waiting() || app_.ended()) break;
        }
        hung_up_ = !any;
    }

    App& app_;
    Warifud& warifud_;
    HeldSignals signals_{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};
    Curses curses_;
    bool hung_up_ = false;
};

}  // namespace

bool terminal_takes_screens() {
    int found = 0;
    if (setupterm(nullptr, STDOUT_FILENO, &found) != OK || found != 1) return false;
    return tigetstr("cup") != nullptr && size_of_terminal().has_value();
}

void run_in_curses(App& app, Warifud& warifud) {
    Run(app, warifud).run();
}

}  // namespace warifu::screens
