#pragma once
// What the canvas and the table that mirrors it show of each workload and component: one source for both.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/scenario/value.h"
#include "model/store/run_result.h"

#include <QString>
#include <QStringList>
#include <limits>
#include <vector>

namespace headroom::desktop {

struct Overview {
    QString id;
    QString technology;  ///< title of the technology, or the kind of workload
    QString summary;     ///< nodes of a component, rate of a workload
    QString icon;
    bool workload = false;
    double utilisation = std::numeric_limits<double>::quiet_NaN();  ///< of the busiest station; may exceed 1
    double growth = 0;                                              ///< of the backlog, items a second
    double capacity = 1;  ///< share of it that is there; less while something has failed
    double scaled = 1;    ///< share of it that autoscalers have there
    int errors = 0, warnings = 0;
    QString problem;          ///< the first one
    bool bottleneck = false;  ///< the busiest of all

    bool operator==(const Overview& other) const;
};

struct LinkOverview {
    QString from, to;
    QString text, tip;    ///< what flows, in short and in full
    bool routed = false;  ///< by a probability that the component states, not by a line of links

    friend bool operator==(const LinkOverview&, const LinkOverview&) = default;
};

struct GroupOverview {
    QString name;
    QStringList members;
};

/// In the order of the file, workloads first. `estimate` may be null.
std::vector<Overview> overview_of(const model::Scenario& scenario, const model::Catalog& catalog,
                                  const model::RunResult* estimate, const model::Problems& problems);

/// Links in the order of the file, then probabilistic routing. What flows is that of the estimate.
std::vector<LinkOverview> links_of(const model::Scenario& scenario, const model::RunResult* estimate);

/// The named frames of the file.
std::vector<GroupOverview> groups_of(const model::Value& tree);

/// The workload or component that a problem's field lies in; empty for the scenario itself.
QString subject_of(const model::Problem& problem);

/// How full a component is, in steps that colour, pattern and words share.
enum class Load { unknown, calm, busy, critical, overloaded };
Load load_of(double utilisation);
QString word_for(Load load);
/// "grows by 2 items/s"
QString growth_text(double items_per_second);
/// "down", or "67 % of capacity"
QString capacity_text(double share);
/// "scaled to 34 %"
QString scaled_text(double share);
/// "72 %", or "—" where it is not known.
QString utilisation_text(double utilisation);

}  // namespace headroom::desktop
