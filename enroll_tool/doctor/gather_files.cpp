#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "enroll_tool/doctor/gather.h"

namespace warifu::doctor {

namespace {

constexpr const char* database = "/records.sqlite";

FileType type_of(mode_t mode) {
    if (S_ISREG(mode)) return FileType::regular;
    if (S_ISDIR(mode)) return FileType::directory;
    return S_ISLNK(mode) ? FileType::symbolic_link : FileType::other;
}

std::string directory_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

void add(Purpose purpose, const std::string& path, Facts& facts) {
    struct stat status{};
    FileFact fact{purpose, path, std::nullopt};
    if (lstat(path.c_str(), &status) == 0) {
        fact.status = {type_of(status.st_mode), status.st_uid, status.st_mode & 07777U, status.st_nlink};
    } else if (errno != ENOENT) {
        facts.unchecked.push_back(Sentence("%1: %2.", path, std::strerror(errno)));
        return;
    }
    facts.files.push_back(std::move(fact));
}

// none: not ours to see.
std::optional<bool> exists(const std::string& path) {
    struct stat status{};
    if (lstat(path.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return std::nullopt;
}

std::optional<DiskFacts> disk_of(const std::string& directory) {
    struct statvfs disk{};
    if (statvfs(directory.c_str(), &disk) != 0) return std::nullopt;
    const auto all = static_cast<double>(disk.f_blocks), free = static_cast<double>(disk.f_bfree);
    return DiskFacts{disk.f_bfree * disk.f_frsize, disk.f_ffree, disk.f_files, all > 0 ? free / all : 1};
}

void gather_store(const ConfigInForce& config, Facts& facts) {
    StoreFacts store;
    store.directory = config.store_directory;
    store.key_file = config.key_file;
    store.has_database = exists(config.store_directory + database);
    store.has_key = exists(config.key_file);
    if (geteuid() == 0 && store.has_database == true &&
        faccessat(AT_FDCWD, (config.store_directory + database).c_str(), R_OK | W_OK, AT_EACCESS) != 0)
        store.not_writable = std::strerror(errno);
    store.disk = disk_of(config.store_directory);
    facts.store = std::move(store);
}

}  // namespace

void gather_files(Facts& facts) {
    add(Purpose::run_directory, "/run/warifu", facts);
    add(Purpose::config_directory, directory_of(facts.config.file), facts);
    add(Purpose::config_file, facts.config.file, facts);
    if (!facts.config.in_force) return;
    const ConfigInForce& config = *facts.config.in_force;
    add(Purpose::key_file, config.key_file, facts);
    add(Purpose::state_directory, directory_of(config.store_directory), facts);
    add(Purpose::store_directory, config.store_directory, facts);
    if (geteuid() == 0)
        for (const char* name : {database, "/records.sqlite-wal", "/records.sqlite-shm", "/lock"})
            add(Purpose::store_file, config.store_directory + name, facts);
    else
        facts.unchecked.emplace_back(N_("What is in the store's directory: only root may look."));
    for (const std::string& source : config.sources)
        if (source == "text") add(Purpose::text_file, config.text_file, facts);
    gather_store(config, facts);
}

}  // namespace warifu::doctor
