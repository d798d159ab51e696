// The auth stack of one service with everything that it includes, and every way that libpam can go through
// it: which answers of its modules let somebody in, and what the lines of pam_warifu.so had to say to that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/doctor/facts.h"
#include "enroll_tool/doctor/pam_file.h"

namespace warifu::doctor {

struct Action {
    enum class Type : std::uint8_t { ignore, ok, done, bad, die, reset, jump };
    Type type = Type::bad;
    int lines = 0;  // of a jump
};

// What a module's answer does ("success", "auth_err", …; pam.conf(5)).
class Control {
  public:
    // nullopt: not one that libpam knows.
    static std::optional<Control> parse(const PamLine& line);
    Action of(std::string_view answer) const;

  private:
    std::map<std::string, Action, std::less<>> actions_;
    Action otherwise_;
};

struct StackLine {
    PamLine line;
    std::string place;            // "/etc/pam.d/common-auth:12"
    int level = 0;                // of substacks
    bool opens_substack = false;  // no module; those of the substack follow at the next level
    Control control;

    bool is(std::string_view module) const;  // "pam_unix.so", by whatever path
    bool has(std::string_view option) const;
    bool asks_for_code() const;         // a line of pam_warifu.so that decides
    bool signs_in_by_approval() const;  // a line of pam_warifu.so that wants no password
    bool single_field() const;          // the code comes together with the password
    bool asks_for_password() const;
};

// A line that libpam does not understand, or a file that is not there; with either the service refuses
// everybody.
struct StackProblem {
    std::string place, what;
    bool file_missing = false;
};

struct AuthStack {
    std::vector<StackLine> lines;
    std::vector<StackProblem> problems;

    std::optional<std::size_t> first_code_line() const;
};

AuthStack auth_stack(const PamFiles& files, std::string_view service);

// What the lines that ask for a code answered on the way.
enum class CodeAnswer : std::uint8_t { not_asked, accepted, ignored, refused, unavailable, system_error };

// How somebody got in. `passed_over`: the line that led past the first code line, where one did.
struct Entry {
    CodeAnswer code = CodeAnswer::not_asked;
    std::optional<std::size_t> passed_over;
    bool by_success = false;  // of that line
    auto operator<=>(const Entry&) const = default;
};

// Every way that ends in PAM_SUCCESS. Modules that are not ours may answer anything; root's exemption
// (pam_rootok.so) is not counted.
std::set<Entry> ways_in(const AuthStack& stack);

// The lines (their positions) that ask for a code though a password was wrong and none was right. Where
// password and code share a field the line stands first, and is none of them.
std::set<std::size_t> asked_after_refusal(const AuthStack& stack);

}  // namespace warifu::doctor
