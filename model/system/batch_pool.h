#pragma once
// Specification of a pool of nodes that runs jobs made of stages made of tasks.

#include "model/system/distribution.h"
#include "model/system/scaler.h"
#include "model/units/quantity.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace headroom::model {

/// A stage of a job: tasks that can run at the same time, once the stages are complete that it builds on.
struct TaskStage {
    std::string name;
    double tasks = 1;        ///< a whole number
    Distribution time;       ///< for which a task keeps its slot, apart from fetching, where all slots work
    DataSize fetch;          ///< bytes that each task first fetches over the network (a shuffle)
    std::vector<int> after;  ///< earlier stages of the same job; none: ready at once
    Duration lead = {};      ///< that passes before its tasks can start, once they could; it takes no slot
    double failing = 0;      ///< probability that a task turns out to have failed when it is done
    /// Bytes of a mean task on the disk of its node, where the disk takes longer than the processor: the task
    /// is done when both are. None: the time is that of the processor, whoever works beside it.
    DataSize disk = {};
    Duration core = {};  ///< of a mean task with `disk`, on the processor
};

/// Nodes with slots. An item is a job of its class's stages. A free slot, on the node with the fewest at
/// work, takes the next task of the earliest job that has one ready (or, `fair`, of the job with the fewest
/// running tasks). Tasks that fetch share the network evenly, those that read or write on a node share its
/// disk. A node that is lost takes its slots away until it is replaced, and its running tasks start anew
/// elsewhere; where results stay on the nodes, so do the tasks whose results were there and are still needed.
/// Jobs beyond `jobs_at_once` wait in order of arrival. Time within a job is the same at both levels: jobs
/// are always discrete.
struct BatchPool {
    int nodes = 1;
    int slots_per_node = 1;
    std::vector<std::vector<TaskStage>> jobs;  ///< by class, each stage behind those that it builds on
    DataRate network{std::numeric_limits<double>::infinity()};     ///< of all nodes together
    DataRate fetch_most{std::numeric_limits<double>::infinity()};  ///< of it that one task can have
    double straggler_share = 0;                                    ///< of the tasks
    double straggler_factor = 1;  ///< by which the time of a straggler is longer
    Duration node_life{
        std::numeric_limits<double>::infinity()};  ///< mean time to the loss of a node, exponential
    Distribution replacement;                      ///< time until a lost node is there again
    Duration launch;                               ///< between the arrival of a job and its first tasks
    int jobs_at_once = std::numeric_limits<int>::max();
    bool fair = false;
    int tasks_at_once = std::numeric_limits<int>::max();  ///< of one job
    /// A job keeps `tasks_at_once` slots from its first task to its last, whether or not they all have one.
    bool held = false;
    DataRate disk{std::numeric_limits<double>::infinity()};  ///< of a node
    /// Not 0: a node takes tasks at its beats only, and so a task keeps its slot for a multiple of this.
    Duration beat;
    bool results_stay = false;  ///< on the node of the task, until the stages that build on them are complete
    // Of tasks that fail:
    int attempts = 1;                                  ///< after which someone has to mend what is wrong
    Duration retry_after;                              ///< before each further attempt
    Distribution mending = Distribution::constant(0);  ///< after which the attempts are counted anew
    /// Nodes that come and go with the tasks at hand: jobs are discrete at both levels, so that the pool
    /// follows its own and no fluid. Its stations are not named. Who goes ends what runs on it first.
    std::optional<Scaler> scaler = {};
};

/// Mean time for which a task keeps its slot where all slots work, apart from fetching: up to the next beat.
/// One whose time varies ends anywhere between two beats.
Duration slot_time(const BatchPool& pool, const TaskStage& stage);

}  // namespace headroom::model
