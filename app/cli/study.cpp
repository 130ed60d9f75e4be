#include "sim/experiment/study.h"

#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/studies.h"

#include <charconv>

namespace headroom::cli {

namespace {

model::Expected<std::vector<sim::Factor>> factors_of(const Arguments& arguments) {
    std::vector<sim::Factor> factors;
    for (const std::string& text : arguments.all("--vary")) {
        auto factor = sim::parse_factor(text);
        if (!factor) return tl::unexpected(factor.error());
        factors.push_back(std::move(*factor));
    }
    if (factors.empty())
        return tl::unexpected(problem("--vary",
                                      "nothing to sweep; PATH=VALUES expected, for example "
                                      "components.warehouse.slots=3,5,8"));
    return factors;
}

int show(const model::Study& study, const model::ResultsStore& store, const Arguments& arguments,
         Session& session) {
    const auto points = points_of(study, store);
    if (!points) return session.refuse(points.error());
    if (session.json())
        session.print(study_json(study, *points));
    else if (arguments.has("--csv"))
        session.print(study_csv(*points));
    else
        session.print(study_text(study, *points, session.colours()));
    return exit_good;
}

}  // namespace

int study(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto factors = factors_of(arguments);
    if (!factors) return session.refuse(factors.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const std::filesystem::path file = arguments.positionals[0];
    const auto document = load_document(file, arguments);
    if (!document) return session.refuse(document.error());
    for (const sim::Factor& factor : *factors)
        if (const auto known = known_target(*document, factor.field, "--vary"); !known)
            return session.refuse(known.error());
    const sim::StudyRequest request{*document, *catalog, *factors, *options};
    // Nothing is created for a study whose points cannot be read.
    if (const auto checked = sim::check_study(request); !checked) return session.refuse(checked.error());
    const std::filesystem::path store_file =
        arguments.has("--store") ? std::filesystem::path(arguments.text("--store"))
                                 : std::filesystem::path(file.stem().string() + ".results.db");
    auto store = model::ResultsStore::open(store_file, model::ResultsStore::Access::read_write);
    if (!store) return session.refuse(store.error());
    const auto study = sim::run_study(
        request, *store,
        [&](const sim::StudyProgress& p) {
            session.show_progress("Point " + std::to_string(p.point) + " of " + std::to_string(p.points),
                                  p.fraction, "");
        },
        session.stop());
    if (!study) return session.refuse(study.error());
    if (session.stop().stop_requested()) {
        session.clear_progress();
        session.warn(problem("", "headroom study: interrupted; finished points are kept in " +
                                     store_file.string() + ", and the same command goes on from there"));
        return exit_interrupted;
    }
    return show(*study, *store, arguments, session);
}

int study_show(const Arguments& arguments, Session& session) {
    if (!arguments.has("--store"))
        return session.refuse(problem("--store", "the results store that holds the study is missing"));
    const std::string file = arguments.text("--store");
    const auto store = model::ResultsStore::open(file, model::ResultsStore::Access::read_only);
    if (!store) return session.refuse(store.error());
    const auto studies = store->studies();
    if (!studies) return session.refuse(studies.error());
    if (arguments.positionals.empty()) {
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
    const std::string& text = arguments.positionals[0];
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > studies->size())
        return session.refuse(problem("STUDY", "there is no study '" + text + "' in " + file + "; it holds " +
                                                   std::to_string(studies->size())));
    return show((*studies)[number - 1], *store, arguments, session);
}

}  // namespace headroom::cli
