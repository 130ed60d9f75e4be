#include "model/store/sqlite.h"

#include <algorithm>
#include <limits>
#include <new>
#include <sqlite3.h>

namespace headroom::model::sqlite {

namespace {

constexpr int busy_milliseconds = 3000;
constexpr int longest_value = 256 << 20;  ///< bytes; a run's largest series has some kilobytes

/// As a URI's path: what has a meaning there is escaped.
std::string uri_of(const std::filesystem::path& file, const char* query) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(file).string()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '/' || byte == '.' || byte == '-' ||
                           byte == '_';
        if (plain) {
            uri += c;
        } else {
            uri += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    return uri + query;
}

Failure failure_of(int code, const std::string& detail) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {"the results store is locked by another program; try again when that has finished", true};
        case SQLITE_NOTADB:
            return {"this is not a results store"};
        case SQLITE_CORRUPT:
        case SQLITE_FORMAT:
            return {"the results store is damaged: " + detail};
        case SQLITE_READONLY:
            return {"the results store cannot be written: " + detail};
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {"the results store cannot be opened: " + detail};
        case SQLITE_FULL:
            return {"the results store cannot be written: no space left on the disk"};
        case SQLITE_IOERR:
            return {"the disk failed while the results store was in use: " + detail};
        default:
            return {"the results store is damaged: " + detail};
    }
}

}  // namespace

void Database::Closer::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::filesystem::path& file, Mode mode) {
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
        case Mode::immutable:
            flags |= SQLITE_OPEN_READONLY;
            break;
        case Mode::read:
        case Mode::write:
            flags |= SQLITE_OPEN_READWRITE;
            break;
        case Mode::create:
            flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
            break;
    }
    sqlite3* handle = nullptr;
    const std::string uri = uri_of(file, mode == Mode::immutable ? "?immutable=1" : "");
    const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(code);
    sqlite3_busy_timeout(handle, busy_milliseconds);
    distrust();
    // A connection opened read-only could not remove the log's files when it closes and would leave them
    // behind.
    if (mode == Mode::read) execute("PRAGMA query_only = ON");
}

Database::Database(std::string_view bytes) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        ":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(code);
    if (!bytes.empty()) {
        const auto size = static_cast<sqlite3_int64>(bytes.size());
        auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
        if (!copy) throw std::bad_alloc();
        std::copy(bytes.begin(), bytes.end(), copy);
        const int taken = sqlite3_deserialize(handle, "main", copy, size, size,
                                              SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
        if (taken != SQLITE_OK) fail(taken);
    }
    distrust();
}

std::string Database::bytes() const {
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> copy(
        sqlite3_serialize(handle_.get(), "main", &size, 0), &sqlite3_free);
    if (!copy) throw std::bad_alloc();
    return {copy.get(), copy.get() + size};
}

void Database::distrust() {
    sqlite3* handle = handle_.get();
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value);
    // Any byte sequence may be handed over as a store: trust nothing that its schema says.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    execute("PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0");
}

void Database::execute(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }

void Database::fail(int code) const {
    throw failure_of(code, handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code));
}

void Statement::Finalizer::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Statement::Statement(const Database& database, const char* sql) : database_(database) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v2(database.handle_.get(), sql, -1, &handle, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) database.fail(code);
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_.fail(code);
    return false;
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
}

bool Statement::null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

double Statement::real(int column) const {
    return null(column) ? std::numeric_limits<double>::quiet_NaN()
                        : sqlite3_column_double(handle_.get(), column);
}

std::string Statement::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(handle_.get(), column);
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return bytes ? std::string(bytes, bytes + size) : std::string();
}

void Statement::put(int index, double value) {
    const int code = sqlite3_bind_double(handle_.get(), index, value);
    if (code != SQLITE_OK) database_.fail(code);
}

void Statement::put(int index, std::int64_t value) {
    const int code = sqlite3_bind_int64(handle_.get(), index, value);
    if (code != SQLITE_OK) database_.fail(code);
}

void Statement::put(int index, std::string_view value) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* bytes = value.empty() ? "" : value.data();
    const int code =
        sqlite3_bind_text64(handle_.get(), index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) database_.fail(code);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
    database_.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.execute("ROLLBACK");
    } catch (const Failure&) {
        // SQLite has rolled back by itself.
    }
}

void Transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace headroom::model::sqlite
