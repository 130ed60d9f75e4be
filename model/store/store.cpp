#include "model/store/store.h"

#include "model/store/rows.h"
#include "model/store/schema.h"
#include "model/store/sqlite.h"

#include <array>
#include <cstring>
#include <fstream>

namespace headroom::model {

namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::Failure;
using sqlite::Statement;
using sqlite::Transaction;

std::uint32_t big_endian(const char* bytes, int size) {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

bool empty_or_missing(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    return error || size == 0;
}

/// What the first bytes say, before SQLite touches the file: the layout of a database's header is at
/// https://www.sqlite.org/fileformat2.html#the_database_header. Throws where it cannot be a store.
void check_header(const fs::path& file) {
    std::array<char, 100> header{};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Failure{"the results store cannot be opened: " + std::string(std::strerror(errno))};
    stream.read(header.data(), header.size());
    if (stream.gcount() == 0) throw Failure{"this is not a results store: the file is empty"};
    static constexpr char magic[16] = "SQLite format 3";
    if (stream.gcount() < 16 || std::memcmp(header.data(), magic, sizeof magic) != 0)
        throw Failure{"this is not a results store"};
    if (stream.gcount() < 100) throw Failure{"the results store is truncated"};
    const std::uint32_t page = big_endian(header.data() + 16, 2);
    const std::uint64_t bytes = std::uint64_t{page == 1 ? 65536 : page} * big_endian(header.data() + 28, 4);
    // Pages that the header counts may still be in the write-ahead log, where there is one.
    if (fs::file_size(file) < bytes && empty_or_missing(file.string() + "-wal"))
        throw Failure{"the results store is truncated: " + std::to_string(fs::file_size(file)) + " of " +
                      std::to_string(bytes) + " bytes are there"};
}

Database open_database(const fs::path& file, ResultsStore::Access access) {
    const fs::file_status status = fs::status(file);
    if (fs::is_directory(status)) throw Failure{"this is a folder; a results store is a file"};
    if (fs::exists(status) && !fs::is_regular_file(status))
        throw Failure{"this is not a regular file, so it cannot be a results store"};
    if (access == ResultsStore::Access::read_only) {
        if (!fs::exists(status)) throw Failure{"there is no such results store"};
        check_header(file);
        try {
            Database database(file, Database::Mode::read);
            store_schema::check(database);
            return database;
        } catch (const Failure& failure) {
            // In a folder where nothing may be created, SQLite cannot make its shared memory; without a log
            // nobody is writing either.
            if (failure.locked || !empty_or_missing(file.string() + "-wal")) throw;
            Database database(file, Database::Mode::immutable);
            store_schema::check(database);
            return database;
        }
    }
    if (!fs::exists(status) || fs::file_size(file) == 0) {
        const fs::path folder = fs::absolute(file).parent_path();
        if (!fs::is_directory(folder))
            throw Failure{"the results store cannot be created: there is no folder " + folder.string()};
        Database database(file, Database::Mode::create);
        store_schema::create(database);
    } else {
        check_header(file);
    }
    Database database(file, Database::Mode::write);
    store_schema::check(database);
    // Says at once, before anything is computed, that the store is locked or cannot be written.
    Transaction(database, Transaction::Kind::write).commit();
    if (store_schema::version_of(database) < store_schema::version) store_schema::migrate(database);
    database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return database;
}

std::vector<FigureKey> metrics_of(const Database& database, const std::string& study) {
    std::vector<FigureKey> metrics;
    Statement rows(database,
                   "SELECT metric, subject, workload FROM study_metrics WHERE study = ? ORDER BY position");
    for (rows.bind(study); rows.step();) metrics.push_back({rows.text(0), rows.text(1), rows.text(2)});
    return metrics;
}

std::vector<StudyPoint> points_of(const Database& database, const std::string& study) {
    std::vector<StudyPoint> points;
    Statement rows(database, "SELECT point, run FROM study_points WHERE study = ? ORDER BY point");
    Statement settings(
        database, "SELECT path, value FROM study_settings WHERE study = ? AND point = ? ORDER BY position");
    for (rows.bind(study); rows.step();) {
        StudyPoint point;
        point.index = static_cast<int>(rows.integer(0));
        if (!rows.null(1)) point.run = rows.integer(1);
        for (settings.bind(study, point.index); settings.step();)
            point.settings.emplace_back(settings.text(0), settings.text(1));
        points.push_back(std::move(point));
    }
    return points;
}

}  // namespace

struct ResultsStore::Connection {
    fs::path file;
    Database database;

    /// Runs a step on the database; its failure becomes a problem of the file.
    template <class Step>
    auto guarded(Step step) -> Expected<decltype(step(database))> {
        try {
            return step(database);
        } catch (const Failure& failure) {
            return fail({.file = file.string()}, "", failure.message);
        }
    }
};

ResultsStore::ResultsStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
ResultsStore::ResultsStore(ResultsStore&&) noexcept = default;
ResultsStore& ResultsStore::operator=(ResultsStore&&) noexcept = default;
ResultsStore::~ResultsStore() = default;

Expected<ResultsStore> ResultsStore::open(const fs::path& file, Access access) {
    try {
        return ResultsStore(std::make_unique<Connection>(file, open_database(file, access)));
    } catch (const Failure& failure) {
        return fail({.file = file.string()}, "", failure.message);
    } catch (const fs::filesystem_error& error) {
        return fail({.file = file.string()}, "",
                    "the results store cannot be opened: " + error.code().message());
    }
}

Expected<std::int64_t> ResultsStore::add(const RunResult& result) {
    return connection_->guarded([&](Database& database) {
        Transaction transaction(database, Transaction::Kind::write);
        const std::int64_t id = store_rows::insert(database, result);
        transaction.commit();
        return id;
    });
}

Expected<int> ResultsStore::prune(int of_each_file, int in_all) {
    return connection_->guarded([&](Database& database) {
        Transaction transaction(database, Transaction::Kind::write);
        Statement counted(database, "SELECT count(*) FROM runs");
        const auto count = [&] {
            counted.bind();
            return counted.step() ? static_cast<int>(counted.integer(0)) : 0;
        };
        const int before = count();
        Statement(database,
                  "DELETE FROM runs WHERE id IN (SELECT id FROM (SELECT id, "
                  "row_number() OVER (PARTITION BY scenario_file ORDER BY id DESC) AS of_file, "
                  "row_number() OVER (ORDER BY id DESC) AS of_all FROM runs) "
                  "WHERE of_file > ? OR of_all > ?) "
                  "AND id NOT IN (SELECT run FROM study_points WHERE run IS NOT NULL)")
            .bind(of_each_file, in_all)
            .step();
        const int removed = before - count();
        transaction.commit();
        return removed;
    });
}

Expected<RunResult> ResultsStore::run(std::int64_t id) const {
    return connection_->guarded([&](Database& database) {
        const Transaction snapshot(database, Transaction::Kind::read);
        return store_rows::read(database, id);
    });
}

Expected<std::vector<RunSummary>> ResultsStore::runs() const {
    return connection_->guarded([&](Database& database) {
        std::vector<RunSummary> runs;
        Statement rows(database,
                       "SELECT id, scenario_name, scenario_hash, finished_at, level, replications FROM runs "
                       "ORDER BY id");
        while (rows.step())
            runs.push_back({.id = rows.integer(0),
                            .scenario_name = rows.text(1),
                            .scenario_hash = rows.text(2),
                            .finished_at = rows.text(3),
                            .level = store_rows::level_of(rows.text(4)),
                            .replications = static_cast<int>(rows.integer(5))});
        return runs;
    });
}

namespace {

std::optional<RunResult> newest_by(Database& database, const char* query, const std::string& value) {
    const Transaction snapshot(database, Transaction::Kind::read);
    Statement newest(database, query);
    if (!newest.bind(value).step() || newest.null(0)) return std::nullopt;
    return store_rows::read(database, newest.integer(0));
}

}  // namespace

Expected<std::optional<RunResult>> ResultsStore::newest_of(const std::string& scenario_hash) const {
    return connection_->guarded([&](Database& database) {
        return newest_by(database, "SELECT max(id) FROM runs WHERE scenario_hash = ?", scenario_hash);
    });
}

Expected<std::optional<RunResult>> ResultsStore::newest_of_file(const std::string& scenario_file) const {
    return connection_->guarded([&](Database& database) {
        return newest_by(database, "SELECT max(id) FROM runs WHERE scenario_file = ?", scenario_file);
    });
}

Expected<Study> ResultsStore::begin_study(const Study& study) {
    return connection_->guarded([&](Database& database) {
        Transaction transaction(database, Transaction::Kind::write);
        Statement known(database, "SELECT name FROM studies WHERE id = ?");
        if (known.bind(study.id).step())
            return Study{study.id, known.text(0), points_of(database, study.id), study.text, study.metrics};
        Statement(database,
                  "INSERT INTO studies VALUES (?, ?, (SELECT ifnull(max(number), 0) + 1 FROM studies), ?)")
            .bind(study.id, study.name, study.text)
            .step();
        Statement metrics(database, "INSERT INTO study_metrics VALUES (?, ?, ?, ?, ?)");
        for (std::size_t i = 0; i < study.metrics.size(); ++i)
            metrics.bind(study.id, i, study.metrics[i].metric, study.metrics[i].subject, study.metrics[i].of)
                .step();
        Statement points(database, "INSERT INTO study_points VALUES (?, ?, NULL)");
        Statement settings(database, "INSERT INTO study_settings VALUES (?, ?, ?, ?, ?)");
        for (const StudyPoint& point : study.points) {
            points.bind(study.id, point.index).step();
            for (std::size_t i = 0; i < point.settings.size(); ++i)
                settings.bind(study.id, point.index, i, point.settings[i].first, point.settings[i].second)
                    .step();
        }
        transaction.commit();
        return study;
    });
}

Expected<std::vector<Study>> ResultsStore::studies() const {
    return connection_->guarded([&](Database& database) {
        const Transaction snapshot(database, Transaction::Kind::read);
        std::vector<Study> studies;
        // A store of an older version that may only be read knows neither files nor metrics.
        const bool files = store_schema::version_of(database) > 3;
        Statement rows(database, files ? "SELECT id, name, text FROM studies ORDER BY number"
                                       : "SELECT id, name, '' FROM studies ORDER BY number");
        while (rows.step())
            studies.push_back({rows.text(0), rows.text(1), points_of(database, rows.text(0)), rows.text(2),
                               files ? metrics_of(database, rows.text(0)) : std::vector<FigureKey>()});
        return studies;
    });
}

Expected<void> ResultsStore::finish_points(const std::string& study, std::span<const PointResult> results) {
    return connection_
        ->guarded([&](Database& database) {
            Transaction transaction(database, Transaction::Kind::write);
            Statement point(database, "SELECT run FROM study_points WHERE study = ? AND point = ?");
            Statement finish(database, "UPDATE study_points SET run = ? WHERE study = ? AND point = ?");
            for (const auto& [index, result] : results) {
                if (!point.bind(study, index).step())
                    throw Failure{"the study has no point " + std::to_string(index)};
                // Two programs may have worked on the same point: the results are the same, the first is
                // kept.
                if (point.null(0)) finish.bind(store_rows::insert(database, result), study, index).step();
            }
            transaction.commit();
            return true;
        })
        .map([](bool) {});
}

}  // namespace headroom::model
