// Ranks over MPI (version 3.0 of the standard): point to point messages only, none of which blocks.

#include "sim/experiment/ranks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <list>
#include <mpi.h>
#include <sched.h>
#include <vector>

namespace headroom {

namespace {

constexpr int tag = 1;

/// Ranks of a node that may run on the same processors share them evenly.
int fair_share_of_processors() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) return 1;
    MPI_Comm node = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    int ranks = 1;
    MPI_Comm_size(node, &ranks);
    std::vector<cpu_set_t> all(static_cast<std::size_t>(ranks));
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, node);
    MPI_Comm_free(&node);
    double share = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &mine))
            share += 1.0 /
                     static_cast<double>(std::count_if(
                         all.begin(), all.end(), [&](const cpu_set_t& set) { return CPU_ISSET(cpu, &set); }));
    return std::max(1, static_cast<int>(std::lround(share)));
}

/// A message on its way, with the bytes that MPI reads or writes meanwhile.
struct Transfer {
    int peer = 0;
    std::string bytes;
    MPI_Request request = MPI_REQUEST_NULL;

    bool done() {
        int flag = 0;
        return MPI_Test(&request, &flag, MPI_STATUS_IGNORE) != MPI_SUCCESS || flag != 0;
    }
};

class MpiRanks : public sim::Ranks {
public:
    MpiRanks() {
        // Transforms are measured by programs that are started, which disturbs nothing here.
        setenv("OMPI_MCA_mpi_warn_on_fork", "0", 0);
        int provided = 0;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
        processors_ = fair_share_of_processors();
        // That a rank has died is for the study to notice, not for MPI to end everything.
        MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        MPI_Comm_size(MPI_COMM_WORLD, &size_);
    }

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    int processors() const override { return processors_; }

    void send(int to, std::string bytes) override {
        sent_.remove_if([](Transfer& transfer) { return transfer.done(); });
        Transfer& transfer = sent_.emplace_back(Transfer{to, std::move(bytes)});
        MPI_Isend(transfer.bytes.data(), static_cast<int>(transfer.bytes.size()), MPI_BYTE, to, tag,
                  MPI_COMM_WORLD, &transfer.request);
    }

    std::optional<sim::RankMessage> receive() override {
        begin_receiving();
        std::vector<int> waiting;  // ranks whose earlier message is not there in whole
        for (auto transfer = received_.begin(); transfer != received_.end(); ++transfer) {
            if (std::find(waiting.begin(), waiting.end(), transfer->peer) != waiting.end()) continue;
            if (transfer->done()) {
                sim::RankMessage message{transfer->peer, std::move(transfer->bytes)};
                received_.erase(transfer);
                return message;
            }
            waiting.push_back(transfer->peer);
        }
        return std::nullopt;
    }

    void leave(bool all) override {
        if (!all) return;
        for (Transfer& transfer : sent_) MPI_Wait(&transfer.request, MPI_STATUS_IGNORE);
        MPI_Finalize();
    }

private:
    void begin_receiving() {
        for (;;) {
            int there = 0, size = 0;
            MPI_Message message = MPI_MESSAGE_NULL;
            MPI_Status status;
            if (MPI_Improbe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &there, &message, &status) != MPI_SUCCESS ||
                !there)
                return;
            MPI_Get_count(&status, MPI_BYTE, &size);
            Transfer& transfer = received_.emplace_back(
                Transfer{status.MPI_SOURCE, std::string(static_cast<std::size_t>(size), '\0')});
            MPI_Imrecv(transfer.bytes.data(), size, MPI_BYTE, &message, &transfer.request);
        }
    }

    int rank_ = 0, size_ = 1, processors_ = 1;
    std::list<Transfer> sent_, received_;
};

}  // namespace

}  // namespace headroom

extern "C" headroom::sim::Ranks* headroom_ranks() { return new headroom::MpiRanks; }
