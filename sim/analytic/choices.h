#pragma once
// Lines of which the shorter one is chosen.

namespace headroom::sim {

/// Mean wait at `lines` queues of one server each, of which who comes joins the one that holds the fewest, of
/// all or of two drawn at random (`sampled`, else 0); in mean services, for Poisson arrivals and exponential
/// services. Of all: the wait at one line for all servers, and 0.36 (1 - lines^-1.7) of a service for each
/// who meets no idle server, since his is not the next to end; fitted to simulations of 2 to 40 lines at
/// utilisations of 0.5 to 0.95, of which responses are within 2 %. Of two: that of infinitely many lines
/// (Mitzenmacher 2001; Vvedenskaya, Dobrushin and Karpelevich 1996) and a correction that falls off with
/// their number, in the form of Gast and Van Houdt (2017), fitted to 3 to 40 lines; within 4 %. NaN where
/// nothing is known.
double wait_of_shortest(int lines, int sampled, double utilisation);

}  // namespace headroom::sim
