"""M/M/1 at 0.9 on SimPy 3 or later: a process for each customer."""
import random
import sys

import simpy


def customer(environment, server, served):
    came = environment.now
    with server.request() as turn:
        yield turn
        yield environment.timeout(random.expovariate(1))
    served[0] += 1
    served[1] += environment.now - came


def source(environment, server, served, customers):
    for _ in range(customers):
        yield environment.timeout(random.expovariate(0.9))
        environment.process(customer(environment, server, served))


random.seed(1)
world, tally = simpy.Environment(), [0, 0.0]
world.process(source(world, simpy.Resource(world, 1), tally, int(sys.argv[1])))
world.run()
print("%.2f" % (tally[1] / tally[0]))
