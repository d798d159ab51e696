// The directory that a store is in, and its files, judged before SQLite opens them. Throws Unavailable, with
// one line that says which name and why.
#pragma once

#include <sys/stat.h>

#include <string>

#include "core/source/descriptor.h"

namespace warifu {

class StoreDirectory {
  public:
    static constexpr const char* database = "records.sqlite";
    static constexpr const char* lock = "lock";

    // `path` must be a directory and no symbolic link, the effective user's, mode 0700. It may lie behind
    // links.
    explicit StoreDirectory(const std::string& path);

    bool has(const char* name) const;
    std::string path_of(const char* name) const { return real_path_ + "/" + name; }
    int get() const noexcept { return directory_.get(); }
    void sync() const;

    // Opens the lock file, and makes it where there is none.
    Descriptor open_lock() const;
    // Judges the database, the WAL and the shared memory; the last two are made where there are none, and
    // grown to the size they have for good, so that a full disk does not matter later.
    void prepare_files();

    // Whether the database at the path still is the one that was prepared: a store that was deleted, or
    // replaced under a running process, must not go on answering.
    bool unchanged() const noexcept;

  private:
    Descriptor open_or_make(const char* name) const noexcept;
    void judge(const char* name) const;
    void prepare(const char* name, off_t bytes) const;

    std::string real_path_;
    Descriptor directory_;
    struct stat prepared_{};
};

}  // namespace warifu
