#pragma once
// Results in SQLite. One transaction a run; readers open read-only and never lock writers out (WAL).

#include "model/scenario/problem.h"
#include "model/store/run_result.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace headroom::model {

struct RunSummary {
    std::int64_t id = 0;
    std::string scenario_name, scenario_hash, finished_at;
    Level level = Level::flow;
    int replications = 0;
};

struct StudyPoint {
    int index = 0;
    std::vector<std::pair<std::string, std::string>> settings;  ///< field path -> value as text
    std::optional<std::int64_t> run;                            ///< once finished
};

struct Study {
    std::string id;  ///< hash of what was asked: the same study resumes
    std::string name;
    std::vector<StudyPoint> points = {};
    std::string text = {};                ///< of its file; empty where it had none
    std::vector<FigureKey> metrics = {};  ///< what it wants to be shown, besides objectives
};

/// The run of a study's point, by the point's index.
struct PointResult {
    int point = 0;
    RunResult result;
};

class ResultsStore {
public:
    enum class Access { read_only, read_write };

    /// Opens or (read_write) creates. Problems: not a results store, a newer schema, locked, a folder, not
    /// writable.
    static Expected<ResultsStore> open(const std::filesystem::path& file, Access access);
    ResultsStore(ResultsStore&&) noexcept;
    ResultsStore& operator=(ResultsStore&&) noexcept;
    ~ResultsStore();

    Expected<std::int64_t> add(const RunResult& result);
    Expected<RunResult> run(std::int64_t id) const;
    Expected<std::vector<RunSummary>> runs() const;
    /// The newest run of exactly this content.
    Expected<std::optional<RunResult>> newest_of(const std::string& scenario_hash) const;
    /// The newest run of a scenario file, whatever it said then.
    Expected<std::optional<RunResult>> newest_of_file(const std::string& scenario_file) const;

    /// Removes runs but the newest `of_each_file` of every scenario file, and but the newest `in_all`. Those
    /// of a study stay. Gives the number removed; their room in the file is used again.
    Expected<int> prune(int of_each_file, int in_all);

    /// Creates the study with its points, or gives the stored one of that id.
    Expected<Study> begin_study(const Study& study);
    Expected<std::vector<Study>> studies() const;
    /// Stores points' runs and marks the points as finished, all in one transaction. A point that was
    /// finished before keeps its run.
    Expected<void> finish_points(const std::string& study, std::span<const PointResult> results);

private:
    struct Connection;
    explicit ResultsStore(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace headroom::model
