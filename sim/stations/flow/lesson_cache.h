#pragma once
// Lessons that were given before, in memory and on disk. A lesson is a function of its key alone, so that a
// cache that is lost, shared or full never changes a result, only the time that it takes.

#include "sim/stations/flow/lesson.h"

#include <filesystem>
#include <mutex>
#include <unordered_map>

namespace headroom::sim::flow {

class LessonCache {
public:
    /// On disk in `folder`, at most `bytes` of it; in memory only where the folder is empty.
    explicit LessonCache(std::filesystem::path folder, std::uintmax_t bytes = 64 << 20);

    /// The one of this process, in cache_folder("lessons").
    static LessonCache& shared();

    /// Null where there is none. A file that is torn, foreign or of another key counts as none.
    std::shared_ptr<const Lesson> find(const std::string& key, std::size_t classes);
    /// On disk a file is complete or absent, whoever else writes at the same time.
    std::shared_ptr<const Lesson> keep(const std::string& key, Lesson lesson);

    std::filesystem::path file_of(const std::string& key) const;

private:
    std::shared_ptr<const Lesson> remember(const std::string& key, Lesson lesson);
    void write(const std::string& key, const Lesson& lesson);
    void make_room();

    std::filesystem::path folder_;
    std::uintmax_t bytes_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<const Lesson>> known_;
    std::uintmax_t written_ = 0;  ///< since room was last made
    bool fresh_ = true;
};

}  // namespace headroom::sim::flow
