#include "core/store/connection.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace warifu {

namespace {

constexpr int busy_milliseconds = 1'000;  // only programs that are not Warifu's make one wait here
constexpr int growth_bytes = 1024 * 1024;
constexpr off_t shm_cut_bytes = 3;  // what SQLite cuts a -shm file to
constexpr off_t shm_kept_bytes = 32 * 1024;

[[noreturn]] void fail(sqlite3* database, int result) {
    const int code = database != nullptr ? sqlite3_extended_errcode(database) : result;
    throw SqliteError(code,
                      "the store: " + std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + ")");
}

void check(sqlite3* database, int result) {
    if (result != SQLITE_OK) fail(database, result);
}

int retried(int (*call)(int, off_t), int file, off_t size) {
    int result = 0;
    do {
        result = call(file, size);
    } while (result != 0 && errno == EINTR);
    return result;
}

// SQLite's ftruncate. Who opens a store first makes its -shm anew, by cutting it to 3 bytes and letting it
// grow: on a full disk somebody else takes the blocks in between, and nobody can read the store any more.
// Zeros in place say the same to SQLite ("not built yet") and keep the blocks.
int truncate_but_keep_shm(int file, off_t size) {
    struct stat status{};
    if (size != shm_cut_bytes || ::fstat(file, &status) != 0 || status.st_size <= shm_cut_bytes)
        return retried(::ftruncate, file, size);
    const off_t kept = std::min(status.st_size, shm_kept_bytes);
    if (status.st_size > kept && retried(::ftruncate, file, kept) != 0) return -1;
    static constexpr std::array<char, shm_kept_bytes> zeros{};
    for (off_t at = 0; at < kept;) {
        const ssize_t wrote = ::pwrite(file, zeros.data(), static_cast<std::size_t>(kept - at), at);
        if (wrote < 0 && errno != EINTR) return -1;
        at += std::max<ssize_t>(wrote, 0);
    }
    return 0;
}

// SQLite's openDirectory, by which a connection syncs the directory once after it opened the WAL: a flush of
// the disk before the first answer of a process, for files that were there and durable before it came.
int open_no_directory(const char*, int*) {
    return SQLITE_CANTOPEN;
}

void replace_system_call(sqlite3_vfs& vfs, const char* name, sqlite3_syscall_ptr ours) noexcept {
    if (vfs.xGetSystemCall(&vfs, name) != ours) vfs.xSetSystemCall(&vfs, name, ours);
}

// Where SQLite has no such seams, it does as ever.
void replace_system_calls() noexcept {
    sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
    if (vfs == nullptr || vfs->iVersion < 3 || vfs->xSetSystemCall == nullptr ||
        vfs->xGetSystemCall == nullptr)
        return;
    replace_system_call(*vfs, "ftruncate", reinterpret_cast<sqlite3_syscall_ptr>(truncate_but_keep_shm));
    replace_system_call(*vfs, "openDirectory", reinterpret_cast<sqlite3_syscall_ptr>(open_no_directory));
}

}  // namespace

bool SqliteError::out_of_space() const noexcept {
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
}

Connection::Connection(const std::string& path, int flags) {
    replace_system_calls();
    sqlite3* opened = nullptr;
    const int result =
        sqlite3_open_v2(path.c_str(), &opened,
                        flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
                            SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
                        "unix");
    database_.reset(opened);
    check(opened, result);
    check(opened, sqlite3_busy_timeout(opened, busy_milliseconds));
    check(opened, sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
    check(opened, sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
    check(opened, sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr));
    int growth = growth_bytes;
    check(opened, sqlite3_file_control(opened, "main", SQLITE_FCNTL_CHUNK_SIZE, &growth));
    run("PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_spill=OFF");
}

Connection Connection::open(const std::string& path) {
    Connection connection(path, 0);
    int persist = 1;
    check(connection.get(),
          sqlite3_file_control(connection.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &persist));
    connection.run("PRAGMA synchronous=FULL; PRAGMA journal_size_limit=-1");
    if (connection.text("PRAGMA journal_mode") != "wal")
        throw Unavailable(path + ": is not in WAL mode, restore it from a backup");
    return connection;
}

Connection Connection::make(const std::string& path) {
    Connection connection(path, SQLITE_OPEN_CREATE);
    connection.run("PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=OFF");
    return connection;
}

void Connection::run(const char* sql) {
    check(get(), sqlite3_exec(get(), sql, nullptr, nullptr, nullptr));
}

std::int64_t Connection::number(std::string_view sql) {
    Statement statement(*this, sql);
    if (!statement.step()) throw Unavailable("the store: nothing where a value belongs");
    return statement.integer(0);
}

std::string Connection::text(std::string_view sql) {
    Statement statement(*this, sql);
    if (!statement.step()) throw Unavailable("the store: nothing where a value belongs");
    return statement.text(0);
}

void Connection::reserve(std::int64_t bytes) {
    const int result = sqlite3_file_control(get(), "main", SQLITE_FCNTL_SIZE_HINT, &bytes);
    if (result != SQLITE_OK)
        throw SqliteError(result, std::string("the store cannot grow: ") + sqlite3_errstr(result));
}

void Connection::watch_wal(int& frames) noexcept {
    sqlite3_wal_hook(
        get(),
        [](void* count, sqlite3*, const char*, int in_wal) {
            *static_cast<int*>(count) = in_wal;
            return SQLITE_OK;
        },
        &frames);
}

// Read from the WAL-index's header, whose layout SQLite documents (walformat.html, 2.1): the last valid
// frame's number and how many of them have been copied, in the machine's byte order.
std::int64_t Connection::frames_to_checkpoint() noexcept {
    constexpr std::size_t last_frame_at = 16 / sizeof(std::uint32_t), copied_at = 96 / sizeof(std::uint32_t);
    constexpr int region_bytes = 32 * 1024;
    sqlite3_file* file = nullptr;
    volatile void* region = nullptr;
    if (sqlite3_file_control(get(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, region_bytes, 0, &region) != SQLITE_OK || region == nullptr)
        return 0;
    const auto* const header = static_cast<volatile std::uint32_t*>(region);
    return std::int64_t{header[last_frame_at]} - std::int64_t{header[copied_at]};
}

void Connection::passive_checkpoint() noexcept {
    sqlite3_wal_checkpoint_v2(get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

sqlite3_stmt* Statement::prepared() {
    if (!statement_) {
        sqlite3_stmt* made = nullptr;
        check(database_, sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()),
                                            SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        statement_.reset(made);
    }
    return statement_.get();
}

Statement& Statement::bind(int index, std::int64_t value) {
    check(database_, sqlite3_bind_int64(prepared(), index, value));
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    check(database_, sqlite3_bind_text(prepared(), index, text.data() != nullptr ? text.data() : "",
                                       static_cast<int>(text.size()), SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_bytes(int index, std::string_view bytes) {
    check(database_, sqlite3_bind_blob(prepared(), index, bytes.data() != nullptr ? bytes.data() : "",
                                       static_cast<int>(bytes.size()), SQLITE_STATIC));
    return *this;
}

bool Statement::step() {
    const int result = sqlite3_step(prepared());
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail(database_, result);
    return result == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const noexcept {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const void* const bytes = sqlite3_column_blob(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Statement::reset() noexcept {
    sqlite3_reset(statement_.get());
    if (statement_) sqlite3_clear_bindings(statement_.get());
}

Transactions::Transactions(const Connection& connection, std::string_view begin)
    : database_(connection.get()), begin_(connection, begin), commit_(connection, "COMMIT") {}

void Transactions::commit() {
    try {
        Use(commit_)->step();
    } catch (const SqliteError& error) {
        roll_back();
        throw CommitFailed(error.what());
    }
}

void Transactions::roll_back() noexcept {
    if (sqlite3_get_autocommit(database_) == 0)
        sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace warifu
