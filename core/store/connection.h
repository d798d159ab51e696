// SQLite connections as the store sets them up, and statements on them. One thread at a time for each
// connection. Every error is a SqliteError with a line for the log.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/error/error.h"

namespace warifu {

struct SqliteError : Unavailable {
    SqliteError(int result_code, const std::string& message) : Unavailable(message), code(result_code) {}
    bool out_of_space() const noexcept;
    int code;  // extended result code
};

// A COMMIT that failed: what it held may or may not be found after a crash.
struct CommitFailed : Unavailable {
    using Unavailable::Unavailable;
};

class Connection {
  public:
    // Opens an existing store: WAL, synchronous=FULL, -wal and -shm never shrunk and never deleted, and no
    // memory map (a file cut short would be a signal, not an error). Nothing is created, no symbolic link
    // followed.
    static Connection open(const std::string& path);
    // An empty file, to be filled without a journal.
    static Connection make(const std::string& path);

    void run(const char* sql);
    // The one value that a PRAGMA or SELECT gives.
    std::int64_t number(std::string_view sql);
    std::string text(std::string_view sql);

    // Blocks for a file of `bytes`, now rather than when a checkpoint needs them. Throws SqliteError.
    void reserve(std::int64_t bytes);
    // From now on each commit leaves in `frames` how long the WAL is. `frames` outlives the connection's
    // commits.
    void watch_wal(int& frames) noexcept;
    // Frames of the WAL that no checkpoint is known to have copied into the database.
    std::int64_t frames_to_checkpoint() noexcept;
    void passive_checkpoint() noexcept;

    sqlite3* get() const noexcept { return database_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
    };
    Connection(const std::string& path, int flags);
    std::unique_ptr<sqlite3, Close> database_;
};

// A statement, prepared when it is used first: a process that lives for one sign-in uses few. `sql` and bound
// text are not copied: `sql` outlives the statement, bound text lives until reset().
class Statement {
  public:
    Statement(const Connection& connection, std::string_view sql) noexcept
        : database_(connection.get()), sql_(sql) {}

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bind_bytes(int index, std::string_view bytes);
    bool step();  // true: a row
    std::int64_t integer(int column) const noexcept;
    std::string text(int column) const;  // text or bytes
    void reset() noexcept;

  private:
    sqlite3_stmt* prepared();
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    sqlite3* database_;
    std::string_view sql_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Resets a statement when its result has been used, whatever happens meanwhile.
class Use {
  public:
    explicit Use(Statement& statement) noexcept : statement_(statement) {}
    ~Use() { statement_.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Statement* operator->() const noexcept { return &statement_; }

  private:
    Statement& statement_;
};

// Transactions of one kind: "BEGIN" for reading, "BEGIN IMMEDIATE" for writing.
class Transactions {
  public:
    Transactions(const Connection& connection, std::string_view begin);

    // Rolls back if `body` throws. Throws CommitFailed if all went well but the COMMIT.
    template <typename Body>
    void run(Body&& body) {
        Use(begin_)->step();
        try {
            body();
        } catch (...) {
            roll_back();
            throw;
        }
        commit();
    }

  private:
    void commit();
    void roll_back() noexcept;
    sqlite3* database_;
    Statement begin_, commit_;
};

}  // namespace warifu
