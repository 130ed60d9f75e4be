#include "sim/experiment/rounds.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace headroom::sim {

Rounds::Rounds(Simulate simulate, int threads, std::stop_token stop)
    : simulate_(std::move(simulate)),
      threads_(threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))),
      stop_(std::move(stop)) {}

void Rounds::run_to(int count, const Watch& watch) {
    const int first = static_cast<int>(done_.size());
    if (count <= first || stopped()) return;
    const auto size = static_cast<std::size_t>(count - first);
    std::vector<std::optional<Replication>> finished(size);
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t next = 0, ready = 0;
    std::exception_ptr failure;

    const auto work = [&] {
        for (;;) {
            std::size_t mine = 0;
            {
                const std::lock_guard lock(mutex);
                if (next >= size || failure || stop_.stop_requested()) break;
                mine = next++;
            }
            try {
                Replication replication = simulate_(first + static_cast<int>(mine), stop_);
                const std::lock_guard lock(mutex);
                // A replication that was cut short covers another stretch of time than the others.
                if (!replication.stopped) finished[mine] = std::move(replication), ++ready;
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
            changed.notify_one();
        }
        changed.notify_one();
    };

    const std::size_t workers = std::min(size, static_cast<std::size_t>(threads_));
    std::size_t taken = 0;
    {
        std::vector<std::jthread> pool;
        for (std::size_t i = 0; i < workers; ++i) pool.emplace_back(work);
        std::unique_lock lock(mutex);
        while (ready < size && !failure && !stop_.stop_requested()) {
            changed.wait_for(lock, std::chrono::milliseconds(100));
            // Only what is complete up to here is shown, in order.
            while (taken < size && finished[taken]) done_.push_back(*std::move(finished[taken++]));
            const double fraction = static_cast<double>(ready) / static_cast<double>(size);
            if (watch && !failure) {
                lock.unlock();
                watch(done_, fraction);
                lock.lock();
            }
        }
    }
    if (failure) std::rethrow_exception(failure);
    while (taken < size && finished[taken]) done_.push_back(*std::move(finished[taken++]));
}

}  // namespace headroom::sim
