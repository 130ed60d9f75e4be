// M/M/1 at 0.9 on SimGrid: one actor makes customers, one serves them.

#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>
#include <simgrid/s4u.hpp>

namespace s4u = simgrid::s4u;

int main(int count, char** words) {
    s4u::Engine engine(&count, words);
    const int customers = std::atoi(words[1]);
    auto* zone = s4u::create_full_zone("zone");
    auto* host = zone->create_host("host", 1e9);
    zone->seal();
    std::mt19937_64 random(1);
    std::exponential_distribution<double> gap(0.9), service(1);
    std::queue<double> line;
    auto waiting = s4u::Semaphore::create(0);
    double sum = 0;
    s4u::Actor::create("source", host, [&] {
        for (int i = 0; i < customers; ++i) {
            s4u::this_actor::sleep_for(gap(random));
            line.push(s4u::Engine::get_clock());
            waiting->release();
        }
    });
    s4u::Actor::create("server", host, [&] {
        for (int i = 0; i < customers; ++i) {
            waiting->acquire();
            s4u::this_actor::sleep_for(service(random));
            sum += s4u::Engine::get_clock() - line.front();
            line.pop();
        }
    });
    engine.run();
    std::printf("%.2f\n", sum / customers);
}
