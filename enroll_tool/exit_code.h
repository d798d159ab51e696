// How a command ends, as scripts see it.
#pragma once

namespace warifu {

enum class ExitCode : int {
    done = 0,
    denied = 1,  // or not found
    usage = 2,   // or input that warifud refuses
    not_permitted = 3,
    unavailable = 4,  // or conflict, or output that could not be written
};

}  // namespace warifu
