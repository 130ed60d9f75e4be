#include "app/report/content/sources.h"

#include "app/report/content/text.h"

#include <algorithm>

namespace headroom::report {

SourceList::SourceList(const Input& input) {
    const auto once = [](std::vector<std::string>& names, const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    const auto add = [&](const std::string& source, const std::string& as_of, const std::string& figure) {
        if (source.empty()) return once(unsourced_, figure);
        auto found = std::find_if(sources_.begin(), sources_.end(), [&](const Source& one) {
            return one.name == clean(source) && one.as_of == clean(as_of);
        });
        if (found == sources_.end())
            found = sources_.insert(sources_.end(), Source{clean(source), clean(as_of), {}});
        once(found->figures, figure);
    };
    for (const model::BillLine& line : input.result.bill.lines)
        add(line.provenance.status == 'M' ? "" : line.provenance.source, line.provenance.as_of,
            clean(line.price_id));
    for (const model::Component& component : input.scenario.components)
        for (const auto& [name, setting] : component.settings)
            if (setting.origin == model::Origin::technology)
                add(setting.source, setting.as_of, clean(name) + " of " + clean(component.technology));
}

std::string SourceList::mark(const std::string& source, const std::string& as_of) const {
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i].name == clean(source) && sources_[i].as_of == clean(as_of))
            return "[" + std::to_string(i + 1) + "]";
    return "unsourced";
}

}  // namespace headroom::report
