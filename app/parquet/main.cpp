// headroom-parquet-writer FROM.csv TO.parquet: the one thing that needs the engine outside of measuring, in a
// program of its own, so that `headroom` does not link it.

#include <cstdio>
#include <duckdb.h>
#include <string>

namespace {

std::string quoted(const char* text) {
    std::string result = "'";
    for (; *text; ++text) {
        if (*text == '\'') result += '\'';
        result += *text;
    }
    return result + "'";
}

}  // namespace

int main(int count, char** texts) {
    if (count != 3) {
        std::fputs("headroom-parquet-writer FROM.csv TO.parquet\n", stderr);
        return 2;
    }
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    if (duckdb_open(nullptr, &database) != DuckDBSuccess ||
        duckdb_connect(database, &connection) != DuckDBSuccess) {
        std::fputs("headroom-parquet-writer: the engine does not start\n", stderr);
        return 2;
    }
    // Settings stay as they are written; what is measured is a number.
    const std::string statement =
        "COPY (SELECT * REPLACE (CAST(point AS INTEGER) AS point, CAST(value AS DOUBLE) AS value, "
        "CAST(half_width AS DOUBLE) AS half_width) FROM read_csv(" +
        quoted(texts[1]) + ", header = true, all_varchar = true)) TO " + quoted(texts[2]) +
        " (FORMAT parquet, COMPRESSION zstd)";
    duckdb_result result;
    const bool good = duckdb_query(connection, statement.c_str(), &result) == DuckDBSuccess;
    if (!good) std::fprintf(stderr, "headroom-parquet-writer: %s\n", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return good ? 0 : 2;
}
