// A host may have closed its descriptors 0, 1 or 2 and go on using those numbers: a connection that landed
// there would be read from and printed to.
#pragma once

namespace warifu::wire {

// Takes the result of a call that opens a descriptor. Returns it, moved to 3 or above if need be
// (close-on-exec), or -errno.
int above_standard(int fd) noexcept;

}  // namespace warifu::wire
