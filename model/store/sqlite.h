#pragma once
// The little of SQLite that the store needs. Failures are thrown here and turned into problems at the store's
// border: they can come from any step of any statement, as any page may be damaged or locked.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace headroom::model::sqlite {

/// What went wrong, as a clause for a person.
struct Failure {
    std::string message;
    bool locked = false;
};

class Database {
public:
    enum class Mode {
        read,       ///< statements can only read; beside a writer
        immutable,  ///< read-only where nothing may be created beside the file and nobody writes
        write,      ///< read and write an existing file
        create
    };

    Database(const std::filesystem::path& file, Mode mode);
    /// In memory: empty, or what bytes() gave of another one.
    explicit Database(std::string_view bytes);
    /// The whole database, as its file would hold it.
    std::string bytes() const;
    void execute(const char* sql);
    std::int64_t last_row() const;
    [[noreturn]] void fail(int code) const;

private:
    void distrust();

    friend class Statement;
    struct Closer {
        void operator()(sqlite3* handle) const;
    };
    std::unique_ptr<sqlite3, Closer> handle_;
};

class Statement {
public:
    Statement(const Database& database, const char* sql);

    /// Binds all arguments in order; NaN becomes NULL.
    template <class... Arguments>
    Statement& bind(const Arguments&... arguments) {
        reset();
        int index = 0;
        (put(++index, arguments), ...);
        return *this;
    }
    /// Moves to the next row; false after the last.
    bool step();

    bool null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;  ///< NaN for NULL
    std::string text(int column) const;

private:
    void reset();
    void put(int index, double value);
    void put(int index, std::int64_t value);
    void put(int index, int value) { put(index, static_cast<std::int64_t>(value)); }
    void put(int index, std::size_t value) { put(index, static_cast<std::int64_t>(value)); }
    void put(int index, bool value) { put(index, static_cast<std::int64_t>(value)); }
    void put(int index, std::string_view value);
    void put(int index, const std::string& value) { put(index, std::string_view(value)); }
    void put(int index, const char* value) { put(index, std::string_view(value)); }

    struct Finalizer {
        void operator()(sqlite3_stmt* handle) const;
    };
    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

/// Everything between construction and commit() happens, or nothing of it.
class Transaction {
public:
    enum class Kind { read, write };
    Transaction(Database& database, Kind kind);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace headroom::model::sqlite
