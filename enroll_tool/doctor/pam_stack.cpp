#include "enroll_tool/doctor/pam_stack.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace warifu::doctor {

namespace {

using Type = Action::Type;

constexpr int deepest_include = 16;  // libpam's own bound
constexpr std::size_t most_lines = 1'000, most_files = 500;

// ---- controls

struct Word {
    std::string_view word;
    Type success, ignored, otherwise;
};

// pam.conf(5).
constexpr std::array<Word, 4> words{{{"required", Type::ok, Type::ignore, Type::bad},
                                     {"requisite", Type::ok, Type::ignore, Type::die},
                                     {"optional", Type::ok, Type::ignore, Type::ignore},
                                     {"sufficient", Type::done, Type::ignore, Type::ignore}}};

constexpr std::array<std::pair<std::string_view, Type>, 6> action_words{{{"ignore", Type::ignore},
                                                                         {"ok", Type::ok},
                                                                         {"done", Type::done},
                                                                         {"bad", Type::bad},
                                                                         {"die", Type::die},
                                                                         {"reset", Type::reset}}};

std::optional<Action> parse_action(std::string_view text) {
    for (const auto& [word, type] : action_words)
        if (word == text) return Action{type, 0};
    int lines = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lines);
    if (error != std::errc() || end != text.data() + text.size() || lines < 1) return std::nullopt;
    return Action{Type::jump, lines};
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find_first_of(" \t"));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

// ---- putting a stack together

class Assembly {
  public:
    explicit Assembly(const PamFiles& files) : files_(files) {}

    void add_file(std::string_view name, int level, int depth) {
        const auto file = files_.find(name);
        // Files that include each other several times would be read more often than anybody waits.
        if (file == files_.end() || depth > deepest_include || ++files_added_ > most_files) {
            stack_.problems.push_back({place_, std::string(name), true});
            return;
        }
        const std::string before = place_;
        for (const PamLine& line : parse_pam_file(file->second.text)) {
            place_ = file->second.path + ":" + std::to_string(line.number);
            if (stack_.lines.size() < most_lines) add_line(line, level, depth);
        }
        place_ = before;
    }

    AuthStack take() { return std::move(stack_); }

  private:
    void add_line(const PamLine& line, int level, int depth) {
        if (line.facility == "@include") return add_file(name_of(line.module), level, depth + 1);
        if (line.facility != "auth") return;
        if (!line.bracketed && line.control == "include")
            return add_file(name_of(line.module), level, depth + 1);
        if (!line.bracketed && line.control == "substack") {
            stack_.lines.push_back({line, place_, level, true, {}});
            return add_file(name_of(line.module), level + 1, depth + 1);
        }
        const auto control = Control::parse(line);
        if (!control || line.module.empty())
            stack_.problems.push_back({place_, line.control, false});
        else
            stack_.lines.push_back({line, place_, level, false, *control});
    }

    // The files of PAM's own directories go by their bare names.
    static std::string_view name_of(std::string_view module) {
        constexpr std::string_view own = "/etc/pam.d/";
        return module.starts_with(own) ? module.substr(own.size()) : module;
    }

    const PamFiles& files_;
    AuthStack stack_;
    std::string place_;
    std::size_t files_added_ = 0;
};

// ---- going through it (libpam 1.5, _pam_dispatch_aux)

enum class Impression : std::uint8_t { none, positive, negative };
enum class Password : std::uint8_t { not_judged, wrong, right };

struct State {
    std::size_t at = 0;
    Impression impression = Impression::none;
    bool succeeded = false;  // the status so far
    bool said_yes = false;   // the line at hand
    Password password = Password::not_judged;
    Entry entry;
    auto operator<=>(const State&) const = default;
};

constexpr std::array<std::string_view, 5> any_answer{"success", "ignore", "auth_err", "user_unknown",
                                                     "authinfo_unavail"};
constexpr std::array<std::string_view, 5> of_code{"success", "ignore", "auth_err", "authinfo_unavail",
                                                  "system_err"};
constexpr std::array<std::string_view, 3> of_failed_first{"auth_err", "authinfo_unavail", "system_err"};
constexpr std::array<std::string_view, 2> of_completed{"success", "ignore"};
constexpr std::array<std::string_view, 1> always_success{"success"}, always_refused{"auth_err"},
    always_ignore{"ignore"};
constexpr std::array<std::string_view, 2> no_success{"ignore", "auth_err"};

struct KnownModule {
    std::string_view name;
    std::span<const std::string_view> answers;
};

// Modules of Linux-PAM 1.5 that answer less than anything. pam_rootok.so is content with root alone, whose
// exemption is none of ours.
constexpr std::array<KnownModule, 7> known_modules{{{"pam_permit.so", always_success},
                                                    {"pam_deny.so", always_refused},
                                                    {"pam_rootok.so", always_refused},
                                                    {"pam_faildelay.so", always_ignore},
                                                    {"pam_group.so", always_ignore},
                                                    {"pam_env.so", always_ignore},
                                                    {"pam_nologin.so", no_success}}};

std::span<const std::string_view> answers_of(const StackLine& line) {
    if (line.asks_for_code() || line.signs_in_by_approval()) return of_code;
    if (line.is("pam_warifu.so"))
        return line.has("first_factor_failed") ? std::span<const std::string_view>(of_failed_first)
                                               : of_completed;
    if (line.has("successok")) return any_answer;  // pam_nologin.so
    const auto known = std::ranges::find_if(
        known_modules, [&line](const KnownModule& module) { return line.is(module.name); });
    return known == known_modules.end() ? std::span<const std::string_view>(any_answer) : known->answers;
}

CodeAnswer code_answer(std::string_view answer) {
    if (answer == "success") return CodeAnswer::accepted;
    if (answer == "ignore") return CodeAnswer::ignored;
    if (answer == "authinfo_unavail") return CodeAnswer::unavailable;
    return answer == "system_err" ? CodeAnswer::system_error : CodeAnswer::refused;
}

// One that was right is enough. A module that steps aside has judged nothing.
Password judged(Password before, std::string_view answer) {
    if (answer == "success" || before == Password::right) return Password::right;
    return answer == "ignore" ? before : Password::wrong;
}

// Where several lines ask for a code, one that was content is enough.
CodeAnswer both(CodeAnswer before, CodeAnswer now) {
    const bool content = before == CodeAnswer::accepted || before == CodeAnswer::ignored;
    return content && now != CodeAnswer::accepted ? before : now;
}

class Walk {
  public:
    explicit Walk(const AuthStack& stack) : lines_(stack.lines), code_(stack.first_code_line()) {}

    void run() {
        visit({});
        while (!open_.empty()) {
            const State state = open_.back();
            open_.pop_back();
            step(state);
        }
    }

    std::set<Entry> take_entries() { return std::move(entries_); }
    std::set<std::size_t> take_after_refusal() { return std::move(after_refusal_); }

  private:
    void visit(const State& state) {
        if (seen_.insert(state).second) open_.push_back(state);
    }

    void step(const State& state) {
        if (state.at >= lines_.size()) {
            if (state.impression == Impression::positive && state.succeeded) entries_.insert(state.entry);
            return;
        }
        const StackLine& line = lines_[state.at];
        if (line.opens_substack) return go(state, state.at + 1);
        if (line.asks_for_code() && !line.single_field() && state.password == Password::wrong)
            after_refusal_.insert(state.at);
        for (const std::string_view answer : answers_of(line)) {
            State next = state;
            next.said_yes = answer == "success";
            if (line.asks_for_password()) next.password = judged(state.password, answer);
            if (line.asks_for_code()) next.entry.code = both(state.entry.code, code_answer(answer));
            act(next, line.control.of(answer), answer);
        }
    }

    void act(State state, Action action, std::string_view answer) {
        switch (action.type) {
            case Type::ignore:
                break;
            case Type::ok:
            case Type::done:
                agree(state, answer);
                if (action.type == Type::done && state.impression == Impression::positive)
                    return go(state, after_level(state.at));
                break;
            case Type::bad:
            case Type::die:
                refuse(state);
                if (action.type == Type::die) return go(state, after_level(state.at));
                break;
            case Type::reset:
                // In a substack libpam goes back to what was before it, which differs only where that was
                // already decided.
                state.impression = Impression::none;
                state.succeeded = false;
                break;
            case Type::jump:
                return jump(state, action.lines);
        }
        go(state, state.at + 1);
    }

    // Anything but success that is "ok" counts as said, and nothing later makes up for it.
    static void agree(State& state, std::string_view answer) {
        const bool open = state.impression == Impression::none ||
                          (state.impression == Impression::positive && state.succeeded);
        if (!open) return;
        state.impression = Impression::positive;
        state.succeeded = answer == "success";
    }

    static void refuse(State& state) {
        state.impression = Impression::negative;
        state.succeeded = false;
    }

    // A substack is one line for a jump, and a jump does not leave a substack.
    void jump(State state, int lines) {
        const int level = lines_[state.at].level;
        std::size_t at = state.at + 1;
        for (; lines > 0 && at < lines_.size() && lines_[at].level >= level; --lines) {
            ++at;
            while (at < lines_.size() && lines_[at].level > level) ++at;
        }
        if (lines > 0) refuse(state);
        go(state, at);
    }

    std::size_t after_level(std::size_t at) const {
        const int level = lines_[at].level;
        while (at < lines_.size() && lines_[at].level >= level) ++at;
        return level == 0 ? lines_.size() : at;
    }

    void go(State state, std::size_t to) {
        if (code_ && state.at < *code_ && to > *code_) {
            state.entry.passed_over = state.at;
            state.entry.by_success = state.said_yes;
        }
        state.said_yes = false;
        state.at = to;
        visit(state);
    }

    const std::vector<StackLine>& lines_;
    std::optional<std::size_t> code_;
    std::set<State> seen_;
    std::vector<State> open_;
    std::set<Entry> entries_;
    std::set<std::size_t> after_refusal_;
};

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

std::optional<Control> Control::parse(const PamLine& line) {
    Control control;
    if (!line.bracketed) {
        for (const Word& known : words) {
            if (known.word != line.control) continue;
            control.actions_ = {{"success", {known.success, 0}},
                                {"new_authtok_reqd", {known.success, 0}},
                                {"ignore", {known.ignored, 0}}};
            control.otherwise_ = {known.otherwise, 0};
            return control;
        }
        return std::nullopt;
    }
    for (const std::string_view part : split(line.control)) {
        const std::size_t equals = part.find('=');
        const auto action = equals == part.npos ? std::nullopt : parse_action(part.substr(equals + 1));
        if (!action) return std::nullopt;
        if (part.substr(0, equals) == "default")
            control.otherwise_ = *action;
        else
            control.actions_.insert_or_assign(std::string(part.substr(0, equals)), *action);
    }
    return control;
}

Action Control::of(std::string_view answer) const {
    const auto found = actions_.find(answer);
    return found == actions_.end() ? otherwise_ : found->second;
}

bool StackLine::is(std::string_view module) const {
    return file_name(line.module) == module;
}

bool StackLine::has(std::string_view option) const {
    return std::ranges::any_of(line.arguments, [option](const std::string& argument) {
        return option.ends_with('=') ? argument.starts_with(option) : argument == option;
    });
}

bool StackLine::asks_for_code() const {
    return is("pam_warifu.so") && !has("first_factor_failed") && !has("completed=") &&
           !signs_in_by_approval();
}

bool StackLine::signs_in_by_approval() const {
    return is("pam_warifu.so") && has("passwordless");
}

bool StackLine::single_field() const {
    return has("forward_pass") || has("use_first_pass") || has("try_first_pass");
}

bool StackLine::asks_for_password() const {
    constexpr std::array<std::string_view, 10> modules{
        "pam_unix.so",    "pam_sss.so",    "pam_ldap.so",    "pam_krb5.so",        "pam_winbind.so",
        "pam_pwdfile.so", "pam_userdb.so", "pam_tacplus.so", "pam_radius_auth.so", "pam_systemd_home.so"};
    return std::ranges::any_of(modules, [this](std::string_view module) { return is(module); });
}

std::optional<std::size_t> AuthStack::first_code_line() const {
    const auto found = std::ranges::find_if(lines, &StackLine::asks_for_code);
    if (found == lines.end()) return std::nullopt;
    return static_cast<std::size_t>(found - lines.begin());
}

AuthStack auth_stack(const PamFiles& files, std::string_view service) {
    Assembly assembly(files);
    assembly.add_file(service, 0, 0);
    return assembly.take();
}

std::set<Entry> ways_in(const AuthStack& stack) {
    Walk walk(stack);
    walk.run();
    return walk.take_entries();
}

std::set<std::size_t> asked_after_refusal(const AuthStack& stack) {
    Walk walk(stack);
    walk.run();
    return walk.take_after_refusal();
}

}  // namespace warifu::doctor
