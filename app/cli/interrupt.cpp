#include "app/cli/interrupt.h"

#include "app/cli/commands.h"

#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace headroom::cli {

namespace {

std::stop_source& source() {
    static std::stop_source interrupt;
    return interrupt;
}

}  // namespace

void watch_interrupts() {
    (void)source();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    // A thread of its own waits for them: what stopping calls may not be called in a signal handler.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([signals] {
        int received = 0;
        while (sigwait(&signals, &received) == 0)
            if (!source().request_stop()) _exit(exit_interrupted);
    }).detach();
}

bool interrupted() { return source().stop_requested(); }
std::stop_token interrupt_token() { return source().get_token(); }

}  // namespace headroom::cli
