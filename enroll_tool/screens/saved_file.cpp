#include "enroll_tool/screens/saved_file.h"

#include "core/error/error.h"
#include "enroll_tool/new_file.h"

namespace warifu::screens {

namespace {

constexpr int most_names = 99;

// False where the name is taken.
bool saved_as(const std::string& path, std::string_view content) {
    try {
        NewFile(path).keep(content);
        return true;
    } catch (const Invalid&) {
        return false;
    } catch (const Conflict&) {
        return false;
    }
}

}  // namespace

std::string save_file(const std::string& directory, const std::string& stem, const std::string& ending,
                      std::string_view content) {
    for (int number = 1; number <= most_names; ++number) {
        std::string path = directory;
        path.append("/").append(stem);
        if (number > 1) path.append("-").append(std::to_string(number));
        path.append(ending);
        if (saved_as(path, content)) return path;
    }
    throw Unavailable(directory + " holds too many files named " + stem + ending + ": remove them");
}

}  // namespace warifu::screens
