// headroom-operator-worker REQUEST: does what the JSON file asks (see sim/operators/calibrate.cpp) and
// answers with JSON on the standard output. Anything that it may leave behind lies in the request's folder.

#include "sim/operators/worker/measure.h"

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
json to_json(const Fault& fault, const Sample& sample) {
    json answer = to_json(fault);
    if (fault.message.find("not found in FROM clause") == std::string::npos) return answer;
    std::string fields;
    for (const auto& [name, type] : sample.columns) fields += (fields.empty() ? "" : ", ") + name;
    answer["error"]["fields"] = fields;
    return answer;
}

json to_json(const Sample& sample, const Description& description) {
    json bytes = json::array();
    for (const auto& [format, size] : description.bytes_out) bytes.push_back({format, size});
    return {{"engine", Engine::version()},          {"rows", sample.rows},
            {"rejected", sample.rejected},          {"bytes_in", sample.bytes_per_row},
            {"rows_out", description.rows_out},     {"bytes_out", std::move(bytes)},
            {"key_shares", description.key_shares}, {"rows_to_measure", description.rows_to_measure}};
}

json to_json(const Times& times) {
    json sizes = json::array(), operators = json::array();
    for (const Timing& timing : times.sizes) {
        sizes.push_back({{"rows", timing.rows}, {"decode", timing.decode}, {"transform", timing.transform}});
    }
    for (const OperatorRun& run : times.profile.operators) {
        operators.push_back({{"name", run.name}, {"rows", run.rows}, {"seconds", run.seconds}});
    }
    return {{"sizes", std::move(sizes)},
            {"operators", std::move(operators)},
            {"profiled_seconds", times.profile.cpu_seconds},
            {"reference_seconds", times.reference_seconds}};
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
    limit_process(request.at("cpu_seconds").get<rlim_t>());
    const std::filesystem::path folder = request.at("folder").get<std::string>();
    const auto sql = request.at("sql").get<std::string>();

    auto engine = Engine::open(folder, request.at("memory_limit").get<std::uint64_t>());
    if (!engine) return to_json(engine.error());
    auto sample = load_sample(*engine, request.at("sample").get<std::string>(), folder);
    if (!sample) return to_json(sample.error());
    if (auto locked = engine->lock(folder); !locked) return to_json(locked.error());

    if (request.at("task") == "describe") {
        auto description = describe(*engine, *sample, sql, request.at("key").get<std::string>(), folder);
        return description ? to_json(*sample, *description) : to_json(description.error(), *sample);
    }
    auto times = measure(*engine, *sample, sql, request.at("rows").get<std::uint64_t>(),
                         request.at("repetitions").get<int>(), folder);
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
