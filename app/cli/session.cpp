#include "app/cli/session.h"

#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "sim/experiment/factor.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

const char* word_for(model::Severity severity) {
    switch (severity) {
        case model::Severity::note:
            return "note";
        case model::Severity::warning:
            return "warning";
        case model::Severity::error:
            return "error";
    }
    return "error";
}

bool is_terminal(int descriptor) {
    const char* kind = std::getenv("TERM");
    return isatty(descriptor) == 1 && (!kind || std::strcmp(kind, "dumb") != 0);
}

}  // namespace

std::string time_left(double seconds) {
    if (seconds < 1) return "a moment left";
    char text[64];
    if (seconds < 90)
        std::snprintf(text, sizeof text, "%.0f s left", seconds);
    else
        std::snprintf(text, sizeof text, "%.0f min left", seconds / 60);
    return text;
}

model::Problems problem(std::string field, std::string message) {
    return {model::Problem{.field = std::move(field), .message = std::move(message)}};
}

std::string problems_json(const model::Problems& problems) {
    Json list = Json::array();
    for (const model::Problem& p : problems)
        list.push_back({{"severity", word_for(p.severity)},
                        {"file", p.place.file},
                        {"line", p.place.line},
                        {"column", p.place.column},
                        {"field", p.field},
                        {"found", p.found},
                        {"allowed", p.allowed},
                        {"message", p.message},
                        {"sentence", p.sentence()}});
    const Json object{{"problems", list}};
    return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Session::Session(bool json)
    : json_(json),
      colours_(is_terminal(STDOUT_FILENO) && !std::getenv("NO_COLOR")),
      error_terminal_(is_terminal(STDERR_FILENO)) {}

void Session::print(std::string_view text) { output_ += text; }

void Session::warn(const model::Problems& problems) {
    clear_progress();
    for (const model::Problem& p : problems) {
        const std::string line = p.sentence() + "\n";
        std::fputs(line.c_str(), stderr);
    }
}

int Session::refuse(const model::Problems& problems) {
    clear_progress();
    if (interrupted()) {
        std::fputs("headroom: interrupted; the unfinished result is thrown away\n", stderr);
        return exit_interrupted;
    }
    warn(problems);
    output_ = json_ ? problems_json(problems) : std::string();
    return exit_bad_input;
}

void Session::remark(const std::string& text) {
    if (error_terminal_) std::fputs((text + "\n").c_str(), stderr);
}

int Session::finish(int code) {
    clear_progress();
    errno = 0;
    const bool written = std::fwrite(output_.data(), 1, output_.size(), stdout) == output_.size();
    if (written && std::fflush(stdout) == 0) return code;
    std::fprintf(stderr, "headroom: the output could not be written: %s\n", std::strerror(errno));
    return exit_bad_input;
}

void Session::show_progress(const std::string& what, double fraction, const std::string& details) {
    if (!error_terminal_) return;
    constexpr int cells = 24;
    const int full = static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * cells));
    const std::string bar = std::string(static_cast<std::size_t>(full), '#') +
                            std::string(static_cast<std::size_t>(cells - full), '-');
    std::fprintf(stderr, "\r\x1b[K%s [%s] %3.0f %%%s%s", what.c_str(), bar.c_str(), fraction * 100,
                 details.empty() ? "" : ", ", details.c_str());
    std::fflush(stderr);
    progress_shown_ = true;
}

void Session::clear_progress() {
    if (progress_shown_) std::fputs("\r\x1b[K", stderr);
    progress_shown_ = false;
}

std::stop_token Session::stop() const { return interrupt_token(); }

model::Expected<model::Catalog> load_catalog() {
    return model::find_resources().and_then(&model::Catalog::load);
}

model::Expected<model::Document> load_document(const std::filesystem::path& file,
                                               const Arguments& arguments) {
    auto document = model::Document::load(file);
    for (const std::string& assignment : arguments.all("--set")) {
        if (!document) break;
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0)
            return tl::unexpected(problem("--set", "'" + assignment +
                                                       "' sets nothing; PATH=VALUE expected, for example "
                                                       "components.warehouse.slots=8"));
        const auto path = model::parse_field_path(assignment.substr(0, equals));
        if (!path) return tl::unexpected(path.error());
        if (const auto known = sim::known_target(*document, *path, "--set"); !known)
            return tl::unexpected(known.error());
        document = document->with(*path, assignment.substr(equals + 1));
    }
    return document;
}

model::Expected<model::Scenario> read(const model::Document& document, const model::Catalog& catalog,
                                      Session& session) {
    model::Reading reading = model::read_scenario(document, catalog);
    if (!reading.scenario) return tl::unexpected(std::move(reading.problems));
    session.warn(reading.problems);
    return std::move(*reading.scenario);
}

model::Expected<Prepared> prepare(const std::filesystem::path& file, const Arguments& arguments,
                                  const model::Catalog& catalog, Session& session) {
    auto document = load_document(file, arguments);
    if (!document) return tl::unexpected(document.error());
    auto scenario = read(*document, catalog, session);
    if (!scenario) return tl::unexpected(scenario.error());
    auto calibrations = sim::calibrations_for(
        *scenario,
        [&](const sim::CalibrationProgress& p) { session.show_progress("Measuring", p.fraction, p.step); },
        session.stop());
    session.clear_progress();
    if (!calibrations) return tl::unexpected(calibrations.error());
    return Prepared{std::move(*document), std::move(*scenario), std::move(*calibrations)};
}

model::Expected<model::RunResult> simulate(const Prepared& prepared, const model::Catalog& catalog,
                                           const sim::RunOptions& options, Session& session,
                                           const std::string& what) {
    const auto show = [&](const sim::Progress& p) {
        std::string details = std::to_string(p.replications) + " replications";
        if (p.seconds_left > 0) details += ", " + time_left(p.seconds_left);
        session.show_progress(what, p.fraction, details);
    };
    auto result = sim::run(prepared.scenario, catalog, prepared.calibrations, options, show, session.stop());
    session.clear_progress();
    if (!result) return tl::unexpected(result.error());
    if (result->cancelled) return tl::unexpected(problem("", "interrupted"));
    result->scenario_text = prepared.document.text();
    return result;
}

model::Expected<void> try_store(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
        return model::ResultsStore::open(file, model::ResultsStore::Access::read_write).map([](const auto&) {
        });
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    if (!std::filesystem::is_directory(folder, ignored) || access(folder.c_str(), W_OK) != 0)
        return model::fail({.file = file.string()}, "",
                           "the results store cannot be created in the folder " + folder.string());
    return {};
}

model::Expected<std::int64_t> keep(const std::filesystem::path& file, const model::RunResult& result) {
    auto store = model::ResultsStore::open(file, model::ResultsStore::Access::read_write);
    if (!store) return tl::unexpected(store.error());
    return store->add(result);
}

}  // namespace headroom::cli
