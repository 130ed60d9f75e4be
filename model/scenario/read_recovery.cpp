#include "model/scenario/reader.h"

#include <algorithm>
#include <array>

namespace headroom::model {

namespace {

/// The components that a link leads to from the workload, at any distance.
std::vector<std::string> reached_from(const Scenario& scenario, const std::string& id) {
    std::vector<std::string> open{id};
    for (std::size_t next = 0; next < open.size(); ++next)
        for (const Link& link : scenario.links)
            if (link.from == open[next] && std::find(open.begin(), open.end(), link.to) == open.end())
                open.push_back(link.to);
    return open;
}

/// How the data of one entry come back; problems go to the reader.
class RecoveryReader {
public:
    RecoveryReader(Reader& reader, const Value::Entry& entry)
        : reader_(reader), value_(entry.value), path_("recovery." + entry.key) {
        recovery_.name = entry.key;
        recovery_.place = entry.key_place;
    }

    void read() {
        if (!reader_.is_mapping(value_, path_)) return;
        reader_.check_fields(section_, value_, path_);
        read_loss();
        recovery_.of = reader_.read_components(value_, path_, "of",
                                               [&](const std::string& id) { return objection_to(id); });
        read_source();
        for (const auto& [name, into] : std::array<std::pair<const char*, Duration*>, 2>{
                 {{"detection", &recovery_.detection}, {"failover", &recovery_.failover}}})
            if (const auto time = number(name)) *into = Duration(*time);
        if (const auto rate = number("restore")) recovery_.restore = DataRate(*rate);
        reader_.scenario.recoveries.push_back(std::move(recovery_));
    }

private:
    std::optional<double> number(const char* name) {
        const auto found = reader_.read(section_, value_, path_, name);
        const double* number = found ? std::get_if<double>(&*found) : nullptr;
        return number ? std::optional(*number) : std::nullopt;
    }

    void read_loss() {
        std::string loss;
        reader_.read_into(loss, section_, value_, path_, "loss");
        for (const LossOf each : {LossOf::node, LossOf::disk, LossOf::zone, LossOf::region})
            if (loss == word_for(each)) recovery_.loss = each;
    }

    std::string objection_to(const std::string& component) const {
        for (const Recovery& each : reader_.scenario.recoveries)
            if (each.loss == recovery_.loss &&
                std::find(each.of.begin(), each.of.end(), component) != each.of.end())
                return "'" + each.name + "' says already how '" + component +
                       "' comes back after the loss of a " + word_for(each.loss);
        return {};
    }

    void read_source() {
        if (const auto every = number("snapshot-every")) recovery_.snapshot_every = Duration(*every);
        if (Reader::written(value_, "lag") != nullptr) {
            Distribution lag;
            reader_.read_into(lag, section_, value_, path_, "lag");
            recovery_.lag = std::move(lag);
        }
        const Value* from = Reader::written(value_, "from");
        reader_.read_into(recovery_.from, section_, value_, path_, "from");
        if (int(from != nullptr) + int(recovery_.snapshot_every.has_value()) +
                int(recovery_.lag.has_value()) >
            1)
            reader_.report(recovery_.place, path_,
                           "only one of 'from', 'snapshot-every' and 'lag' says what one recovers from");
        if (from == nullptr || recovery_.from.empty()) return;
        if (reader_.scenario.component(recovery_.from) == nullptr) {
            reader_.unknown_name(from->place, path_ + ".from", "unknown component", recovery_.from,
                                 reader_.component_ids());
            return;
        }
        for (const std::string& component : recovery_.of) {
            if (component == recovery_.from)
                wrong(*from, "from", "'" + component + "' is gone itself; a copy elsewhere is expected");
            else if (!same_stream(component))
                wrong(*from, "from",
                      "no stream of records reaches both '" + component + "' and '" + recovery_.from +
                          "', so that this holds no copy of it");
        }
    }

    bool same_stream(const std::string& component) const {
        const auto contains = [](const std::vector<std::string>& ids, const std::string& id) {
            return std::find(ids.begin(), ids.end(), id) != ids.end();
        };
        return std::any_of(reader_.scenario.workloads.begin(), reader_.scenario.workloads.end(),
                           [&](const Workload& workload) {
                               const auto reached = reached_from(reader_.scenario, workload.id);
                               return workload.is_stream() && contains(reached, component) &&
                                      contains(reached, recovery_.from);
                           });
    }

    void wrong(const Value& value, const char* field, const std::string& message) {
        reader_.wrong(value, path_ + "." + field, message);
    }

    Reader& reader_;
    const Value& value_;
    std::string path_;
    const Section& section_ = *file_section().field("recovery").section;
    Recovery recovery_;
};

}  // namespace

void read_recoveries(Reader& reader, const Value& recoveries) {
    if (!reader.is_mapping(recoveries, "recovery")) return;
    for (const Value::Entry& entry : recoveries.entries)
        if (reader.check_id(entry, "recovery")) RecoveryReader(reader, entry).read();
}

}  // namespace headroom::model
