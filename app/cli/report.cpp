#include "app/cli/commands.h"
#include "app/cli/pictures.h"
#include "app/cli/session.h"
#include "app/report/content/beside.h"
#include "app/report/content/build.h"
#include "app/report/content/materials.h"
#include "app/report/content/template.h"
#include "app/report/content/write.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>

namespace headroom::cli {

namespace {

using model::Expected;
using model::RunResult;

/// The stored run that --store and --run name, with the scenario as it was then.
Expected<Prepared> stored(const Arguments& arguments, const model::Catalog& catalog, Session& session,
                          RunResult& result) {
    const std::string text = arguments.text("--run");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size())
        return tl::unexpected(problem("--run", "'" + text + "' is not the number of a run"));
    auto store = model::ResultsStore::open(arguments.text("--store"), model::ResultsStore::Access::read_only);
    if (!store) return tl::unexpected(store.error());
    auto found = store->run(id);
    if (!found) return tl::unexpected(found.error());
    result = std::move(*found);
    const model::Document document(result.scenario_text, result.scenario_file);
    auto scenario = read(document, catalog, session);
    if (!scenario) return tl::unexpected(scenario.error());
    auto calibrations = sim::calibrations_for(*scenario, {}, session.stop());
    if (!calibrations) return tl::unexpected(calibrations.error());
    return Prepared{document, std::move(*scenario), std::move(*calibrations)};
}

Expected<Prepared> fresh(const Arguments& arguments, const model::Catalog& catalog, Session& session,
                         RunResult& result) {
    const auto options = run_options(arguments);
    if (!options) return tl::unexpected(options.error());
    auto prepared = prepare(arguments.positionals[0], arguments, catalog, session);
    if (!prepared) return prepared;
    const std::string store = arguments.text("--store");
    if (!store.empty())
        if (const auto usable = try_store(store); !usable) return tl::unexpected(usable.error());
    auto simulated = simulate(*prepared, catalog, *options, session, "Simulating");
    if (!simulated) return tl::unexpected(simulated.error());
    result = std::move(*simulated);
    if (!store.empty())
        if (const auto id = keep(store, result); !id) return tl::unexpected(id.error());
    return prepared;
}

bool drawn(report::Format format) { return format == report::Format::html || format == report::Format::pdf; }

Expected<report::Format> format_asked(const Arguments& arguments) {
    const std::filesystem::path output = arguments.text("--output");
    if (output.empty())
        return tl::unexpected(
            problem("--output", "no file to write; -o plan.pdf, plan.html, plan.md or plan.xlsx expected"));
    if (const std::string word = arguments.text("--format"); !word.empty()) {
        if (const auto format = report::format_named(word)) return *format;
        return tl::unexpected(
            problem("--format", "'" + word + "' is no format; pdf, html, markdown or xlsx expected"));
    }
    return report::format_of(output);
}

Expected<std::vector<std::string>> chosen_sections(const Arguments& arguments) {
    std::vector<std::string> chosen, known;
    for (const report::SectionSpec& section : report::sections()) known.emplace_back(section.id);
    const std::string text = arguments.text("--sections");
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string id = text.substr(at, end - at);
        at = end + 1;
        if (report::find_section(id) == nullptr) {
            const std::string near = model::nearest_name(id, known);
            return tl::unexpected(problem(
                "--sections",
                "there is no section '" + id + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?")));
        }
        chosen.push_back(id);
    }
    return chosen;
}

/// Several plans: an evolution where each says its date, else a comparison with the first as the baseline.
int write_beside(const Arguments& arguments, Session& session, const std::filesystem::path& output,
                 report::Format format, const std::optional<report::Template>& look) {
    for (const char* option : {"--store", "--run", "--baseline", "--sections", "--json"})
        if (arguments.has(option))
            return session.refuse(
                problem(option, "it goes with the report of one scenario; several files were given"));
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    std::map<std::filesystem::path, RunResult> runs;
    const auto run_of = [&](const std::filesystem::path& file) -> Expected<const RunResult*> {
        if (const auto known = runs.find(std::filesystem::weakly_canonical(file)); known != runs.end())
            return &known->second;
        const auto prepared = prepare(file, arguments, *catalog, session);
        if (!prepared) return tl::unexpected(prepared.error());
        auto result = simulate(*prepared, *catalog, *options, session, file.filename().string());
        if (!result) return tl::unexpected(result.error());
        return &runs.emplace(std::filesystem::weakly_canonical(file), *std::move(result)).first->second;
    };
    struct Read {
        Prepared prepared;
        model::Narrative narrative;
        const RunResult* result;
    };
    std::vector<Read> read_plans;
    bool dated = true;
    for (const std::string& file : arguments.positionals) {
        auto prepared = prepare(file, arguments, *catalog, session);
        if (!prepared) return session.refuse(prepared.error());
        auto narrative = model::read_narrative(prepared->document);
        if (!narrative) return session.refuse(narrative.error());
        const auto result = run_of(file);
        if (!result) return session.refuse(result.error());
        dated = dated && !narrative->date.empty();
        read_plans.push_back({*std::move(prepared), *std::move(narrative), *result});
    }
    if (dated)
        std::stable_sort(read_plans.begin(), read_plans.end(),
                         [](const Read& a, const Read& b) { return a.narrative.date < b.narrative.date; });
    std::vector<report::Plan> plans;
    std::vector<report::Input> inputs;
    const auto first = read_plans.front().prepared.document.tree();
    for (const Read& one : read_plans) {
        report::Input input{one.prepared.scenario, *catalog, *one.result, one.prepared.calibrations};
        input.narrative = &one.narrative;
        const auto tree = one.prepared.document.tree();
        plans.push_back({dated ? one.narrative.date : one.prepared.scenario.name, input,
                         first && tree ? model::input_differences(*first, *tree, *catalog)
                                       : std::vector<model::InputDifference>{}});
        inputs.push_back(input);
    }
    std::vector<sim::Claim> claims;
    std::vector<sim::Audited> audited;
    if (const std::string file = arguments.text("--claims"); !file.empty()) {
        auto found = sim::read_claims(file);
        if (!found) return session.refuse(found.error());
        claims = *std::move(found);
        for (const sim::Claim& claim : claims) {
            auto each = sim::audit(claim, run_of);
            if (!each) return session.refuse(each.error());
            audited.push_back(*std::move(each));
        }
    }
    session.clear_progress();
    if (session.stop().stop_requested()) return session.refuse(problem("", "interrupted"));
    const Pictures pictures(drawn(format));
    const auto written = report::write_report(output, format, pictures.illustrator(), inputs, [&] {
        report::Document document =
            dated ? report::build_evolution(plans, audited) : report::build_comparison(plans);
        if (look) report::dress(document, *look);
        return document;
    });
    if (!written) return session.refuse(written.error());
    session.print(output.string() + " is written.\n");
    return plans.back().input.result.any_broken() ? exit_broken : exit_good;
}

int write_report(const Arguments& arguments, Session& session) {
    const std::filesystem::path output = arguments.text("--output");
    const auto format = format_asked(arguments);
    if (!format) return session.refuse(format.error());
    if (const auto possible = report::try_report(output); !possible) return session.refuse(possible.error());
    const auto chosen = chosen_sections(arguments);
    if (!chosen) return session.refuse(chosen.error());
    std::optional<report::Template> look;
    if (const std::string folder = arguments.text("--template"); !folder.empty()) {
        auto read_look = report::read_template(folder);
        if (!read_look) return session.refuse(read_look.error());
        look = *std::move(read_look);
    }
    if (arguments.positionals.size() > 1) return write_beside(arguments, session, output, *format, look);
    if (arguments.has("--claims"))
        return session.refuse(problem(
            "--claims", "claims are held against several plans; two scenario files or more expected"));
    const bool from_store = arguments.has("--run");
    if (from_store != arguments.positionals.empty() || (from_store && !arguments.has("--store")))
        return session.refuse(
            problem("", "headroom report: a scenario file is expected, or --store with --run"));
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    RunResult result;
    const auto prepared = from_store ? stored(arguments, *catalog, session, result)
                                     : fresh(arguments, *catalog, session, result);
    if (!prepared) return session.refuse(prepared.error());
    const report::Input run{prepared->scenario, *catalog, result, prepared->calibrations};
    const auto materials = report::Materials::gather(
        prepared->document, run, *options, arguments.text("--baseline"),
        [&](const std::string& step, double fraction) {
            session.show_progress("Looking closer", fraction, step);
        },
        session.stop());
    session.clear_progress();
    if (!materials) return session.refuse(materials.error());
    if (session.stop().stop_requested()) return session.refuse(problem("", "interrupted"));
    const report::Input& input = materials->input();

    const Pictures pictures(drawn(*format));
    const auto written = report::write_report(output, *format, pictures.illustrator(), {input}, [&] {
        return report::build_report(input, *chosen, look ? &*look : nullptr);
    });
    if (!written) return session.refuse(written.error());
    if (session.json())
        session.print(model::to_json(result));
    else
        session.print(output.string() + " is written.\n");
    return result.any_broken() ? exit_broken : exit_good;
}

}  // namespace

int report(const Arguments& arguments, Session& session) { return write_report(arguments, session); }

}  // namespace headroom::cli
