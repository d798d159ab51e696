#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "enroll_tool/doctor/gather.h"
#include "enroll_tool/doctor/text_file.h"

namespace warifu::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 200;

void add(const std::string& path, std::vector<TextFile>& files) {
    if (files.size() >= most_files) return;
    if (auto text = text_of_file(path)) files.push_back({path, *std::move(text)});
}

// The file, and what Debian has it include.
std::vector<TextFile> with_directory(const std::string& path, std::string_view ending) {
    std::vector<TextFile> files;
    add(path, files);
    std::vector<std::string> parts;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path + ".d", error))
        if (entry.path().native().ends_with(ending)) parts.push_back(entry.path());
    std::ranges::sort(parts);
    for (const std::string& part : parts) add(part, files);
    return files;
}

bool module_stands_in(const std::string& parent) {
    const auto is_there = [](const fs::path& directory) {
        struct stat status{};
        return stat((directory / "libnss_warifu.so.2").c_str(), &status) == 0 && S_ISREG(status.st_mode);
    };
    if (is_there(parent)) return true;
    std::error_code error;
    return std::ranges::any_of(fs::directory_iterator(parent, error),
                               [&is_there](const auto& entry) { return is_there(entry.path()); });
}

}  // namespace

void gather_nss(Facts& facts) {
    facts.nss.nsswitch = text_of_file("/etc/nsswitch.conf").value_or("");
    facts.nss.sshd = with_directory("/etc/ssh/sshd_config", ".conf");
    facts.nss.sudo = with_directory("/etc/sudoers", "");
    facts.nss.module_found = module_stands_in("/usr/lib") || module_stands_in("/lib") ||
                             module_stands_in("/usr/lib64") || module_stands_in("/lib64");
}

}  // namespace warifu::doctor
