#include <algorithm>

#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor {

namespace {

using enum Kind;

constexpr std::uint64_t full_bytes = 1024 * 1024, little_bytes = 64 * 1024 * 1024;
constexpr double little_share = 0.02;
constexpr std::uint64_t little_inodes = 1'000;

Findings check_presence(const StoreFacts& store) {
    if (!store.has_database || !store.has_key) return {};
    if (!*store.has_database && !*store.has_key)
        return {{store_not_made, store.directory, N_("there is no store yet"), N_("Run `warifu init`.")}};
    if (!*store.has_database)
        return {{store_missing, store.directory, N_("the key is there and its store is not"),
                 N_("Restore the store from a backup; meanwhile every sign-in is refused.")}};
    if (!*store.has_key)
        return {{key_missing, store.key_file, N_("the store is there and its key is not"),
                 N_("Restore the key from a backup; meanwhile only recovery codes work.")}};
    return {};
}

Findings check_disk(const std::string& directory, const DiskFacts& disk) {
    Findings findings;
    const std::string free = std::to_string(disk.free_bytes / 1024);
    if (disk.free_bytes < full_bytes)
        findings.push_back({disk_full, directory, Sentence(N_("the disk is full; KiB left: %1"), free),
                            N_("Make room on this file system: enrolling and most sign-ins need it.")});
    else if (disk.free_bytes < little_bytes || disk.free_share < little_share)
        findings.push_back({disk_nearly_full, directory,
                            Sentence(N_("the disk is nearly full; KiB left: %1"), free),
                            N_("Make room on this file system before enrolling and sign-ins fail.")});
    if (disk.inodes == 0) return findings;
    const std::string inodes = std::to_string(disk.free_inodes);
    if (disk.free_inodes == 0)
        findings.push_back({inodes_gone, directory, N_("the file system has no inode left"),
                            N_("Remove files that nobody needs from this file system.")});
    else if (disk.free_inodes < little_inodes)
        findings.push_back({inodes_nearly_gone, directory,
                            Sentence(N_("the file system's inodes left: %1"), inodes),
                            N_("Remove files that nobody needs from this file system.")});
    return findings;
}

}  // namespace

Findings check_store(const Facts& facts) {
    if (!facts.store) return {};
    Findings findings = check_presence(*facts.store);
    if (!facts.store->not_writable.empty())
        findings.push_back({store_not_writable, facts.store->directory,
                            Sentence(N_("the store cannot be written: %1"), facts.store->not_writable),
                            N_("Mount the file system for writing: without it every sign-in is refused.")});
    if (facts.store->disk)
        std::ranges::move(check_disk(facts.store->directory, *facts.store->disk),
                          std::back_inserter(findings));
    return findings;
}

}  // namespace warifu::doctor
