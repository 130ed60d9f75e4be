// M/M/1 at 0.9 on ns-3: an event for each arrival and each departure.

#include <cstdio>
#include <cstdlib>
#include <ns3/core-module.h>
#include <queue>
#include <random>

namespace {

std::mt19937_64 generator(1);
std::exponential_distribution<double> gap(0.9), service(1);
std::queue<double> line;
int left_to_come = 0;
double sum = 0;

double now() { return ns3::Simulator::Now().GetSeconds(); }

void leave() {
    sum += now() - line.front();
    line.pop();
    if (!line.empty()) ns3::Simulator::Schedule(ns3::Seconds(service(generator)), &leave);
}

void arrive() {
    line.push(now());
    if (line.size() == 1) ns3::Simulator::Schedule(ns3::Seconds(service(generator)), &leave);
    if (--left_to_come > 0) ns3::Simulator::Schedule(ns3::Seconds(gap(generator)), &arrive);
}

}  // namespace

int main(int, char** words) {
    const int customers = left_to_come = std::atoi(words[1]);
    ns3::Simulator::Schedule(ns3::Seconds(gap(generator)), &arrive);
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    std::printf("%.2f\n", sum / customers);
}
