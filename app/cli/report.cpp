#include "app/cli/commands.h"
#include "app/cli/session.h"

#include <charconv>

#ifdef HEADROOM_REPORTS
#include "app/report/report.h"

#include <QApplication>
#include <cstdlib>
#endif

namespace headroom::cli {

namespace {

#ifdef HEADROOM_REPORTS

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

/// Charts and fonts need an application object; without a display it draws offscreen.
struct Drawing {
    int count = 1;
    char name[9] = "headroom";
    char* names[2] = {name, nullptr};
    QApplication application;

    static int& prepared(int& count_) {
        if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY"))
            setenv("QT_QPA_PLATFORM", "offscreen", 0);
        // What Qt remarks about the machine ("XDG_RUNTIME_DIR not set") is nothing to a person who wants a
        // report.
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        return count_;
    }
    Drawing() : application(prepared(count), names) {}
};

int write_report(const Arguments& arguments, Session& session) {
    const std::filesystem::path output = arguments.text("--output");
    const std::string ending = output.extension().string();
    if (ending != ".html" && ending != ".pdf")
        return session.refuse(
            problem("--output", output.empty() ? "no file to write; -o plan.html or -o plan.pdf expected"
                                               : "'" + output.string() + "' does not end in .html or .pdf"));
    std::error_code ignored;
    if (!std::filesystem::is_directory(std::filesystem::absolute(output).parent_path(), ignored))
        return session.refuse(problem(
            "--output", "there is no folder " + std::filesystem::absolute(output).parent_path().string()));
    const bool from_store = arguments.has("--run");
    if (from_store != arguments.positionals.empty() || (from_store && !arguments.has("--store")))
        return session.refuse(
            problem("", "headroom report: a scenario file is expected, or --store with --run"));
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    RunResult result;
    const auto prepared = from_store ? stored(arguments, *catalog, session, result)
                                     : fresh(arguments, *catalog, session, result);
    if (!prepared) return session.refuse(prepared.error());
    const Drawing drawing;
    const auto written =
        headroom::report::write({prepared->scenario, *catalog, result, prepared->calibrations}, output);
    if (!written) return session.refuse(written.error());
    if (session.json())
        session.print(model::to_json(result));
    else
        session.print(output.string() + " is written.\n");
    return result.any_broken() ? exit_broken : exit_good;
}

#else

int write_report(const Arguments&, Session& session) {
    return session.refuse(
        problem("", "headroom report: this build has no reports; build it with -DHEADROOM_DESKTOP=ON"));
}

#endif

}  // namespace

int report(const Arguments& arguments, Session& session) { return write_report(arguments, session); }

}  // namespace headroom::cli
