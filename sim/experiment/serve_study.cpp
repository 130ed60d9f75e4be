#include "model/store/packed_run.h"
#include "sim/experiment/crew.h"
#include "sim/experiment/point_pool.h"
#include "sim/experiment/study_message.h"

#include <optional>
#include <set>

namespace headroom::sim {

namespace {

using Kind = StudyMessage::Kind;
using Clock = Crew::Clock;
using namespace std::chrono_literals;

class Server {
public:
    Server(const model::Catalog& catalog, Ranks& ranks, int threads, std::stop_token stop)
        : catalog_(catalog),
          ranks_(ranks),
          threads_(threads > 0 ? threads : ranks.processors()),
          stop_(std::move(stop)) {}

    bool serve() {
        say(Kind::hello, threads_);
        while (!ended_) {
            listen();
            work();
            const auto now = Clock::now();
            // Before the study begins, rank 0 may measure transforms for long and says nothing.
            if (now - heard_ > (pool_ ? 2min : 60min)) break;
            if (stop_.stop_requested() && !leaving_) say(Kind::leaving), leaving_ = true;
            if (now - said_ >= 1s) say(Kind::alive);
        }
        pool_.reset();
        if (ended_) say(Kind::bye);
        ranks_.leave(ended_ && all_);
        return ended_;
    }

private:
    void say(Kind kind, int number = 0, std::string body = {}) {
        said_ = Clock::now();
        ranks_.send(0, bytes_of({kind, number, std::move(body)}));
    }

    void listen() {
        while (auto received = ranks_.receive()) {
            heard_ = Clock::now();
            auto message = message_of(received->bytes);
            if (!message) continue;
            if (message->kind == Kind::end) {
                ended_ = true;
                all_ = message->number == 1;
            } else if (message->kind == Kind::study && !pool_) {
                if (auto plan = plan_of(message->body)) {
                    plan_ = std::move(*plan);
                    pool_.emplace(plan_, catalog_, message->number, threads_, stop_);
                }
            } else if (message->kind == Kind::point) {
                begin(message->number, point_of(message->body));
            }
        }
    }

    void begin(int point, std::optional<StudyPlan::Point> what) {
        const auto index = static_cast<std::size_t>(point);
        if (!pool_ || !what || what->base >= plan_.bases.size() || index >= plan_.points.size()) {
            say(Kind::failed, point);
            return;
        }
        if (!held_.insert(point).second) return;  // it was taken for lost, and is not
        plan_.points[index] = std::move(*what);
        pool_->give(point);
    }

    void work() {
        if (!pool_) {
            std::this_thread::sleep_for(1ms);
            return;
        }
        for (const FinishedPoint& found : pool_->take(1ms)) {
            held_.erase(found.point);
            if (!found.result)
                say(Kind::failed, found.point);
            else if (!found.result->cancelled)
                say(Kind::result, found.point, model::pack(*found.result));
        }
    }

    const model::Catalog& catalog_;
    Ranks& ranks_;
    const int threads_;
    std::stop_token stop_;
    StudyPlan plan_;
    std::optional<PointPool> pool_;
    std::set<int> held_;
    bool ended_ = false, all_ = false, leaving_ = false;
    Clock::time_point heard_ = Clock::now(), said_ = heard_;
};

}  // namespace

bool serve_study(const model::Catalog& catalog, Ranks& ranks, int threads, std::stop_token stop) {
    return Server(catalog, ranks, threads, std::move(stop)).serve();
}

}  // namespace headroom::sim
