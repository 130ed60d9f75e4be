#include "sim/experiment/study.h"

#include "app/cli/commands.h"
#include "app/cli/pictures.h"
#include "app/cli/ranks.h"
#include "app/cli/sensitivities.h"
#include "app/cli/session.h"
#include "app/cli/studies.h"
#include "sim/experiment/crew.h"
#include "sim/experiment/study_file.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace headroom::cli {

namespace {

namespace fs = std::filesystem;

model::Expected<std::vector<sim::Factor>> factors_of(const Arguments& arguments,
                                                     const model::Document& document) {
    std::vector<sim::Factor> factors;
    for (const std::string& text : arguments.all("--vary")) {
        auto factor = sim::parse_factor(text);
        if (!factor) return tl::unexpected(factor.error());
        if (const auto known = sim::known_target(document, factor->field, "--vary"); !known)
            return tl::unexpected(known.error());
        factors.push_back(std::move(*factor));
    }
    if (factors.empty())
        return tl::unexpected(problem("--vary",
                                      "nothing to sweep; PATH=VALUES expected, for example "
                                      "components.warehouse.slots=3,5,8"));
    return factors;
}

/// "2/8"
model::Expected<sim::Shard> shard_of(const Arguments& arguments) {
    sim::Shard shard;
    if (!arguments.has("--shard")) return shard;
    const std::string text = arguments.text("--shard");
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.number);
    const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
    const auto second = slash ? std::from_chars(first.ptr + 1, end, shard.of) : first;
    if (!slash || second.ec != std::errc() || second.ptr != end || shard.number < 1 ||
        shard.of < shard.number)
        return tl::unexpected(problem(
            "--shard",
            "'" + model::excerpt(text) + "' is not a part of a study; K/N expected, for example 2/8"));
    return shard;
}

/// Charts of the study, where they are asked for.
model::Expected<void> draw(const model::Study& study, const Analyses& analyses,
                           const model::ResultsStore& store, const Arguments& arguments, Session& session) {
    if (!arguments.has("--charts")) return {};
    if (const auto possible = try_charts(arguments.text("--charts")); !possible) return possible;
    std::vector<report::NamedPicture> pictures = report::sensitivity_pictures(analyses);
    if (analyses.empty()) {
        const auto points = points_of(study, store);
        if (!points) return tl::unexpected(points.error());
        std::vector<const model::RunResult*> results;
        for (const Point& point : *points) results.push_back(point.result ? &*point.result : nullptr);
        pictures = report::sweep_pictures(study, results);
    }
    const auto written = write_charts(pictures, arguments.text("--charts"));
    if (!written) return tl::unexpected(written.error());
    session.remark(std::to_string(*written) + " charts are in " + arguments.text("--charts") + ".");
    return {};
}

int show(const model::Study& study, const model::ResultsStore& store, const Arguments& arguments,
         Session& session) {
    const auto analyses = sensitivities_of(study, store);
    if (!analyses) return session.refuse(analyses.error());
    if (const auto drawn = draw(study, *analyses, store, arguments, session); !drawn)
        return session.refuse(drawn.error());
    if (!analyses->empty() && !arguments.has("--output") && !session.json() && !arguments.has("--csv") &&
        !arguments.has("--markdown")) {
        session.print(coloured(study.name, Tone::strong, session.colours()) + "\n" +
                      sensitivities_text(*analyses, false, session.colours()));
        return std::any_of(analyses->begin(), analyses->end(), [](const auto& a) { return a.broken > 0; })
                   ? exit_broken
                   : exit_good;
    }
    const auto points = points_of(study, store);
    if (!points) return session.refuse(points.error());
    if (arguments.has("--output")) {
        if (const auto written = write_points(study, *points, *analyses, arguments.text("--output"));
            !written)
            return session.refuse(written.error());
    } else if (session.json()) {
        session.print(study_json(study, *points, *analyses));
    } else if (arguments.has("--csv")) {
        session.print(study_csv(study, *points));
    } else if (arguments.has("--markdown")) {
        session.print(study_markdown(study, *points, *analyses));
    } else {
        session.print(study_text(study, *points, session.colours()));
    }
    const bool broken = std::any_of(points->begin(), points->end(),
                                    [](const Point& p) { return p.result && p.result->any_broken(); });
    return broken ? exit_broken : exit_good;
}

/// Under a launcher of MPI programs, rank 0 leads and the others serve it; alone there is no crew.
int with_crew(const Arguments& arguments, Session& session,
              const std::function<int(const sim::RunOptions&, const model::Catalog&, sim::Crew*)>& lead) {
    const auto ranks = join_ranks();
    if (!ranks) return session.refuse(ranks.error());
    const bool leads = !*ranks || (*ranks)->rank() == 0;
    std::optional<sim::Crew> crew;
    if (*ranks && leads) crew.emplace(**ranks);
    const auto options = run_options(arguments);
    if (!options && leads) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    if (leads) return lead(*options, *catalog, crew ? &*crew : nullptr);
    if (sim::serve_study(*catalog, **ranks, options ? options->threads : 0, session.stop())) return exit_good;
    session.warn(problem("", "headroom study: rank " + std::to_string((*ranks)->rank()) +
                                 " has not heard of rank 0 for too long"));
    return exit_bad_input;
}

int run_plan(sim::StudyPlan plan, const fs::path& file, const model::Catalog& catalog,
             const Arguments& arguments, Session& session, sim::Crew* crew) {
    const auto shard = shard_of(arguments);
    if (!shard) return session.refuse(shard.error());
    // Nothing is created for a study whose points cannot be read.
    if (const auto checked = sim::check_study(plan, catalog, session.stop()); !checked)
        return session.refuse(checked.error());
    std::string ending = ".results.db";
    if (shard->of > 1)
        ending = "." + std::to_string(shard->number) + "-of-" + std::to_string(shard->of) + ending;
    const fs::path store_file = arguments.has("--store") ? fs::path(arguments.text("--store"))
                                                         : fs::path(file.stem().string() + ending);
    auto store = model::ResultsStore::open(store_file, model::ResultsStore::Access::read_write);
    if (!store) return session.refuse(store.error());
    const auto study = sim::run_study(
        plan, catalog, *store, *shard, [&](const sim::StudyProgress& p) { show_points(p, session); },
        session.stop(), crew);
    if (!study) return session.refuse(study.error());
    session.clear_progress();
    if (crew && crew->lost() > 0)
        session.warn(problem("", "headroom study: " +
                                     (crew->lost() == 1 ? std::string("a rank was")
                                                        : std::to_string(crew->lost()) + " ranks were") +
                                     " lost; the others ran the points that it held"));
    if (session.stop().stop_requested()) {
        session.warn(problem("", "headroom study: interrupted; finished points are kept in " +
                                     store_file.string() + ", and the same command goes on from there"));
        return exit_interrupted;
    }
    return show(*study, *store, arguments, session);
}

/// The study of that number; the only one where none is given.
model::Expected<model::Study> study_of(const model::ResultsStore& store, const std::string& file,
                                       const std::string& text) {
    auto studies = store.studies();
    if (!studies) return tl::unexpected(studies.error());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > studies->size())
        return tl::unexpected(problem("STUDY", "there is no study '" + text + "' in " + file + "; it holds " +
                                                   std::to_string(studies->size())));
    return std::move((*studies)[number - 1]);
}

}  // namespace

int study(const Arguments& arguments, Session& session) {
    return with_crew(arguments, session, [&](const auto& options, const auto& catalog, sim::Crew* crew) {
        const fs::path file = arguments.positionals[0];
        const auto document = load_document(file, arguments);
        if (!document) return session.refuse(document.error());
        const auto factors = factors_of(arguments, *document);
        if (!factors) return session.refuse(factors.error());
        auto plan = sim::plan_sweep(*document, *factors, options);
        if (!plan) return session.refuse(plan.error());
        return run_plan(std::move(*plan), file, catalog, arguments, session, crew);
    });
}

int study_run(const Arguments& arguments, Session& session) {
    return with_crew(arguments, session, [&](const auto& options, const auto& catalog, sim::Crew* crew) {
        const fs::path file = arguments.positionals[0];
        auto plan = sim::read_study(file);
        if (!plan) return session.refuse(plan.error());
        plan->options.threads = options.threads;
        return run_plan(std::move(*plan), file, catalog, arguments, session, crew);
    });
}

int study_show(const Arguments& arguments, Session& session) {
    if (!arguments.has("--store"))
        return session.refuse(problem("--store", "the results store that holds the study is missing"));
    const std::string file = arguments.text("--store");
    const auto store = model::ResultsStore::open(file, model::ResultsStore::Access::read_only);
    if (!store) return session.refuse(store.error());
    if (arguments.positionals.empty()) {
        const auto studies = store->studies();
        if (!studies) return session.refuse(studies.error());
        if (session.json())
            session.print(studies_json(*studies));
        else if (arguments.has("--csv"))
            session.print(to_csv(studies_table(*studies)));
        else if (studies->empty())
            session.print("There is no study in this results store.\n");
        else
            session.print(cli::print(studies_table(*studies), session.colours()));
        return exit_good;
    }
    const auto study = study_of(*store, file, arguments.positionals[0]);
    if (!study) return session.refuse(study.error());
    const int code = show(*study, *store, arguments, session);
    return code == exit_broken ? exit_good : code;
}

int study_merge(const Arguments& arguments, Session& session) {
    if (!arguments.has("--store"))
        return session.refuse(
            problem("--store", "the results store that takes the parts together is missing"));
    // What cannot be read is told before the store is touched.
    std::vector<model::ResultsStore> parts;
    for (const std::string& file : arguments.positionals) {
        std::error_code ignored;
        if (fs::equivalent(file, arguments.text("--store"), ignored))
            return session.refuse(problem("--store", file + " cannot be merged into itself"));
        auto part = model::ResultsStore::open(file, model::ResultsStore::Access::read_only);
        if (!part) return session.refuse(part.error());
        parts.push_back(std::move(*part));
    }
    auto store =
        model::ResultsStore::open(arguments.text("--store"), model::ResultsStore::Access::read_write);
    if (!store) return session.refuse(store.error());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        session.show_progress("Merging", static_cast<double>(i) / static_cast<double>(parts.size()),
                              arguments.positionals[i]);
        if (const auto merged = sim::merge_studies(parts[i], *store); !merged)
            return session.refuse(merged.error());
    }
    session.clear_progress();
    const auto studies = store->studies();
    if (!studies) return session.refuse(studies.error());
    session.print(session.json() ? studies_json(*studies)
                                 : cli::print(studies_table(*studies), session.colours()));
    return exit_good;
}

}  // namespace headroom::cli
