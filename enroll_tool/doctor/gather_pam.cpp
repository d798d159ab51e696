#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/gather.h"
#include "enroll_tool/doctor/pam_file.h"
#include "enroll_tool/doctor/text_file.h"

namespace warifu::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 1'000;

void add_directory(const std::string& directory, Facts& facts) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename();
        if (facts.pam.files.contains(name) || facts.pam.files.size() >= most_files) continue;
        // What a package manager or an editor left is no service.
        if (name.find('~') != name.npos || name.find(".dpkg-") != name.npos || name.starts_with('.'))
            continue;
        if (auto text = text_of_file(entry.path())) {
            facts.pam.files.emplace(name, PamFile{entry.path(), *std::move(text)});
        } else if (entry.is_regular_file(error)) {
            facts.unchecked.push_back(Sentence(N_("%1: it cannot be read."), entry.path()));
        }
    }
}

// Files outside PAM's directories, by their absolute paths, and what those include.
void add_included(Facts& facts) {
    std::vector<std::string> open;
    const auto note = [&open, &facts](std::string_view text) {
        for (const PamLine& line : parse_pam_file(text)) {
            const bool include =
                line.facility == "@include" || line.control == "include" || line.control == "substack";
            if (include && line.module.starts_with('/') && !facts.pam.files.contains(line.module))
                open.push_back(line.module);
        }
    };
    for (const auto& [name, file] : facts.pam.files) note(file.text);
    while (!open.empty() && facts.pam.files.size() < most_files) {
        const std::string path = open.back();
        open.pop_back();
        auto text = facts.pam.files.contains(path) ? std::nullopt : text_of_file(path);
        if (!text) continue;
        const auto added = facts.pam.files.emplace(path, PamFile{path, *std::move(text)}).first;
        note(added->second.text);
    }
}

// libpam looks in one directory, which differs from one distribution to another.
bool module_stands_in(const std::string& parent) {
    const auto is_there = [](const fs::path& directory) {
        struct stat status{};
        return stat((directory / "security/pam_warifu.so").c_str(), &status) == 0 && S_ISREG(status.st_mode);
    };
    if (is_there(parent)) return true;
    std::error_code error;
    return std::ranges::any_of(fs::directory_iterator(parent, error),
                               [&is_there](const auto& entry) { return is_there(entry.path()); });
}

}  // namespace

void gather_pam(Facts& facts) {
    for (const char* directory : pam_directories) add_directory(directory, facts);
    add_included(facts);
    facts.pam.module_found = module_stands_in("/usr/lib") || module_stands_in("/lib") ||
                             module_stands_in("/usr/lib64") || module_stands_in("/lib64");
}

}  // namespace warifu::doctor
