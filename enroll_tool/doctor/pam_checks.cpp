#include <algorithm>
#include <array>

#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/pam_options.h"
#include "enroll_tool/doctor/pam_stack.h"

namespace warifu::doctor {

namespace {

using enum Kind;

// Files that services include and that nobody signs in by.
bool is_only_included(std::string_view name) {
    constexpr std::array<std::string_view, 6> others{
        "other", "system-auth", "password-auth", "fingerprint-auth", "smartcard-auth", "postlogin"};
    return name.starts_with("common-") || name.starts_with('/') ||
           std::ranges::find(others, name) != others.end();
}

// Modules that tell people apart: whoever lets somebody pass by one of them meant to.
bool is_condition(const StackLine& line) {
    constexpr std::array<std::string_view, 9> modules{
        "pam_succeed_if.so", "pam_listfile.so", "pam_access.so", "pam_time.so",          "pam_localuser.so",
        "pam_wheel.so",      "pam_usertype.so", "pam_exec.so",   "pam_selinux_permit.so"};
    return std::ranges::any_of(modules, [&line](std::string_view module) { return line.is(module); });
}

bool is_ours(const StackLine& line) {
    return line.is("pam_warifu.so");
}

class ServiceCheck {
  public:
    ServiceCheck(const Facts& facts, std::string_view service, const AuthStack& stack, Findings& findings)
        : facts_(facts),
          service_(service),
          file_(facts.pam.files.find(service)->second.path),
          stack_(stack),
          findings_(findings) {}

    void run() {
        problems();
        for (const StackLine& line : stack_.lines)
            if (is_ours(line)) our_line(line);
        if (!stack_.problems.empty()) return;
        if (!stack_.first_code_line()) return approval_alone();
        order();
        after_refusal();
        entries(ways_in(stack_));
    }

  private:
    void add(Kind kind, std::string subject, Sentence message, Sentence remedy) {
        findings_.push_back({kind, std::move(subject), std::move(message), std::move(remedy)});
    }

    void problems() {
        for (const StackProblem& problem : stack_.problems) {
            if (problem.file_missing)
                add(pam_file_missing, problem.place,
                    Sentence(N_("the file %1 that this line includes is not there, so the service refuses "
                                "everybody"),
                             problem.what),
                    N_("Bring the file back, or take the line out."));
            else
                add(pam_line_malformed, problem.place,
                    Sentence(N_("libpam does not understand the control \"%1\""), problem.what),
                    N_("Mend the line; pam.d(5) lists the controls."));
        }
    }

    void our_line(const StackLine& line) {
        if (const auto refused = refused_option(line.line.arguments))
            add(pam_option, line.place, Sentence(N_("the option %1 is refused"), refused->option),
                refused->remedy);
        else if (facts_.config.in_force &&
                 !names_configured_file(line.line.arguments, *facts_.config.in_force))
            add(pam_file_alone, line.place,
                N_("only this line knows the file of secret= and user=: the warifu commands and the other "
                   "lines do not, and those refuse whoever signed in with it"),
                N_("Name it there: [store] sources with \"google-authenticator\", google_authenticator_file "
                   "and google_authenticator_user."));
        if (!line.asks_for_code()) return;
        if (line.line.may_be_missing)
            add(pam_module_optional, line.place,
                N_("with \"-auth\" the code is not asked for where the module is missing"),
                N_("Take the \"-\" away."));
        const auto& config = facts_.config.in_force;
        if (line.has("nullok") && config &&
            (config->unenrolled == Unenrolled::refuse || config->unenrolled == Unenrolled::enrol))
            add(pam_nullok_refused, line.place,
                N_("nullok has no effect, since [policy] unenrolled refuses whoever has not enrolled"),
                N_("Take nullok out, or set [policy] unenrolled = \"by-line\"."));
    }

    // An approval that nothing follows if it is refused.
    void approval_alone() {
        const auto& lines = stack_.lines;
        const auto approval = std::ranges::find_if(lines, &StackLine::signs_in_by_approval);
        const bool refusal_ends =
            approval != lines.end() && (approval->control.of("auth_err").type == Action::Type::die ||
                                        approval->control.of("auth_err").type == Action::Type::bad);
        if (approval == lines.end() || refusal_ends ||
            std::ranges::any_of(lines, &StackLine::asks_for_password) || ways_in(stack_).empty())
            return;
        add(pam_failure_ignored, approval->place, N_("whoever is refused the approval gets in all the same"),
            N_("Let the line begin with \"auth requisite\" or \"auth required\"."));
    }

    void order() {
        const std::size_t code = *stack_.first_code_line();
        const auto password = std::ranges::find_if(stack_.lines, &StackLine::asks_for_password);
        if (password == stack_.lines.end() || stack_.lines[code].single_field()) return;
        if (code > static_cast<std::size_t>(password - stack_.lines.begin())) return;
        if (service_ == "cockpit")
            add(pam_code_first_cockpit, stack_.lines[code].place,
                N_("Cockpit answers the first question with the password, and here that is the code's"),
                N_("Put the line of pam_warifu.so after the password's."));
        else
            add(pam_code_first, stack_.lines[code].place,
                N_("the code is asked for before the password, so strangers can use up somebody's guesses"),
                N_("Put the line of pam_warifu.so after the password's, as the samples in conf/pam do."));
    }

    void after_refusal() {
        for (const std::size_t at : asked_after_refusal(stack_))
            add(pam_code_after_refusal, stack_.lines[at].place,
                N_("whoever gives a wrong password is asked for the code all the same: strangers can use up "
                   "somebody's guesses, and set up the second factor of somebody who has none"),
                N_("Take the lines of the samples in conf/pam, or let the password's line begin with \"auth "
                   "requisite\"."));
    }

    void entries(const std::set<Entry>& ways) {
        const auto any = [&ways](CodeAnswer code) {
            return std::ranges::any_of(ways, [code](const Entry& way) { return way.code == code; });
        };
        const std::string& place = stack_.lines[*stack_.first_code_line()].place;
        for (const Entry& way : ways)
            if (way.code == CodeAnswer::not_asked && way.passed_over)
                passed_over(*way.passed_over, way.by_success);
        if (any(CodeAnswer::refused))
            add(pam_failure_ignored, place, N_("whoever gives a wrong code gets in all the same"),
                N_("Let the line begin with \"auth requisite\" or \"auth required\"."));
        if (any(CodeAnswer::unavailable) || any(CodeAnswer::system_error))
            outage(place, any(CodeAnswer::refused));
        if (!any(CodeAnswer::accepted))
            add(pam_never_succeeds, file_, N_("nobody gets in, whatever password and code they give"),
                N_("Count the lines that each jump (success=N) leaves out; it has to lead to the code's "
                   "line."));
        else if (!any(CodeAnswer::ignored))
            nothing_said_yes();
        else
            final_line();
    }

    void passed_over(std::size_t at, bool by_success) {
        const StackLine& line = stack_.lines[at];
        if (line.signs_in_by_approval() && by_success) return;
        if (is_condition(line))
            add(pam_exemption, line.place, Sentence(N_("%1 lets people in without a code"), line.line.module),
                N_("If that is meant, leave it; otherwise take the line out."));
        else
            add(pam_code_skipped, line.place,
                Sentence(N_("%1 can let somebody in before the code is asked for"), line.line.module),
                N_("Let its success lead to the line of pam_warifu.so: no \"sufficient\", \"done\" or longer "
                   "jump."));
    }

    // A caller can bring about both answers (resource limits, signals).
    void outage(const std::string& place, bool said_already) {
        if (said_already) return;
        add(pam_outage_ignored, place, N_("whoever makes Warifu fail gets in without a code"),
            N_("Map neither authinfo_unavail nor system_err to \"ignore\": use \"auth requisite\"."));
    }

    void nothing_said_yes() {
        const auto may_be_ignored = [](const StackLine& line) {
            return line.asks_for_code() && (line.has("nullok") || line.has("listed"));
        };
        if (std::ranges::any_of(stack_.lines, may_be_ignored))
            add(pam_ignored_refused, file_,
                N_("whoever need not give a code is refused, since no line of the stack says yes"),
                N_("End the auth lines with \"auth required pam_permit.so\"."));
        else
            final_line();
    }

    // Who need not give a code passes by another line's yes: by the password's or a permit, and not by one
    // that may as well say nothing.
    void final_line() {
        const auto is_required = [](const StackLine& line) {
            return line.control.of("success").type == Action::Type::ok &&
                   line.control.of("auth_err").type != Action::Type::ignore;
        };
        const bool said_yes = std::ranges::any_of(stack_.lines, [&](const StackLine& line) {
            return (line.is("pam_permit.so") || line.asks_for_password()) && is_required(line);
        });
        if (said_yes || is_required(stack_.lines.back())) return;
        add(pam_no_final_line, file_, N_("the auth lines do not end in a required line"),
            N_("End the auth lines with \"auth required pam_permit.so\"."));
    }

    const Facts& facts_;
    std::string_view service_;
    const std::string& file_;
    const AuthStack& stack_;
    Findings& findings_;
};

bool is_listed(const Facts& facts, std::string_view service) {
    return facts.config.in_force && std::ranges::find(facts.config.in_force->services, service) !=
                                        facts.config.in_force->services.end();
}

}  // namespace

Findings check_pam(const Facts& facts) {
    Findings findings;
    bool named = false;
    for (const auto& [service, file] : facts.pam.files) {
        if (is_only_included(service)) continue;
        const AuthStack stack = auth_stack(facts.pam.files, service);
        if (std::ranges::any_of(stack.lines, is_ours)) {
            named = true;
            ServiceCheck(facts, service, stack, findings).run();
        }
        if (!stack.first_code_line() && is_listed(facts, service))
            findings.push_back(
                {pam_missing, file.path,
                 Sentence(N_("[policy] services lists %1, and this file has no line that asks for a code"),
                          std::string(service)),
                 N_("Install the sample of conf/pam or add the lines, or take the service off the list.")});
    }
    if (named && !facts.pam.module_found)
        findings.push_back({pam_module_missing, "pam_warifu.so",
                            N_("PAM's files name the module, and it is in none of libpam's directories"),
                            N_("Install the module again: until then these doors refuse everybody.")});
    return findings;
}

}  // namespace warifu::doctor
