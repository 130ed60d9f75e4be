#include "model/store/packed_run.h"

#include "model/store/rows.h"
#include "model/store/schema.h"

namespace headroom::model {

namespace {

/// An empty store with small pages: most tables of a single run fill less than one.
const std::string& empty_store() {
    static const std::string bytes = [] {
        sqlite::Database database("");
        database.execute("PRAGMA page_size = 1024");
        store_schema::create(database);
        return database.bytes();
    }();
    return bytes;
}

}  // namespace

std::string pack(const RunResult& result) {
    sqlite::Database database(empty_store());
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::write);
    store_rows::insert(database, result);
    transaction.commit();
    return database.bytes();
}

Expected<RunResult> unpack(std::string_view bytes) {
    try {
        const sqlite::Database database(bytes);
        store_schema::check(database);
        return store_rows::read(database, 1);
    } catch (const sqlite::Failure& failure) {
        return fail({}, "", "a result that was received cannot be read: " + failure.message);
    }
}

}  // namespace headroom::model
