// A file that was not there before: the owner's alone (0600), whole or not at all, never through a symbolic
// link. Until keep() it has no name, or where the file system cannot do that a temporary one beside its own,
// and goes with this object.
#pragma once

#include <string>
#include <string_view>

#include "ipc/client/descriptor.h"

namespace warifu {

class NewFile {
  public:
    // What a sheet or an image has at most, in bytes: so much room is taken at once, since what goes into the
    // file is often made for it and shown once.
    static constexpr long largest_content = 128L * 1024;

    // Throws Invalid("--output") where `path` is there already or names no file, Unavailable where it cannot
    // be made or there is no room for largest_content.
    explicit NewFile(std::string path);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    // Writes `content`, gives the file its name, and returns once both are on disk. Throws Unavailable where
    // the file cannot be written, Conflict where somebody took the name in the meantime: then nothing is
    // left.
    void keep(std::string_view content);

  private:
    void make_named();
    void write(std::string_view content) const;
    [[noreturn]] void fail() const;

    std::string path_, name_, temporary_name_;
    ipc::Descriptor directory_, file_;
};

}  // namespace warifu
