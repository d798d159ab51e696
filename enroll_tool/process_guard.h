// What has to hold before the tool touches anything: no core dump, no tracer but root, no death by a closed
// pipe or a file size limit (the write fails instead), and 0 to 2 open, so that no socket ever takes the
// place of the output.
#pragma once

namespace warifu {

void guard_process() noexcept;

// For a program that is executed in our place: the two signals as they were by default.
void release_signals() noexcept;

}  // namespace warifu
