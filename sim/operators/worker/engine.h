#pragma once
// The embedded engine behind its C API: statements, their CPU time and their operators, inside limits that
// the statements cannot lift.

#include <cstdint>
#include <duckdb.h>
#include <filesystem>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace headroom::sim::worker {

/// What went wrong: whose fault it is, and the sentence of the engine or our own.
struct Fault {
    enum class Kind { sql, sample, key, memory, engine };
    Kind kind = Kind::engine;
    std::string message;
};

template <class T>
using Outcome = tl::expected<T, Fault>;

struct OperatorRun {
    std::string name;
    int depth = 0;       ///< in the plan; the operators below it follow
    double rows_in = 0;  ///< out of the operators right below it
    double rows = 0;     ///< out
    double seconds = 0;  ///< wall time, as the engine gives it
};

struct QueryRun {
    double cpu_seconds = 0;   ///< of the thread, around the whole query with its planning
    double wall_seconds = 0;  ///< more than that where the machine did other things meanwhile
    double rows = 0;          ///< out
    double peak_memory = 0;   ///< bytes that the engine held at the most
    double spilled = 0;       ///< bytes that it laid off to files at the most
    std::vector<OperatorRun> operators;
};

/// Rows of text; a null is an empty optional.
using Rows = std::vector<std::vector<std::optional<std::string>>>;

class Engine {
public:
    /// In memory, on one thread, spilling into `folder`.
    static Outcome<Engine> open(const std::filesystem::path& folder, std::uint64_t memory_limit_bytes);

    /// From here on statements reach no file outside the folders, load nothing and change no setting. The
    /// order of the settings matters: the last one makes them final.
    Outcome<void> lock(const std::vector<std::filesystem::path>& folders);

    /// The engine never forgets the peak of memory of a connection. So that many connections are laid in, to
    /// be taken by renew() when the settings are final, and the peak begins anew.
    Outcome<void> lay_in(std::size_t connections);
    void renew();

    Outcome<void> run(const std::string& sql);
    /// A statement whose columns are all text.
    Outcome<Rows> rows(const std::string& sql);
    /// Runs ad hoc (executing a prepared statement again can invalidate this engine) and gathers the result
    /// in memory.
    Outcome<QueryRun> measure(const std::string& sql);
    /// CPU seconds to produce the rows without keeping them.
    Outcome<double> measure_stream(const std::string& sql);

    /// CPU seconds of a statement that writes a file.
    Outcome<double> measure_write(const std::string& sql);
    /// Names of the columns that the query reads of the table in the Parquet file of that view.
    Outcome<std::vector<std::string>> columns_read(const std::string& sql);

    /// Nothing if the text is one SELECT that reads one of the tables; otherwise what it is instead. The
    /// first of the tables stands in the sentence.
    Outcome<void> check_select(const std::string& sql, const std::vector<std::string>& tables);

    static std::string version();

    Engine(Engine&& other) noexcept;
    Engine& operator=(Engine&&) = delete;
    ~Engine();

private:
    Engine() = default;

    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
    std::vector<duckdb_connection> spare_;
};

/// Text as a literal, and a name as an identifier, of the engine's SQL.
std::string literal(const std::string& text);
std::string identifier(const std::string& name);

/// CPU time of this thread, in seconds.
double thread_cpu_seconds();

}  // namespace headroom::sim::worker
