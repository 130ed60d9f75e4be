#include "sim/operators/worker/engine.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

namespace headroom::sim::worker {

namespace {

struct Result {
    duckdb_result value{};
    Result() = default;
    Result(const Result&) = delete;
    Result& operator=(const Result&) = delete;
    ~Result() { duckdb_destroy_result(&value); }

    Fault fault() {
        const char* words = duckdb_result_error(&value);
        bool memory = duckdb_result_error_type(&value) == DUCKDB_ERROR_OUT_OF_MEMORY;
        return {memory ? Fault::Kind::memory : Fault::Kind::sql, words ? words : "no reason given"};
    }
};

struct Statement {
    duckdb_prepared_statement value = nullptr;
    Statement() = default;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { duckdb_destroy_prepare(&value); }
};

struct Statements {
    duckdb_extracted_statements value = nullptr;
    Statements() = default;
    Statements(const Statements&) = delete;
    Statements& operator=(const Statements&) = delete;
    ~Statements() { duckdb_destroy_extracted(&value); }
};

std::string text_of(duckdb_value value) {
    if (!value) return {};
    char* words = duckdb_get_varchar(value);
    std::string text = words ? words : "";
    duckdb_free(words);
    duckdb_destroy_value(&value);
    return text;
}

double number_of(duckdb_profiling_info node, const char* metric) {
    return std::strtod(text_of(duckdb_profiling_info_get_value(node, metric)).c_str(), nullptr);
}

/// The operators at and below the node, itself first; gives the rows that come out of the node.
double collect_operators(duckdb_profiling_info node, int depth, std::vector<OperatorRun>& operators) {
    std::string name = text_of(duckdb_profiling_info_get_value(node, "OPERATOR_NAME"));
    name.erase(name.find_last_not_of(' ') + 1);
    const std::size_t place = operators.size();
    const double rows = number_of(node, "OPERATOR_CARDINALITY");
    if (!name.empty()) {
        operators.push_back({.name = std::move(name),
                             .depth = depth,
                             .rows_in = 0,
                             .rows = rows,
                             .seconds = number_of(node, "OPERATOR_TIMING")});
    }
    const bool counts = operators.size() > place;
    double below = 0;
    idx_t children = duckdb_profiling_info_get_child_count(node);
    for (idx_t i = 0; i < children; ++i) {
        below +=
            collect_operators(duckdb_profiling_info_get_child(node, i), depth + (counts ? 1 : 0), operators);
    }
    if (!counts) return below;
    operators[place].rows_in = below;
    return rows;
}

/// Whether a table of one of the names stands anywhere in the tree of a statement.
bool reads_any(const nlohmann::json& tree, const std::vector<std::string>& tables) {
    if (tree.is_object() && tree.value("type", nlohmann::json()) == "BASE_TABLE") {
        const auto name = tree.find("table_name");
        if (name != tree.end() && name->is_string() &&
            std::find(tables.begin(), tables.end(), name->get<std::string>()) != tables.end())
            return true;
    }
    return tree.is_structured() &&
           std::any_of(tree.begin(), tree.end(), [&](const auto& child) { return reads_any(child, tables); });
}

std::string word_for(duckdb_statement_type type) {
    switch (type) {
        case DUCKDB_STATEMENT_TYPE_INSERT:
            return "an INSERT";
        case DUCKDB_STATEMENT_TYPE_UPDATE:
            return "an UPDATE";
        case DUCKDB_STATEMENT_TYPE_DELETE:
            return "a DELETE";
        case DUCKDB_STATEMENT_TYPE_COPY:
            return "a COPY";
        case DUCKDB_STATEMENT_TYPE_CREATE:
            return "a CREATE";
        case DUCKDB_STATEMENT_TYPE_DROP:
            return "a DROP";
        case DUCKDB_STATEMENT_TYPE_EXPLAIN:
            return "an EXPLAIN";
        case DUCKDB_STATEMENT_TYPE_ATTACH:
            return "an ATTACH";
        case DUCKDB_STATEMENT_TYPE_LOAD:
            return "a LOAD or INSTALL";
        case DUCKDB_STATEMENT_TYPE_SET:
        case DUCKDB_STATEMENT_TYPE_VARIABLE_SET:
            return "a SET";
        default:
            return "another statement";
    }
}

}  // namespace

double thread_cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

namespace {
std::string quoted(const std::string& text, char mark) {
    std::string out(1, mark);
    for (char c : text) out.append(c == mark ? 2 : 1, c);
    return out + mark;
}
}  // namespace

std::string literal(const std::string& text) { return quoted(text, '\''); }
std::string identifier(const std::string& name) { return quoted(name, '"'); }

Outcome<Engine> Engine::open(const std::filesystem::path& folder, std::uint64_t memory_limit_bytes) {
    const std::pair<const char*, std::string> settings[] = {
        {"threads", "1"},
        {"memory_limit", std::to_string(memory_limit_bytes) + "B"},
        {"temp_directory", (folder / "spill").string()},
        {"max_temp_directory_size", "4GB"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
    };
    duckdb_config config = nullptr;
    duckdb_create_config(&config);
    for (const auto& [name, value] : settings) {
        if (duckdb_set_config(config, name, value.c_str()) == DuckDBError) {
            duckdb_destroy_config(&config);
            return tl::unexpected(
                Fault{Fault::Kind::engine, std::string("the engine does not know the setting ") + name});
        }
    }
    Engine engine;
    char* words = nullptr;
    duckdb_state state = duckdb_open_ext(nullptr, &engine.database_, config, &words);
    duckdb_destroy_config(&config);
    if (state == DuckDBError) {
        std::string message = words ? words : "no reason given";
        duckdb_free(words);
        return tl::unexpected(Fault{Fault::Kind::engine, message});
    }
    if (auto laid_in = engine.lay_in(1); !laid_in) return tl::unexpected(laid_in.error());
    engine.renew();
    return engine;
}

Outcome<void> Engine::lay_in(std::size_t connections) {
    for (std::size_t i = 0; i < connections; ++i) {
        duckdb_connection connection = nullptr;
        if (duckdb_connect(database_, &connection) == DuckDBError)
            return tl::unexpected(Fault{Fault::Kind::engine, "the engine took no connection"});
        spare_.push_back(connection);
        Result result;
        if (duckdb_query(connection, "PRAGMA enable_profiling='no_output'", &result.value) == DuckDBError)
            return tl::unexpected(result.fault());
    }
    return {};
}

void Engine::renew() {
    if (spare_.empty()) return;
    if (connection_) duckdb_disconnect(&connection_);
    connection_ = spare_.back();
    spare_.pop_back();
}

Engine::Engine(Engine&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)),
      connection_(std::exchange(other.connection_, nullptr)),
      spare_(std::exchange(other.spare_, {})) {}

Engine::~Engine() {
    if (connection_) duckdb_disconnect(&connection_);
    for (duckdb_connection& connection : spare_) duckdb_disconnect(&connection);
    if (database_) duckdb_close(&database_);
}

Outcome<void> Engine::lock(const std::vector<std::filesystem::path>& folders) {
    std::string list;
    for (const std::filesystem::path& folder : folders)
        list += (list.empty() ? "" : ", ") + literal(folder.string());
    const std::string statements[] = {
        "SET allowed_directories=[" + list + "]",
        "SET enable_external_access=false",
        "SET lock_configuration=true",
    };
    for (const std::string& statement : statements) {
        if (auto done = run(statement); !done) return done;
    }
    return {};
}

Outcome<void> Engine::run(const std::string& sql) {
    Result result;
    if (duckdb_query(connection_, sql.c_str(), &result.value) == DuckDBError)
        return tl::unexpected(result.fault());
    return {};
}

Outcome<Rows> Engine::rows(const std::string& sql) {
    Result result;
    if (duckdb_query(connection_, sql.c_str(), &result.value) == DuckDBError)
        return tl::unexpected(result.fault());
    Rows rows;
    while (duckdb_data_chunk chunk = duckdb_fetch_chunk(result.value)) {
        idx_t count = duckdb_data_chunk_get_size(chunk), columns = duckdb_data_chunk_get_column_count(chunk);
        for (idx_t row = 0; row < count; ++row) {
            auto& cells = rows.emplace_back(columns);
            for (idx_t column = 0; column < columns; ++column) {
                duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
                std::uint64_t* valid = duckdb_vector_get_validity(vector);
                if (valid && !duckdb_validity_row_is_valid(valid, row)) continue;
                auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
                cells[column].emplace(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
            }
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    return rows;
}

Outcome<QueryRun> Engine::measure(const std::string& sql) {
    Result result;
    const auto begin = std::chrono::steady_clock::now();
    double start = thread_cpu_seconds();
    duckdb_state state = duckdb_query(connection_, sql.c_str(), &result.value);
    double seconds = thread_cpu_seconds() - start;
    if (state == DuckDBError) return tl::unexpected(result.fault());
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    QueryRun run{.cpu_seconds = seconds, .wall_seconds = wall.count(), .operators = {}};
    while (duckdb_data_chunk chunk = duckdb_fetch_chunk(result.value)) {
        run.rows += static_cast<double>(duckdb_data_chunk_get_size(chunk));
        duckdb_destroy_data_chunk(&chunk);
    }
    if (duckdb_profiling_info root = duckdb_get_profiling_info(connection_)) {
        collect_operators(root, 0, run.operators);
        run.peak_memory = number_of(root, "SYSTEM_PEAK_BUFFER_MEMORY");
        run.spilled = number_of(root, "SYSTEM_PEAK_TEMP_DIR_SIZE");
    }
    return run;
}

Outcome<double> Engine::measure_write(const std::string& sql) {
    double start = thread_cpu_seconds();
    if (auto done = run(sql); !done) return tl::unexpected(done.error());
    return thread_cpu_seconds() - start;
}

Outcome<std::vector<std::string>> Engine::columns_read(const std::string& sql) {
    auto plan = rows("EXPLAIN (FORMAT json) " + sql);
    if (!plan) return tl::unexpected(plan.error());
    std::vector<std::string> columns;
    const auto add = [&](const nlohmann::json& value) {
        if (value.is_string()) columns.push_back(value.get<std::string>());
    };
    const std::function<void(const nlohmann::json&)> visit = [&](const nlohmann::json& node) {
        if (node.is_array())
            for (const auto& child : node) visit(child);
        if (!node.is_object()) return;
        const std::string name = node.value("name", "");
        if ((name.starts_with("PARQUET_SCAN") || name.starts_with("READ_PARQUET")) &&
            node.contains("extra_info")) {
            const auto& extra = node["extra_info"];
            if (extra.contains("Projections") && extra["Projections"].is_array())
                for (const auto& column : extra["Projections"]) add(column);
            else if (extra.contains("Projections"))
                add(extra["Projections"]);
        }
        if (node.contains("children")) visit(node["children"]);
    };
    for (const auto& cells : *plan) visit(nlohmann::json::parse(cells.back().value_or(""), nullptr, false));
    return columns;
}

Outcome<double> Engine::measure_stream(const std::string& sql) {
    double start = thread_cpu_seconds();
    Statement statement;
    if (duckdb_prepare(connection_, sql.c_str(), &statement.value) == DuckDBError) {
        return tl::unexpected(Fault{Fault::Kind::engine, duckdb_prepare_error(statement.value)});
    }
    duckdb_pending_result pending = nullptr;
    if (duckdb_pending_prepared_streaming(statement.value, &pending) == DuckDBError) {
        std::string words = duckdb_pending_error(pending);
        duckdb_destroy_pending(&pending);
        return tl::unexpected(Fault{Fault::Kind::engine, words});
    }
    Result result;
    duckdb_state state = duckdb_execute_pending(pending, &result.value);
    duckdb_destroy_pending(&pending);
    if (state == DuckDBError) return tl::unexpected(result.fault());
    while (duckdb_data_chunk chunk = duckdb_fetch_chunk(result.value)) duckdb_destroy_data_chunk(&chunk);
    return thread_cpu_seconds() - start;
}

Outcome<void> Engine::check_select(const std::string& sql, const std::vector<std::string>& tables) {
    const std::string wanted = "; one SELECT over the table " + tables.front() + " expected";
    Statements statements;
    idx_t count = duckdb_extract_statements(connection_, sql.c_str(), &statements.value);
    if (const char* words = duckdb_extract_statements_error(statements.value)) {
        return tl::unexpected(Fault{Fault::Kind::sql, words});
    }
    if (count == 0) return tl::unexpected(Fault{Fault::Kind::sql, "there is no statement" + wanted});
    if (count > 1) {
        return tl::unexpected(
            Fault{Fault::Kind::sql, "there are " + std::to_string(count) + " statements" + wanted});
    }
    Statement statement;
    if (duckdb_prepare_extracted_statement(connection_, statements.value, 0, &statement.value) ==
        DuckDBError) {
        return tl::unexpected(Fault{Fault::Kind::sql, duckdb_prepare_error(statement.value)});
    }
    duckdb_statement_type type = duckdb_prepared_statement_type(statement.value);
    if (type != DUCKDB_STATEMENT_TYPE_SELECT) {
        return tl::unexpected(Fault{Fault::Kind::sql, "this is " + word_for(type) + wanted});
    }
    if (duckdb_nparams(statement.value) > 0) {
        return tl::unexpected(Fault{Fault::Kind::sql, "there are parameters without a value" + wanted});
    }
    auto tree = rows("SELECT CAST(json_serialize_sql(" + literal(sql) + ") AS VARCHAR)");
    if (!tree) return tl::unexpected(tree.error());
    const bool reads =
        reads_any(nlohmann::json::parse(tree->at(0).at(0).value_or(""), nullptr, false), tables);
    if (!reads) {
        return tl::unexpected(
            Fault{Fault::Kind::sql, "the table " + tables.front() + " is not read" + wanted});
    }
    return {};
}

std::string Engine::version() {
    std::string version = duckdb_library_version();
    return "DuckDB " + (version.starts_with('v') ? version.substr(1) : version);
}

}  // namespace headroom::sim::worker
