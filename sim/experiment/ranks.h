#pragma once
// The processes that a launcher of parallel programs has started together, numbered from 0. What they say to
// each other is bytes; what carries it (MPI) is a module of its own, so that a program that is started alone
// never loads it.

#include <memory>
#include <optional>
#include <string>

namespace headroom::sim {

struct RankMessage {
    int from = 0;
    std::string bytes;
};

/// Used from one thread only.
class Ranks {
public:
    Ranks() = default;
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;
    virtual ~Ranks() = default;

    virtual int rank() const = 0;
    virtual int size() const = 0;
    /// Processors that fall to this rank, its share of those that it may run on together with others.
    virtual int processors() const = 0;
    /// Returns at once. To a rank that has died it does nothing.
    virtual void send(int to, std::string bytes) = 0;
    /// A message that has arrived in whole, those of one rank in the order in which they were sent; none if
    /// there is none now.
    virtual std::optional<RankMessage> receive() = 0;
    /// The last call: everything that was sent is delivered first. Where not all ranks will come to this
    /// point
    /// (`all` is false) it waits for none.
    virtual void leave(bool all) = 0;
};

/// What the module offers, under the name `headroom_ranks`.
using RanksFn = Ranks* (*)();

}  // namespace headroom::sim
