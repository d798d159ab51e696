// The StartAction message: who wants to run what, as sudo says it.
#pragma once

#include <cstddef>

namespace warifu::sudo {

// What sudo calls the plugin with: lists of "name=value" that end with a null, and what is to run. They
// outlive this.
struct Action {
    char* const* user_info;
    char* const* command_info;
    char* const* run_argv;
    char* const* run_envp;  // what the command would find as its environment; null: not known
    // What was typed, and how many of its words stand before the command; null: not known.
    char* const* submit_argv;
    int submit_optind;

    // Whether sudo says who wants to run what, without which nothing can be asked.
    bool complete() const noexcept;
};

// Writes the message and returns its size, NUL included, or 0 when the command is too long for it. Names are
// cut at bounds above every valid one's, and then hold U+FFFD; what is to run is never cut. Its first word is
// the path that sudo runs, whatever the program is told that it is called; before it stand `sudoedit` in
// place of an editor, which runs as the person, and `chroot DIRECTORY` where the path is one below another
// root directory; and first of all `env NAME=VALUE …` with the variables that were typed before the command
// and reach it.
std::size_t write_start_action(const Action& action, char* buffer, std::size_t capacity) noexcept;

}  // namespace warifu::sudo
