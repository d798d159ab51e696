// The same steps as questions on plain lines: for a dumb terminal, and for whoever has the screen read out.
#pragma once

#include "enroll_tool/output.h"
#include "enroll_tool/screens/app.h"
#include "enroll_tool/terminal.h"

namespace warifu::screens {

// What is shown of a page, its choices numbered; then comes the question.
void show_plainly(const Page& page, Output& out);

// Runs until the person leaves, or the input ends at the first page.
void run_plainly(App& app, Warifud& warifud, Terminal& terminal, Output& out);

}  // namespace warifu::screens
