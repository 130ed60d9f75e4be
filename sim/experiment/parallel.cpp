#include "sim/experiment/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace headroom::sim {

void for_each_index(std::size_t count, int threads, std::stop_token stop,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& watch) {
    const std::size_t all = threads > 0 ? static_cast<std::size_t>(threads)
                                        : std::max<std::size_t>(1, std::thread::hardware_concurrency());
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t finished = 0, ended = 0;
    std::exception_ptr failure;
    const std::size_t workers = std::min(count, all);
    {
        std::vector<std::jthread> pool;
        for (std::size_t w = 0; w < workers; ++w)
            pool.emplace_back([&] {
                for (std::size_t mine = next++; mine < count && !stop.stop_requested(); mine = next++) {
                    try {
                        work(mine);
                    } catch (...) {
                        const std::lock_guard lock(mutex);
                        failure = std::current_exception();
                        next = count;
                    }
                    const std::lock_guard lock(mutex);
                    ++finished;
                }
                const std::lock_guard lock(mutex);
                ++ended;
                changed.notify_one();
            });
        std::unique_lock lock(mutex);
        while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return ended == workers; })) {
            if (!watch) continue;
            const std::size_t shown = finished;
            lock.unlock();
            watch(shown);
            lock.lock();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace headroom::sim
