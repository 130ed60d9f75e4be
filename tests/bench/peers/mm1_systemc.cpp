// M/M/1 at 0.9 on SystemC: one thread makes customers, one serves them.

#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>
#include <systemc>

namespace {

struct Station : sc_core::sc_module {
    SC_HAS_PROCESS(Station);
    Station(const sc_core::sc_module_name& name, int count) : sc_core::sc_module(name), customers(count) {
        SC_THREAD(make);
        SC_THREAD(serve);
    }
    void make() {
        for (int i = 0; i < customers; ++i) {
            wait(gap(random), sc_core::SC_SEC);
            line.push(sc_core::sc_time_stamp().to_seconds());
            arrived.notify();
        }
    }
    void serve() {
        for (int i = 0; i < customers; ++i) {
            if (line.empty()) wait(arrived);
            wait(service(random), sc_core::SC_SEC);
            sum += sc_core::sc_time_stamp().to_seconds() - line.front();
            line.pop();
        }
    }

    int customers;
    double sum = 0;
    std::mt19937_64 random{1};
    std::exponential_distribution<double> gap{0.9}, service{1};
    std::queue<double> line;
    sc_core::sc_event arrived;
};

}  // namespace

int sc_main(int, char** words) {
    const int customers = std::atoi(words[1]);
    Station station("station", customers);
    sc_core::sc_start();
    std::printf("%.2f\n", station.sum / customers);
    return 0;
}
