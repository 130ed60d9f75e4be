#pragma once
// A kind is a behaviour that a component can have: its parameters, ports, checks, lowering and billing
// dimensions. Everything that shows or checks parameters is generated from these tables.

#include "model/catalog/catalog.h"
#include "model/cost/bill.h"
#include "model/scenario/scenario.h"
#include "model/scenario/value.h"
#include "model/system/calibration.h"
#include "model/system/system.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headroom::model {

enum class ParameterType {
    quantity,          ///< double, of the parameter's dimension
    count,             ///< double, a whole number
    flag,              ///< bool
    choice,            ///< std::string, one of `choices`
    text,              ///< std::string
    path,              ///< std::string, a file relative to the scenario's folder; it must exist
    nodes,             ///< NodePool
    distribution,      ///< Distribution, of the parameter's dimension
    lifecycle,         ///< NamedNumbers: tier -> how long data stays, "rest" (infinity) allowed last
    times_by_class,    ///< Distribution for all, or NamedDistributions: workload -> time
    numbers_by_class,  ///< NamedNumbers: workload -> number
    numbers,           ///< NamedNumbers: "1", "2", ... -> number, written as a list
    shares,            ///< NamedNumbers: name -> share; what is missing to 1 is of the usual
    /// NamedNumbers: component -> probability, what is missing to 1 follows the link or leaves; or
    /// NamedShares: workload -> the same; or std::string, one of `choices`: a rule that picks among the
    /// linked components
    routing,
    switching,  ///< NamedShares: workload -> workload -> probability; what is missing to 1 stays
    component,  ///< std::string: the id of another component
    stages      ///< JobStages: what jobs are made of; `choices` are the fields that a stage may have
};

/// Amazon's words: can the choice be taken back cheaply?
enum class Door { two_way, one_way };

/// What a value is: a fact, which can turn out otherwise than assumed and can be measured (a service time, a
/// yield), or a choice of whoever plans (how many, how often, how long kept).
enum class Nature {
    by_type,  ///< times drawn for each item, ratios and rates of bytes are measured; the rest is chosen
    measured,
    chosen
};

struct ParameterSpec {
    std::string name;
    ParameterType type = ParameterType::quantity;
    Dimension dimension;
    std::string noun;          ///< for counts and items: "partitions", "events"
    std::string default_text;  ///< as a scenario would write it; empty: none
    bool required = false;     ///< neither kind nor technology need give a value, but one must be there
    double min = 0, max = 0;   ///< inclusive, base units; both 0: unchecked
    std::vector<std::string> choices;
    std::string help;  ///< one sentence
    std::string example;
    Door door = Door::two_way;
    Nature nature = Nature::by_type;
    /// Words that a count can be: {"unlimited", infinity}.
    std::vector<std::pair<std::string, double>> words = {};

    bool measured() const;
};

enum class FlowType { stream, request };

/// What arrives at a component along a link. Lowering follows flows from the workloads on.
struct Flow {
    int item_class = 0;
    FlowType type = FlowType::stream;
    ItemSize size;                         ///< mean bytes of an item
    std::string format;                    ///< "json", "parquet+snappy", ...
    Distribution scan;                     ///< bytes read by a request; of requests only
    std::vector<double> key_shares;        ///< share of records by key, largest first; empty: even
    std::vector<double> partition_shares;  ///< set by a partitioned log for its consumers
    /// Measured bytes of an item in other formats, by the calibration of what made it; empty: not measured.
    std::vector<std::pair<std::string, double>> bytes_by_format;
    /// Items here for one of the workload's, by the yields on the way (routing and forks are not counted).
    double yield = 1;
    const Workload* workload = nullptr;
};

/// A kind's answer for one component: stations, and each incoming flow's way through them.
struct Lowered {
    struct Station {
        std::string name;  ///< within the component; empty for the only one
        Primitive primitive;
        std::vector<double> yields;  ///< by incoming flow; empty: all 1
        /// Bytes of an item on arrival here, by incoming flow; empty: as it arrives at the component.
        std::vector<ItemSize> sizes;
    };
    struct Way {
        std::vector<int> stations;     ///< indices into `stations`, in order; a hit skips to the last
        Flow out;                      ///< as it leaves the component
        bool readable_at_end = false;  ///< freshness is measured where the way ends
    };
    std::vector<Station> stations;
    std::vector<Way> ways;              ///< by incoming flow
    std::optional<Scaler> scaler = {};  ///< of these stations, by index here
    /// A failure of any part stops all of them, until it is back and for so long after: what was done since
    /// the last checkpoint is done again. None: what is left goes on.
    std::optional<Duration> rewind = {};
    std::vector<std::string> notes;
};

struct LoweringContext {
    const Scenario& scenario;
    const Catalog& catalog;
    int class_count = 0;
    const Calibration* calibration = nullptr;  ///< of this component, where it has one
};

struct Kind {
    std::string id, title, help;
    /// The parameter of type `component` that names where items go whose outcome is the second
    /// (Routing::outcome); empty where there is none.
    std::string second_way;
    /// A primitive of queueing networks, which passes items on as they are: it may stand in a cycle.
    bool plain = false;
    std::string category;  ///< of the palette: "Ingest", "Process", "Store", "Query", "Queueing"
    std::vector<FlowType> accepts;
    bool scales = false;      ///< its capacity can follow the load: has the parameters of kinds/scaling.h
    bool calibrated = false;  ///< runs a transform: has parameters `transform` and uses a calibration
    std::vector<ParameterSpec> parameters;
    /// Names of the billing dimensions with what they are billed by: {"storage", "bytes held, by tier"}.
    std::vector<std::pair<std::string, std::string>> billing;

    /// Checks beyond the table (parameters against each other). `component` has all its settings.
    std::function<Problems(const Component&, const Catalog&)> check;
    std::function<Expected<Lowered>(const Component&, const std::vector<Flow>&, const LoweringContext&)>
        lower;
    std::function<std::vector<Usage>(const Component&, const Activity&, const Catalog&)> usage;
    /// Of kinds that run on nodes; empty: what it takes of them is not known.
    std::function<NodeLoad(const Component&, const Activity&, const Catalog&)> load;

    const ParameterSpec* parameter(std::string_view name) const;
};

/// The components that a setting of a parameter of type routing or component names.
std::vector<std::string> components_named_by(const ParameterSpec& spec, const ParameterValue& value);

/// All kinds, in the order of the palette. The one place where they are listed is kinds.cpp. Those that run
/// on nodes also have `purchase` (how the nodes are bought), `on` and `share` (a group of nodes and their
/// part of it) and `memory`.
const std::vector<Kind>& kinds();
const Kind* find_kind(std::string_view id);

/// The value of one parameter from its text or tree, checked against its spec.
Expected<ParameterValue> parse_parameter(const ParameterSpec& spec, const Value& value);
/// As a scenario would write it, in the parameter's natural unit.
std::string print_parameter(const ParameterSpec& spec, const ParameterValue& value);

}  // namespace headroom::model
