#pragma once
// The other ranks of a study, as rank 0 sees them. A rank that is not heard of any more is taken for lost:
// the points that it held are open again, and a result that comes from it after all is as good as any.

#include "sim/experiment/ranks.h"
#include "sim/experiment/study.h"

#include <chrono>
#include <vector>

namespace headroom::sim {

class Crew {
public:
    using Clock = std::chrono::steady_clock;

    /// Ranks say that they are alive every second; one that has not for `patience` is lost.
    explicit Crew(Ranks& ranks, Clock::duration patience = std::chrono::seconds(20));
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    /// Tells the others that there is nothing more to do, and leaves.
    ~Crew();

    /// Processors that fall to rank 0.
    int processors() const { return ranks_.processors(); }
    /// Ranks, rank 0 included.
    int size() const { return ranks_.size(); }
    int lost() const;

    /// From now on ranks are told of this plan, of which `open` points are to be run; once.
    void begin(const StudyPlan& plan, std::size_t open);

    struct News {
        std::vector<model::PointResult> finished;
        std::vector<int> failed;  ///< to be run here, to find out why
        std::vector<int> open;    ///< of ranks that were lost or have left
    };
    /// Everything that has arrived since the last call.
    News hear();

    /// Gives a point to the rank that holds fewest for its slots; false where all are busy: they hold as many
    /// as they run at once, and `spare` more.
    bool give(const StudyPlan& plan, int point, int spare);

private:
    struct Member {
        int slots = 0;  ///< 0: has not said hello
        bool lost = false, left = false, gone = false;
        Clock::time_point heard;
        std::vector<int> points;
    };
    void take(Member& member, int rank, const std::string& bytes, News& news);
    void greet(int rank);
    void drop(Member& member, News& news);

    Ranks& ranks_;
    Clock::duration patience_;
    Clock::time_point said_;
    std::vector<Member> members_;  ///< by rank; the first is rank 0 itself and stays empty
    std::string plan_;             ///< empty until begin()
    int points_ = 0;
    std::size_t open_ = 0;
};

/// A rank above 0: runs what rank 0 gives it, on `threads` threads (0: the processors that fall to it), until
/// rank 0 has ended. False: rank 0 was not heard of any more.
bool serve_study(const model::Catalog& catalog, Ranks& ranks, int threads, std::stop_token stop = {});

}  // namespace headroom::sim
