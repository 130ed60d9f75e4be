#include "model/scenario/reader.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

/// The failure of one entry; problems go to the reader.
class FailureReader {
public:
    FailureReader(Reader& reader, const Value::Entry& entry)
        : reader_(reader), value_(entry.value), path_("failures." + entry.key) {
        failure_.name = entry.key;
        failure_.place = entry.key_place;
    }

    void read() {
        if (!reader_.is_mapping(value_, path_)) return;
        reader_.check_fields(section_, value_, path_);
        failure_.of = reader_.read_components(value_, path_, "of");
        read_extent();
        read_times();
        std::string work;
        reader_.read_into(work, section_, value_, path_, "work");
        failure_.work = work == "resume" ? Interrupted::resume
                        : work == "lose" ? Interrupted::lose
                                         : Interrupted::restart;
        reader_.scenario.failures.push_back(std::move(failure_));
    }

private:
    bool all_have_nodes() const {
        return std::all_of(failure_.of.begin(), failure_.of.end(), [&](const std::string& id) {
            const Component* component = reader_.scenario.component(id);
            return component != nullptr && component->has("nodes");
        });
    }

    void read_extent() {
        const Value* takes = Reader::written(value_, "takes");
        if (takes == nullptr || !takes->is_scalar()) {
            if (takes != nullptr) wrong(*takes, "takes", expected_extent);
            failure_.each_node = all_have_nodes();
            return;
        }
        if (takes->text == "node") {
            failure_.each_node = true;
            for (const std::string& id : failure_.of)
                if (const Component* component = reader_.scenario.component(id);
                    component != nullptr && !component->has("nodes"))
                    wrong(*takes, "takes", "'" + id + "' has no nodes; 'all' or a share is expected");
        } else if (takes->text != "all") {
            const auto share = parse_quantity(takes->text, Dimension{});
            if (!share || !(*share > 0 && *share <= 1))
                wrong(*takes, "takes", "'" + excerpt(takes->text) + "' stands here; " + expected_extent);
            else
                failure_.share = *share;
        }
    }

    void read_times() {
        const Value* every = Reader::written(value_, "every");
        if (every != nullptr) {
            reader_.read_into(failure_.every, section_, value_, path_, "every");
            if (every->is_scalar()) failure_.every = Distribution::exponential(failure_.every.mean);
        }
        if (Reader::written(value_, "repair") == nullptr)
            reader_.report(
                failure_.place, path_,
                "'repair' is missing: how long the capacity is gone, for example 'repair: 20 min'");
        else
            reader_.read_into(failure_.repair, section_, value_, path_, "repair");
        const Value* at = Reader::written(value_, "at");
        if ((at == nullptr) == (every == nullptr))
            reader_.report(failure_.place, path_,
                           at == nullptr ? "either 'every' (how often) or 'at' (once, when) is expected"
                                         : "both 'every' and 'at' are given; one of them is expected");
        if (at != nullptr) {
            double moment = 0;
            reader_.read_into(moment, section_, value_, path_, "at");
            failure_.at = seconds(moment);
        }
    }

    void wrong(const Value& value, const char* field, const std::string& message) {
        reader_.wrong(value, path_ + "." + field, message);
    }

    static constexpr const char* expected_extent =
        "'node', 'all' or a share above 0 % up to 100 % is expected";

    Reader& reader_;
    const Value& value_;
    std::string path_;
    const Section& section_ = *file_section().field("failures").section;
    FailureMode failure_;
};

}  // namespace

void read_failures(Reader& reader, const Value& failures) {
    if (!reader.is_mapping(failures, "failures")) return;
    for (const Value::Entry& entry : failures.entries)
        if (reader.check_id(entry, "failures")) FailureReader(reader, entry).read();
}

}  // namespace headroom::model
