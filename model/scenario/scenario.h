#pragma once
// What a plan says: plain values, complete (every default is filled in) and checked.

#include "model/scenario/job_stage.h"
#include "model/scenario/problem.h"
#include "model/system/system.h"
#include "model/units/quantity.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headroom::model {

class Catalog;

/// "3 x m5.large"
struct NodePool {
    int count = 0;
    std::string instance;

    friend bool operator==(const NodePool&, const NodePool&) = default;
};

/// Named numbers in the order of the file: lifecycle tiers with how long data stays (infinity for "rest"),
/// routing targets with probabilities, service rates by number present.
using NamedNumbers = std::vector<std::pair<std::string, double>>;

/// Workloads with what differs between them, in the order of the file.
using NamedDistributions = std::vector<std::pair<std::string, Distribution>>;

/// Workloads with shares of something each, in the order of the file: routing by workload, the workloads that
/// items become.
using NamedShares = std::vector<std::pair<std::string, NamedNumbers>>;

/// A parameter's value in base units. Which alternative it holds is fixed by the parameter's type
/// (model/kinds/kind.h).
using ParameterValue = std::variant<std::monostate, double, bool, std::string, NodePool, Distribution,
                                    NamedNumbers, NamedDistributions, NamedShares, JobStages>;

/// Where a value comes from: written in the scenario, the technology's figure, or the kind's default.
enum class Origin { scenario, technology, kind };

struct Setting {
    ParameterValue value;
    std::string text;  ///< as written
    Origin origin = Origin::kind;
    std::string source,
        as_of;    ///< of a technology's figure; empty where it has none ("unsourced" to the user)
    Place place;  ///< in the scenario file; unknown for defaults
};

using Settings = std::map<std::string, Setting, std::less<>>;

struct Component {
    std::string id;
    std::string technology;
    std::string kind;
    Settings settings;  ///< one for every parameter of the kind that has a value
    Place place;

    bool has(std::string_view name) const;
    // The value of a parameter that the kind declares with that type; asking for another is a programming
    // error.
    double number(std::string_view name) const;
    bool flag(std::string_view name) const;
    const std::string& text(std::string_view name) const;
    const NodePool& nodes(std::string_view name) const;
    const Distribution& distribution(std::string_view name) const;
    const NamedNumbers& named_numbers(std::string_view name) const;
    const JobStages& job_stages(std::string_view name) const;
};

struct Record {
    Distribution size = Distribution::constant(1000);  ///< bytes
    std::string format = "json";
    std::filesystem::path sample;  ///< absolute; empty where there is none
    std::string key;               ///< the field that partitions records
    double keys = 0;               ///< how many different ones there are; 0: not declared
    double skew = 0.9;             ///< the key of rank i comes in proportion to 1 / i^skew
};

/// Records that arrive by themselves.
struct Stream {
    RateProfile rate;
    Distribution interarrival =
        Distribution::exponential(1);  ///< shape only: its mean is replaced by 1 / rate
    SourcePattern pattern;
    Record record;
};

/// Requests by users who think between an answer and the next request (closed), or that arrive by themselves
/// (open).
struct Requests {
    std::optional<int> users;  ///< closed if set
    Distribution think_time = Distribution::constant(0);
    RateProfile rate;  ///< open otherwise
    Distribution interarrival = Distribution::exponential(1);
    SourcePattern pattern;
    Distribution scan = Distribution::constant(0);  ///< bytes read by a request
    std::optional<Persistence> persistence;         ///< where senders do not wait for ever
};

struct Workload {
    std::string id;
    std::variant<Stream, Requests> load;
    Place place;

    bool is_stream() const { return std::holds_alternative<Stream>(load); }
};

/// Components that share a room.
struct SharedRegion {
    std::string id;
    std::vector<std::string> components;
    int capacity = 0;
    NamedNumbers by_workload;  ///< limits of workloads within the capacity
    Overflow when_full = Overflow::drop;
    Distribution retry_after;  ///< of Overflow::retry
    double attempts = 0;       ///< of Overflow::retry, the first included; infinity: without end
    Place place;
};

/// One arrow. Workloads and components share one name space.
struct Link {
    std::string from, to;
    Place place;
};

/// A cause that takes capacity away for a time: a node, a zone, a deployment.
struct FailureMode {
    std::string name;
    std::vector<std::string> of;  ///< components
    bool each_node = false;       ///< every node on its own takes its share of its component with it
    double share = 1;             ///< of each component's capacity that is gone, where not each node
    Distribution every = Distribution::exponential(0);  ///< time from a repair to the next failure
    Distribution repair = Distribution::constant(0);
    std::optional<Duration> at;  ///< happens once, at that moment of the horizon, instead of every so often
    Interrupted work = Interrupted::restart;
    Place place;
};

/// What is lost with its data.
enum class LossOf { node, disk, zone, region };
const char* word_for(LossOf loss);

/// How the data of components come back after a loss, and what of them is safe elsewhere.
struct Recovery {
    std::string name;
    std::vector<std::string> of;  ///< components whose data are gone
    LossOf loss = LossOf::node;
    // What one recovers from, one of them; none: copies within the component that have all it has
    // acknowledged.
    std::string from;                        ///< component that holds a copy of its own
    std::optional<Duration> snapshot_every;  ///< copies taken so often
    std::optional<Distribution> lag;         ///< by which copies within the component are behind
    Duration detection, failover;            ///< until the loss is known; until what stands in answers
    std::optional<DataRate> restore;         ///< at which all that is held is read back; nothing is if none
    Place place;
};

/// "orders-there", "a snapshot every 6 h": what one recovers from.
std::string source_of(const Recovery& recovery);

/// Nodes on which several components run, each with a share of every node (Component's `on` and `share`).
struct NodeGroup {
    std::string id;
    NodePool nodes;
    int zones = 1;
    NamedNumbers purchase;  ///< ways of buying with their shares; the rest is on demand
    DataSize disk;          ///< block storage of each node, beyond its local disks
    std::string disk_type;  ///< "gp3"
    Place place;
};

/// Who builds and runs the platform: assumptions, each of which a scenario can state.
struct People {
    double nodes_per_engineer = 0;     ///< operated by one engineer
    double services_per_engineer = 0;  ///< managed services operated by one engineer
    std::optional<double> operations;  ///< engineers, instead of what the two above give
    double development = 0;            ///< person-months that it takes to build
    Duration life;                     ///< over which the development is written off
};

enum class Relation { at_most, at_least };

/// "freshness of clicks in warehouse: p99 <= 1 s". The metric is a row of the table of metrics.
struct Objective {
    std::string text;     ///< as written
    std::string metric;   ///< "freshness.p99"
    std::string subject;  ///< component or station that it is about; empty for the whole platform
    std::string of;       ///< workload; empty for all
    Relation relation = Relation::at_most;
    double bound = 0;  ///< base units
    Place place;
};

struct Precision {
    double half_width = 0.05;  ///< relative, of every mean that an objective or the summary rests on
    double confidence = 0.95;
    int replications_min = 5, replications_max = 64;
};

struct Position {
    double x = 0, y = 0;
};

struct Scenario {
    int version = 1;
    std::string name, question;
    std::filesystem::path file;
    std::string price_book;
    /// With what the scenario brings itself (a price book of its own, shares of nodes); null: the catalogue
    /// as it is.
    std::shared_ptr<const Catalog> own_catalog;
    bool own_prices = false;  ///< the price book is a file of the scenario's own
    Duration horizon = hours(1);
    std::optional<Duration> warm_up;  ///< found by MSER-5 where not given
    Precision precision;
    std::uint64_t seed = 1;
    std::vector<Workload> workloads;
    std::vector<NodeGroup> node_groups;
    std::optional<People> people;  ///< not billed where it is left out
    std::vector<Component> components;
    std::vector<Link> links;
    std::vector<FailureMode> failures;
    std::vector<Recovery> recoveries;  ///< a component has one at most for each kind of loss
    std::vector<SharedRegion> regions;
    std::vector<Objective> objectives;
    std::map<std::string, Position> layout;  ///< where the canvas shows things; those without are laid out

    const Workload* workload(std::string_view id) const;
    const Component* component(std::string_view id) const;
    const NodeGroup* node_group(std::string_view id) const;
    /// The catalogue that holds for this scenario.
    const Catalog& catalog_or(const Catalog& shipped) const { return own_catalog ? *own_catalog : shipped; }
};

}  // namespace headroom::model
