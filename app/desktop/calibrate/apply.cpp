#include "app/desktop/calibrate/apply.h"

namespace headroom::desktop {

namespace {

namespace fs = std::filesystem;

/// As seen from the scenario's folder, so that both can be moved together.
std::string relative_to(const fs::path& file, const fs::path& folder) {
    const fs::path relative =
        fs::absolute(file).lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal());
    return relative.empty() ? file.string() : relative.generic_string();
}

bool same(const fs::path& a, const fs::path& b) {
    return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

}  // namespace

model::Expected<void> apply_calibration(Project& project, const sim::TransformInput& measured,
                                        model::Calibration calibration) {
    const auto refuse = [&](const char* why) {
        return model::fail({.file = project.document().file().string()}, "components." + measured.component,
                           why);
    };
    if (!project.is_valid()) return refuse("the scenario has errors; they are to be mended first");
    if (project.document().file().empty())
        return refuse("the scenario has no file yet; save it, and the calibration is kept beside it");
    const model::Scenario& scenario = *project.scenario();
    const model::Component* component = scenario.component(measured.component);
    if (component == nullptr) return refuse("there is no such component");
    const model::Workload* workload = sim::workload_reaching(scenario, measured.component);
    if (workload == nullptr) return refuse("no stream of records reaches it, so it has nothing to transform");

    const fs::path folder = scenario.file.parent_path();
    model::Document document = project.document();
    bool changed = false;
    const auto write = [&](const model::FieldPath& path, const std::string& value) -> model::Expected<void> {
        auto edited = document.with(path, model::quote_scalar(value));
        if (!edited) return tl::unexpected(edited.error());
        document = *std::move(edited);
        changed = true;
        return {};
    };
    const bool has = component->has("transform") && !component->text("transform").empty();
    if (!has || !same(folder / component->text("transform"), measured.transform))
        if (const auto done = write({"components", measured.component, "transform"},
                                    relative_to(measured.transform, folder));
            !done)
            return done;
    const model::Record& record = std::get<model::Stream>(workload->load).record;
    if (record.sample.empty() || !same(record.sample, measured.sample))
        if (const auto done =
                write({"workloads", workload->id, "record", "sample"}, relative_to(measured.sample, folder));
            !done)
            return done;
    if (!measured.key.empty() && record.key != measured.key)
        if (const auto done = write({"workloads", workload->id, "record", "key"}, measured.key); !done)
            return done;

    calibration.component = measured.component;
    if (const auto saved =
            model::save_calibration(calibration, sim::calibration_file(scenario, measured.component));
        !saved)
        return saved;
    if (changed)
        project.apply(QObject::tr("Measured transform of %1").arg(QString::fromStdString(measured.component)),
                      document);
    return {};
}

}  // namespace headroom::desktop
