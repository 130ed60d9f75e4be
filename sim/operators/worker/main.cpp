// headroom-operator-worker REQUEST: does what the JSON file asks (see sim/operators/calibrate.cpp) and
// answers with JSON on the standard output. Anything that it may leave behind lies in the request's folder.

#include "sim/operators/worker/chain.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

using namespace headroom::sim::worker;
using nlohmann::json;

const char* word_for(Fault::Kind kind) {
    switch (kind) {
        case Fault::Kind::sql:
            return "sql";
        case Fault::Kind::sample:
            return "sample";
        case Fault::Kind::key:
            return "key";
        case Fault::Kind::memory:
            return "memory";
        case Fault::Kind::engine:
            break;
    }
    return "engine";
}

json to_json(const Fault& fault) {
    return {{"error", {{"kind", word_for(fault.kind)}, {"message", fault.message}}}};
}

/// A statement that asks for a column that is not there is easier to mend beside those that are.
json to_json(const JobFault& fault, Engine& engine) {
    json answer = to_json(fault.fault);
    json& error = answer["error"];
    error["step"] = fault.step;
    error["rule"] = fault.rule;
    error["query"] = fault.query;
    if (fault.fault.message.find("not found in FROM clause") == std::string::npos) return answer;
    const char* table = fault.query >= 0 ? "output" : fault.step > 0 ? "previous" : "input";
    auto names = engine.rows(std::string("SELECT column_name FROM (DESCRIBE ") + table + ")");
    std::string fields;
    if (names)
        for (const auto& cells : *names) fields += (fields.empty() ? "" : ", ") + cells.at(0).value_or("");
    if (!fields.empty()) error["fields"] = fields;
    return answer;
}

json to_json(const std::vector<std::pair<std::string, double>>& sizes) {
    json list = json::array();
    for (const auto& [format, size] : sizes) list.push_back({format, size});
    return list;
}

json to_json(const StepRun& step) {
    json operators = json::array();
    for (const OperatorRun& run : step.run.operators) {
        operators.push_back({{"name", run.name},
                             {"depth", run.depth},
                             {"rows_in", run.rows_in},
                             {"rows", run.rows},
                             {"seconds", run.seconds}});
    }
    return {{"rows_in", step.rows_in},
            {"rows_out", step.rows_out},
            {"bytes_in", step.bytes_in},
            {"bytes_out", step.bytes_out},
            {"peak_memory", step.run.peak_memory},
            {"spilled", step.run.spilled},
            {"seconds", step.run.cpu_seconds},
            {"operators", std::move(operators)}};
}

json to_json(const std::vector<Column>& columns) {
    json list = json::array();
    for (const Column& column : columns)
        list.push_back({{"name", column.name},
                        {"type", column.type},
                        {"nulls", column.nulls},
                        {"stored", column.stored}});
    return list;
}

json to_json(const Sample& sample, const Description& description) {
    json steps = json::array(), queries = json::array(), batches = json::array(), columns = json::array();
    for (const StepRun& step : description.steps) steps.push_back(to_json(step));
    for (const QueryDescription& query : description.queries) {
        queries.push_back(to_json(query.run));
        queries.back()["scanned"] = query.scanned;
    }
    static const char* kinds[] = {"prefix", "quarter", "held"};
    for (const Batch& batch : description.batches)
        batches.push_back({{"name", batch.name},
                           {"kind", kinds[static_cast<int>(batch.kind)]},
                           {"rows", batch.rows},
                           {"bytes", batch.bytes}});
    return {{"engine", Engine::version()},
            {"rows", sample.rows},
            {"rows_to_fit", sample.fit},
            {"rejected", sample.rejected},
            {"bytes_per_row", sample.bytes_per_row},
            {"columns", sample.columns},
            {"table_columns", description.table_columns},
            {"decode_seconds", description.decode_seconds},
            {"steps", std::move(steps)},
            {"queries", std::move(queries)},
            {"bytes_in", to_json(description.bytes_in)},
            {"bytes_out", to_json(description.bytes_out)},
            {"columns_in", to_json(description.columns_in)},
            {"columns_out", to_json(description.columns_out)},
            {"key_shares", description.key_shares},
            {"keys", description.keys},
            {"pass_rates", description.pass_rates},
            {"batches", std::move(batches)}};
}

json to_json(const Times& times) {
    json batches = json::array();
    for (const Timing& timing : times.batches) {
        batches.push_back({{"batch", timing.batch},
                           {"decode", timing.decode},
                           {"steps", timing.steps},
                           {"queries", timing.queries},
                           {"cold_seconds", timing.cold_seconds},
                           {"cpu_seconds", timing.cpu_seconds},
                           {"wall_seconds", timing.wall_seconds}});
    }
    return {{"batches", std::move(batches)}, {"reference_seconds", times.reference_seconds}};
}

Source source_of(const json& request) {
    return {.files = request.at("files").get<std::vector<std::string>>(),
            .format = static_cast<Format>(request.at("format").get<int>()),
            .compressed = request.at("compressed").get<bool>()};
}

Job job_of(const json& request) {
    Job job{.sample = source_of(request.at("sample")),
            .key = request.at("key").get<std::string>(),
            .held_back = request.at("held_back").get<double>()};
    for (const json& table : request.at("tables"))
        job.tables.emplace_back(table.at("name").get<std::string>(), source_of(table));
    for (const json& step : request.at("steps"))
        job.steps.push_back({step.at("name").get<std::string>(), step.at("sql").get<std::string>(),
                             step.at("encode").get<std::string>()});
    for (const json& rule : request.at("rules"))
        job.rules.push_back({rule.at("name").get<std::string>(), rule.at("sql").get<std::string>()});
    for (const json& query : request.at("queries"))
        job.queries.push_back({query.at("name").get<std::string>(), query.at("sql").get<std::string>()});
    return job;
}

/// Limits of the process itself, behind those of the engine.
void limit_process(rlim_t cpu_seconds) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    constexpr rlim_t largest_file = rlim_t{4} << 30;
    const rlimit none{0, 0}, file{largest_file, largest_file}, cpu{cpu_seconds, cpu_seconds};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_CPU, &cpu);
}

json answer(const json& request) {
    if (request.at("task") == "engine") return {{"engine", Engine::version()}};
    limit_process(request.at("cpu_seconds").get<rlim_t>());
    const std::filesystem::path folder = request.at("folder").get<std::string>(),
                                prepared = request.at("prepared").get<std::string>();
    const Job job = job_of(request.at("job"));
    auto engine = Engine::open(folder, request.at("memory_limit").get<std::uint64_t>());
    if (!engine) return to_json(engine.error());

    if (request.at("task") == "columns") {
        auto columns = describe_columns(*engine, job, folder);
        return columns ? json{{"columns", to_json(*columns)}} : to_json(columns.error());
    }
    if (request.at("task") == "prepare") {
        auto described = prepare(*engine, job, folder, prepared);
        return described ? to_json(described->first, described->second) : to_json(described.error(), *engine);
    }
    std::vector<BatchPlan> plan;
    for (const json& batch : request.at("plan"))
        plan.push_back({batch.at("batch").get<std::string>(), batch.at("repetitions").get<int>()});
    auto times = measure(*engine, job, job.sample.format, request.at("columns").get<Columns>(),
                         request.at("table_columns").get<std::vector<Columns>>(), plan, folder, prepared);
    return times ? to_json(*times) : to_json(times.error());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("headroom-operator-worker is started by headroom; it takes the file of a request.\n",
                   stderr);
        return 2;
    }
    try {
        std::ifstream file(argv[1]);
        std::cout << answer(json::parse(file)).dump(-1, ' ', false, json::error_handler_t::replace)
                  << std::endl;
    } catch (const std::exception& exception) {
        std::cout << to_json(Fault{Fault::Kind::engine, exception.what()})
                         .dump(-1, ' ', false, json::error_handler_t::replace)
                  << std::endl;
    }
    return 0;
}
