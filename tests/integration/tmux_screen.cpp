#include "tests/integration/tmux_screen.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

#include "tests/integration/process.h"

namespace warifu::integration {
namespace {

constexpr char image_path[] = "/tmp/screen.pgm";

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::string as_one_word(std::string_view text) {
    std::string result = "'";
    for (const char character : text)
        result += character == '\'' ? std::string("'\\''") : std::string(1, character);
    return result + "'";
}

// One character of a row; several bytes where it is UTF-8.
std::string take_character(std::string_view& row) {
    std::size_t length = 1;
    while (length < row.size() && (static_cast<unsigned char>(row[length]) & 0xC0U) == 0x80U) ++length;
    std::string character(row.substr(0, length));
    row.remove_prefix(length);
    return character;
}

// A character is 4 pixels wide and 8 high, so that half a block is square.
constexpr std::size_t cell_width = 4, cell_height = 8;

bool is_light(const std::string& character, bool upper) {
    if (character == "█" || character == "#") return true;
    return character == (upper ? "▀" : "▄");
}

// Portable graymap, binary (netpbm's pgm(5)).
std::string image_of(const std::vector<std::string>& rows) {
    std::vector<std::vector<std::string>> cells;
    std::size_t width = 0;
    for (std::string_view row : rows) {
        cells.emplace_back();
        while (!row.empty()) cells.back().push_back(take_character(row));
        width = std::max(width, cells.back().size());
    }
    std::string image = "P5 " + std::to_string(width * cell_width) + " " +
                        std::to_string(rows.size() * cell_height) + " 255\n";
    for (std::size_t y = 0; y < cells.size() * cell_height; ++y)
        for (std::size_t x = 0; x < width; ++x) {
            const auto& row = cells[y / cell_height];
            const bool light = x < row.size() && is_light(row[x], y % cell_height < cell_height / 2);
            image.append(cell_width, light ? '\xff' : '\0');
        }
    return image;
}

}  // namespace

TmuxScreen::TmuxScreen(const Sandbox& sandbox, Command program, int rows, int columns) {
    std::string line = "trap : INT QUIT; ";  // the shell lives on when Ctrl-C ends the program
    for (const std::string& word : program.words) line += word + " ";
    line += "; echo ended $?; exec cat";
    program.words = {"tmux",      "-u",
                     "-C",        "-f",
                     "/dev/null", "new-session",
                     "-x",        std::to_string(columns),
                     "-y",        std::to_string(rows),
                     line};
    Pipe to_tmux = make_pipe(), from_tmux = make_pipe();
    pid_ = sandbox.fork();
    if (pid_ == 0) {
        ::setsid();
        if (::dup2(to_tmux.reader.number(), 0) < 0 || ::dup2(from_tmux.writer.number(), 1) < 0) ::_exit(127);
        program.become();
    }
    input_ = std::move(to_tmux.writer);
    output_ = std::move(from_tmux.reader);
    read_block();  // of new-session
    resize(rows, columns);
}

TmuxScreen::~TmuxScreen() {
    close();
}

// The end of the last session is the end of the server, which hangs its terminals up.
void TmuxScreen::close() {
    if (pid_ < 0) return;
    input_.close();
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void TmuxScreen::press(const std::string& key) {
    command("send-keys " + key);
}

void TmuxScreen::type(const std::string& text) {
    command("send-keys -l " + as_one_word(text));
}

void TmuxScreen::resize(int rows, int columns) {
    command("refresh-client -C " + std::to_string(columns) + "x" + std::to_string(rows));
}

void TmuxScreen::await(std::string_view wanted) {
    try {
        while (text().find(wanted) == std::string::npos) wait_for_output();
    } catch (const std::exception& error) {
        throw std::runtime_error("\"" + std::string(wanted) + "\" never came (" + error.what() + "):\n" +
                                 text());
    }
}

std::vector<std::string> TmuxScreen::rows(bool with_history) {
    shown_ = false;
    return command(with_history ? "capture-pane -p -S -" : "capture-pane -p");
}

std::string TmuxScreen::text(bool with_history) {
    return joined(rows(with_history));
}

std::string TmuxScreen::escapes() {
    return joined(command("capture-pane -p -e -N"));
}

std::string TmuxScreen::read_line() {
    for (;;) {
        if (const std::size_t end = pending_.find('\n'); end != pending_.npos) {
            std::string line = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            return line;
        }
        pollfd event{output_.number(), POLLIN, 0};
        if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1)
            throw std::runtime_error("tmux is silent");
        char piece[4096];
        const ssize_t size = ::read(output_.number(), piece, sizeof piece);
        if (size <= 0) throw std::runtime_error("tmux has ended: " + pending_);
        pending_.append(piece, static_cast<std::size_t>(size));
    }
}

// What comes between the blocks are notices.
std::vector<std::string> TmuxScreen::read_block() {
    for (std::string line = read_line(); !line.starts_with("%begin "); line = read_line())
        if (line.starts_with("%output ")) shown_ = true;
    std::vector<std::string> lines;
    for (std::string line = read_line(); !line.starts_with("%end "); line = read_line()) {
        if (line.starts_with("%error ")) throw std::runtime_error("tmux refuses: " + joined(lines));
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string> TmuxScreen::command(const std::string& line) {
    const std::string whole = line + "\n";
    checked(::write(input_.number(), whole.data(), whole.size()), "tmux");
    return read_block();
}

void TmuxScreen::wait_for_output() {
    while (!shown_)
        if (read_line().starts_with("%output ")) shown_ = true;
}

std::string qr_code_on(Sandbox& sandbox, const std::vector<std::string>& rows) {
    sandbox.write(image_path, image_of(rows), 0600);
    std::string text = output_of(sandbox, as_root({"zbarimg", "--quiet", "--raw", image_path}));
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace warifu::integration
