#pragma once
// Stages of jobs on workers that have processors, a disk and a network: what kinds share that run them.
//
// A task keeps a slot for as long as the slower of its processor and its part of the worker's disk takes;
// where all slots of the worker are taken, that is
//     max(core time / core speed, bytes on disk / (disk / width)),
// after it has fetched what comes over the network, which all tasks share. On disk is what a stage fetches
// (its predecessors have written it there), what it leaves for those that fetch from it, what does not fit
// into memory (written and read once more), and data at rest where they are kept on the workers.

#include "model/kinds/kind.h"

#include <vector>

namespace headroom::model {

/// One worker and how many there are.
struct Workers {
    double count = 1;
    double width = 1;  ///< tasks that one runs at the same time
    double vcpus = 1;
    double core_speed = 1;
    DataSize memory;  ///< for the tasks' data, all slots together
    DataRate disk, network;
    bool keep_data = false;  ///< what jobs read and write is on their disks, not in a store outside
    double replication = 1;  ///< copies of what is written, where they keep it
    DataRate core_rate;      ///< bytes that a core works through, of stages without a stated time
    Duration task_overhead;
    double variation = 0;  ///< coefficient of variation of task times that are not stated as a distribution
    double expansion = 1;  ///< bytes in memory for one fetched
    Duration driver;       ///< before each stage
};

/// The lowered stages of one job.
std::vector<TaskStage> task_stages(const std::vector<JobStage>& stages, const Workers& workers);

/// Bytes of a job that do not fit into the memory of its tasks, and are written and read once more.
DataSize spilled(const std::vector<JobStage>& stages, const Workers& workers);

/// The pool's jobs by class; problems name workloads that have no stages. The ways pass all flows through
/// station 0.
Expected<Lowered> lower_jobs(const Component& component, const std::vector<Flow>& flows,
                             const LoweringContext& context, const Workers& workers, BatchPool pool);

/// The records that have come since the last job are worked through by the next, one job at a time, `every`
/// so often: the stages say how many bytes each handles for those that are read at first. Its time is that of
/// the drivers and of one wave of tasks in each stage, and for each byte the work of all stages on all slots.
Expected<Lowered> lower_gathered(const Component& component, const std::vector<Flow>& flows,
                                 const LoweringContext& context, const Workers& workers,
                                 const BatchPool& pool);

/// `every`, `selectivity` and `output-size` of what gathered records become.
std::vector<ParameterSpec> gathering_parameters();
/// Problems of the stages and of what goes with them.
Problems check_jobs(const Component& component);

/// `stages`, with the fields that a kind knows.
ParameterSpec stages_parameter(std::vector<std::string> fields, std::string example);
/// `task-overhead`, `variation`, `core-rate`, `expansion`, `stragglers`, `straggler-factor`, `driver-time`.
std::vector<ParameterSpec> task_parameters();
/// Takes those of task_parameters() that concern the workers, and the pool.
void set_task_parameters(const Component& component, Workers& workers, BatchPool& pool);

}  // namespace headroom::model
