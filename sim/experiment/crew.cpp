#include "sim/experiment/crew.h"

#include "model/store/packed_run.h"
#include "sim/experiment/study_message.h"

#include <algorithm>
#include <thread>

namespace headroom::sim {

namespace {

using Kind = StudyMessage::Kind;
using namespace std::chrono_literals;

}  // namespace

Crew::Crew(Ranks& ranks, Clock::duration patience)
    : ranks_(ranks),
      patience_(patience),
      said_(Clock::now()),
      members_(static_cast<std::size_t>(ranks.size())) {
    for (Member& member : members_) member.heard = said_;
}

Crew::~Crew() {
    const bool all = lost() == 0;
    for (int rank = 1; rank < size(); ++rank)
        if (!members_[static_cast<std::size_t>(rank)].lost) ranks_.send(rank, bytes_of({Kind::end, all}));
    // What they still have to say must be taken before MPI can end.
    const auto everyone = [&] {
        return std::all_of(members_.begin() + 1, members_.end(),
                           [](const Member& member) { return member.lost || member.gone; });
    };
    const auto until = Clock::now() + patience_;
    while (!everyone() && Clock::now() < until) {
        (void)hear();
        std::this_thread::sleep_for(1ms);
    }
    ranks_.leave(all && everyone());
}

int Crew::lost() const {
    return static_cast<int>(
        std::count_if(members_.begin(), members_.end(), [](const Member& m) { return m.lost; }));
}

void Crew::begin(const StudyPlan& plan, std::size_t open) {
    plan_ = body_of(plan);
    points_ = static_cast<int>(plan.points.size());
    open_ = open;
    for (int rank = 1; rank < size(); ++rank)
        if (members_[static_cast<std::size_t>(rank)].slots > 0) greet(rank);
}

/// Where there are fewer points than threads, they are spread over the ranks.
void Crew::greet(int rank) {
    Member& member = members_[static_cast<std::size_t>(rank)];
    const auto ranks = static_cast<std::size_t>(size());
    const auto share = static_cast<int>(std::min<std::size_t>(1 << 16, (open_ + ranks - 1) / ranks));
    member.slots = std::clamp(share, 1, member.slots);
    ranks_.send(rank, bytes_of({Kind::study, member.slots, plan_}));
}

void Crew::drop(Member& member, News& news) {
    news.open.insert(news.open.end(), member.points.begin(), member.points.end());
    member.points.clear();
}

void Crew::take(Member& member, int rank, const std::string& bytes, News& news) {
    auto message = message_of(bytes);
    if (!message) return;
    const bool about_point = message->kind == Kind::result || message->kind == Kind::failed;
    if (about_point && (message->number < 0 || message->number >= points_)) return;
    member.lost = false;
    const auto held = std::find(member.points.begin(), member.points.end(), message->number);
    switch (message->kind) {
        case Kind::hello:
            member.slots = std::max(1, message->number);
            if (!plan_.empty()) greet(rank);
            break;
        case Kind::result:
            if (auto result = model::unpack(message->body))
                news.finished.push_back({message->number, std::move(*result)});
            else
                news.failed.push_back(message->number);
            if (held != member.points.end()) member.points.erase(held);
            break;
        case Kind::failed:
            news.failed.push_back(message->number);
            if (held != member.points.end()) member.points.erase(held);
            break;
        case Kind::bye:
            member.gone = true;
            break;
        case Kind::leaving:
            member.left = true;
            drop(member, news);
            break;
        default:
            break;
    }
}

Crew::News Crew::hear() {
    News news;
    while (auto message = ranks_.receive()) {
        Member& member = members_[static_cast<std::size_t>(message->from)];
        member.heard = Clock::now();
        take(member, message->from, message->bytes, news);
    }
    const auto now = Clock::now();
    const bool say = now - said_ >= 1s;
    if (say) said_ = now;
    for (int rank = 1; rank < size(); ++rank) {
        Member& member = members_[static_cast<std::size_t>(rank)];
        if (member.slots == 0 || member.lost || member.gone) continue;
        if (now - member.heard > patience_) {
            member.lost = true;
            drop(member, news);
        } else if (say) {
            ranks_.send(rank, bytes_of({Kind::alive}));
        }
    }
    return news;
}

bool Crew::give(const StudyPlan& plan, int point, int spare) {
    Member* idlest = nullptr;
    int most = 0;
    for (Member& member : members_) {
        const int room = member.slots + spare - static_cast<int>(member.points.size());
        if (member.slots == 0 || member.lost || member.left || room <= most) continue;
        most = room;
        idlest = &member;
    }
    if (!idlest) return false;
    idlest->points.push_back(point);
    ranks_.send(static_cast<int>(idlest - members_.data()),
                bytes_of({Kind::point, point, body_of(plan.points[static_cast<std::size_t>(point)])}));
    return true;
}

}  // namespace headroom::sim
