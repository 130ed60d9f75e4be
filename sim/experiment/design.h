#pragma once
// Experimental designs: which points of the unit cube are tried.

#include <cstdint>
#include <string>
#include <vector>

namespace headroom::sim {

struct Design {
    enum class Kind {
        full_factorial,   ///< every combination of the levels
        latin_hypercube,  ///< every factor takes each of `points` equal parts of its range once (McKay et al.
                          ///< 1979)
        sobol             ///< the first points of a Sobol sequence, which fill the cube evenly
    };
    Kind kind = Kind::full_factorial;
    int points = 0;  ///< of the last two
};

/// Points of the unit cube; the same seed gives the same points.
std::vector<std::vector<double>> latin_hypercube(int points, int dimensions, std::uint64_t seed);

/// Points of the Sobol sequence after its first, which is the corner (Joe and Kuo's directions, 2008).
/// Dimensions: 3,667 at most.
std::vector<std::vector<double>> sobol_points(int points, int dimensions);

}  // namespace headroom::sim
