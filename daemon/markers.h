// The files from which libnss_warifu tells who is enrolled, pending or exempt: an empty file for each member
// in /var/lib/warifu/enrolled/GROUP, a directory that belongs to the group. Any number of processes may write
// them at once; which of them is right is Engine::publish's to say.
//
// What is returned as a problem is one line for the log, without a login name in it, or empty where all went
// well.
#pragma once

#include <dirent.h>

#include <memory>
#include <string>
#include <vector>

#include "core/engine/standing.h"
#include "nss_helper/marker/marker_place.h"

namespace warifu {

class Markers {
  public:
    // The names in a group's directory, a part at a time. What spells no login name is passed over.
    class Listing {
      public:
        std::vector<std::string> next(std::size_t most);  // empty: that was all

      private:
        friend class Markers;
        struct Close {
            void operator()(DIR* stream) const noexcept { (void)closedir(stream); }
        };
        std::unique_ptr<DIR, Close> stream_;
    };

    static constexpr const MarkerGroup& enrolled = marker_groups[0];
    static constexpr const MarkerGroup& pending = marker_groups[1];
    static constexpr const MarkerGroup& exempt = marker_groups[2];

    explicit Markers(std::string directory = marker_directory) : directory_(std::move(directory)) {}

    // Makes the directories and gives each to its group, where NSS has that group.
    std::string prepare() const;

    std::string tell(const std::string& name, const Standing& standing) const;
    std::string set(const MarkerGroup& group, const std::string& name, bool member,
                    std::int64_t until = 0) const;
    bool has(const MarkerGroup& group, const std::string& name) const;
    // Of a directory that cannot be read: nothing.
    Listing list(const MarkerGroup& group) const;

  private:
    std::string path(const MarkerGroup& group) const { return directory_ + '/' + group.directory; }
    std::string make_directories() const;

    std::string directory_;
};

}  // namespace warifu
