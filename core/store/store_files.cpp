#include "core/store/store_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "core/source/owned_file.h"

namespace warifu {

namespace {

constexpr std::int64_t store_format = 1;
constexpr const char* unfinished = "records.sqlite.new";
constexpr const char* leftover_wal = "records.sqlite-wal";
constexpr std::size_t decoy_secret_bytes = 20;
constexpr FairLock::Clock::duration init_limit = std::chrono::seconds(10);

std::string new_key_file(const std::string& key_file) {
    return key_file + ".new";
}

// ---- the key

std::optional<StoreKey> read_key(const std::string& path) {
    const std::optional<Descriptor> file = open_owned_file(AT_FDCWD, path, ::geteuid(), path);
    if (!file) return std::nullopt;
    try {
        return StoreKey::parse(read_owned_file(*file, path).text());
    } catch (const Unavailable& unavailable) {
        throw Unavailable(path + ": " + unavailable.what() + ", restore it from a backup");
    }
}

void write_key(const StoreKey& key, const std::string& path) {
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600));
    if (!file || ::fchmod(file.get(), 0600) != 0) refuse_by_errno(path);
    const Secret text = key.to_text();
    std::string_view left = text.text();
    while (!left.empty()) {
        const ssize_t wrote = ::write(file.get(), left.data(), left.size());
        if (wrote < 0 && errno != EINTR) refuse_by_errno(path);
        left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(wrote, 0)));
    }
    if (::fsync(file.get()) != 0) refuse_by_errno(path);
}

void sync_directory_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    const std::string path =
        slash == std::string::npos ? "." : file.substr(0, std::max<std::size_t>(slash, 1));
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0) refuse_by_errno(path);
}

void put_key_in_place(const std::string& key_file) {
    if (::renameat2(AT_FDCWD, new_key_file(key_file).c_str(), AT_FDCWD, key_file.c_str(), RENAME_NOREPLACE) !=
        0)
        refuse_by_errno(key_file);
    sync_directory_of(key_file);
}

bool exists(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0) return true;
    if (errno != ENOENT) refuse_by_errno(path);
    return false;
}

// ---- what says which key a store belongs to

// Tells a key that was mistyped or restored in part from the right one, which has the same id.
std::int64_t key_check(const StoreKey& key) {
    return static_cast<std::int64_t>(key.keyed_hash("store", key.store_id()));
}

void write_identity(Connection& connection, const StoreKey& key) {
    connection.run(
        "CREATE TABLE store (format INTEGER NOT NULL, id TEXT NOT NULL, key_check INTEGER NOT NULL) STRICT");
    Statement insert(connection, "INSERT INTO store VALUES (?1, ?2, ?3)");
    insert.bind(1, store_format).bind(2, key.store_id()).bind(3, key_check(key));
    insert.step();
}

struct Identity {
    std::string store_id;
    std::int64_t key_check = 0;
    bool is_of(const StoreKey& key) const {
        return store_id == key.store_id() && key_check == warifu::key_check(key);
    }
};

Identity read_identity(const Connection& connection, const std::string& path) {
    Statement select(connection, "SELECT format, id, key_check FROM store");
    if (!select.step()) throw Unavailable(path + ": is not a whole store, restore it from a backup");
    if (select.integer(0) != store_format)
        throw Unavailable(path + ": was made by a newer Warifu, upgrade this host");
    return {.store_id = select.text(1), .key_check = select.integer(2)};
}

// ---- decoys

Credentials decoy(const std::string& number) {
    Credentials credentials;
    credentials.subject = {decoy_realm, number};
    Authenticator authenticator{.id = "0000000000000001",
                                .label = "decoy",
                                .otp = {},
                                .counter = 0,
                                .created = 0,
                                .secret = Secret::random(decoy_secret_bytes)};
    credentials.authenticators.push_back(std::move(authenticator));
    RecoverySet set;
    std::ranges::copy(Secret::random(set.salt.size()).bytes(), set.salt.begin());
    set.digests.resize(recovery_codes_in_a_set);
    for (RecoveryDigest& digest : set.digests)
        std::ranges::copy(Secret::random(digest.size()).bytes(), digest.begin());
    credentials.recovery = std::move(set);
    return credentials;
}

void insert(RecordTable& table, RecordKind kind, const std::string& number, std::string document) {
    const CommitOutcome outcome = table.apply({.key = {.kind = kind, .realm = "", .name = number},
                                               .expected_version = 0,
                                               .document = std::move(document)});
    if (outcome.result != CommitResult::committed)
        throw Unavailable("a decoy cannot be made: " + outcome.reason);
}

void fill(Connection& connection, const StoreKey& key,
          const std::function<std::string(std::size_t)>& decoy_state) {
    RecordTable table(connection);
    Transactions(connection, "BEGIN").run([&] {
        for (std::size_t i = 0; i < decoy_records; ++i) {
            const std::string number = std::to_string(i);
            insert(table, RecordKind::decoy_credentials, number, to_sealed_json(decoy(number), key));
            insert(table, RecordKind::decoy_state, number, decoy_state(i));
        }
    });
}

// ---- making

// A whole store under a name that nobody opens.
void build(const StoreDirectory& directory, const StoreKey& key,
           const std::function<std::string(std::size_t)>& decoy_state) {
    const std::string path = directory.path_of(unfinished);
    const Descriptor file(
        ::openat(directory.get(), unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file || ::fchmod(file.get(), 0600) != 0) refuse_by_errno(path);
    Connection connection = Connection::make(path);
    write_identity(connection, key);
    RecordTable::create(connection);
    fill(connection, key, decoy_state);
    connection.reserve(connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size"));
    connection.run("PRAGMA journal_mode=WAL");
}

void remove_unfinished(const StoreDirectory& directory, const std::string& key_file) {
    for (const char* end : {"", "-wal", "-shm", "-journal"})
        ::unlinkat(directory.get(), (unfinished + std::string(end)).c_str(), 0);
    ::unlink(new_key_file(key_file).c_str());
}

// The store was put in place, and its key not any more: the one that lies beside its place is the store's
// own.
bool finish_interrupted(const StoreDirectory& directory, const std::string& key_file) {
    const std::optional<StoreKey> key = read_key(new_key_file(key_file));
    if (!key) return false;
    const std::string path = directory.path_of(StoreDirectory::database);
    if (!read_identity(Connection::open(path), path).is_of(*key)) return false;
    put_key_in_place(key_file);
    return true;
}

[[noreturn]] void refuse_existing(const StoreDirectory& directory, const std::string& key_file) {
    const bool store = directory.has(StoreDirectory::database), key = exists(key_file);
    const std::string where = directory.path_of(StoreDirectory::database);
    if (store && key) throw Conflict("there is a store already: " + where + " with its key " + key_file);
    if (store)
        throw Conflict("the store " + where + " is there and its key is not: restore " + key_file +
                       " from a backup, or move the store away");
    if (key)
        throw Conflict("the key " + key_file + " is there and its store is not: restore " + where +
                       " from a backup, or move the key away");
    throw Conflict("something is left of another store: move " + directory.path_of(leftover_wal) + " away");
}

void make_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0 ? ::chmod(path.c_str(), 0700) != 0 : errno != EEXIST)
        refuse_by_errno(path);
}

}  // namespace

void init_store(const std::string& directory_path, const std::string& key_file,
                const std::function<std::string(std::size_t)>& decoy_state) {
    make_directory(directory_path);
    StoreDirectory directory(directory_path);
    FairLock lock(directory.open_lock());
    if (!lock.acquire(init_limit)) throw Unavailable("another process holds the lock of " + directory_path);
    const bool store = directory.has(StoreDirectory::database);
    if (store && !exists(key_file) && finish_interrupted(directory, key_file)) return;
    if (store || exists(key_file) || directory.has(leftover_wal)) refuse_existing(directory, key_file);

    remove_unfinished(directory, key_file);
    const StoreKey key = StoreKey::generate();
    write_key(key, new_key_file(key_file));
    sync_directory_of(key_file);
    build(directory, key, decoy_state);
    if (::renameat(directory.get(), unfinished, directory.get(), StoreDirectory::database) != 0)
        refuse_by_errno(directory.path_of(StoreDirectory::database));
    directory.sync();
    put_key_in_place(key_file);
    directory.prepare_files();
}

OpenedStore open_store(const std::string& directory_path, const std::string& key_file) {
    OpenedStore opened;
    opened.key = read_key(key_file);
    if (!exists(directory_path) || !StoreDirectory(directory_path).has(StoreDirectory::database))
        throw Unavailable(opened.key ? "the key " + key_file + " is there and its store is not: restore " +
                                           directory_path + " from a backup"
                                     : "there is no store in " + directory_path + ": run `warifu init`");
    StoreDirectory directory(directory_path);
    directory.prepare_files();
    const std::string path = directory.path_of(StoreDirectory::database);
    Connection reading = Connection::open(path);
    const Identity identity = read_identity(reading, path);
    if (opened.key && !identity.is_of(*opened.key))
        throw Unavailable("the key " + key_file + " is another store's: restore the key of " + path +
                          " from a backup");
    if (!opened.key) opened.key_missing = "the key " + key_file + " is missing: restore it from a backup";
    opened.store = std::make_unique<SqliteStore>(std::move(directory), std::move(reading));
    return opened;
}

}  // namespace warifu
