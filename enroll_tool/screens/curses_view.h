// The screens on a terminal, by ncurses. curses_view.cpp is the one file that knows it.
#pragma once

#include "enroll_tool/screens/app.h"

namespace warifu::screens {

// Whether this terminal can move its cursor about, and says how large it is.
bool terminal_takes_screens();

// Runs until the person leaves. A signal that ends or stops the tool first empties the screen and puts the
// terminal back as it was, and then does what it always does. Throws Unavailable where the terminal cannot be
// set up.
void run_in_curses(App& app, Warifud& warifud);

}  // namespace warifu::screens
