// A directory of a test's own, 0700, which is gone afterwards.
#pragma once

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace warifu::testing {

class TemporaryDirectory {
  public:
    explicit TemporaryDirectory(const std::filesystem::path& below = std::filesystem::temp_directory_path())
        : path_((below / "warifu-test-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp");
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const noexcept { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

inline std::string content_of(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::string content(std::filesystem::file_size(path), '\0');
    content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    return content;
}

// Makes or replaces the file, mode 0600.
inline void write_file(const std::string& path, std::string_view content) {
    {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                                   std::fclose);
        if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size())
            throw std::runtime_error("cannot write " + path);
    }
    std::filesystem::permissions(path, std::filesystem::perms(0600));
}

}  // namespace warifu::testing
