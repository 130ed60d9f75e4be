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
        sobol,            ///< the first points of a Sobol sequence, which fill the cube evenly
        one_at_a_time,    ///< all as they are, then each factor alone at the lower and upper end of its range
        morris,           ///< trajectories on which each factor moves once (Morris 1991)
        sobol_indices     ///< pairs of points between which each factor is exchanged (Saltelli 2002)
    };
    Kind kind = Kind::full_factorial;
    int samples = 0;  ///< points; trajectories of morris; pairs of sobol_indices

    /// Whether it was made to tell what each factor does.
    bool analysed() const {
        return kind == Kind::one_at_a_time || kind == Kind::morris || kind == Kind::sobol_indices;
    }
    /// How many points it has, of so many factors; of full_factorial that is the factors' affair (0).
    std::size_t size(std::size_t factors) const;
};

/// As a study file writes it: "latin-hypercube".
const char* word_for(Design::Kind kind);

/// Points of the unit cube; the same seed gives the same points.
std::vector<std::vector<double>> latin_hypercube(int points, int dimensions, std::uint64_t seed);

/// Points of the Sobol sequence after its first, which is the corner (Joe and Kuo's directions, 2008).
/// Dimensions: 3,667 at most.
std::vector<std::vector<double>> sobol_points(int points, int dimensions);

/// The first point has NaN everywhere: as it is. Then, coordinate by coordinate, it alone is 0, and 1.
std::vector<std::vector<double>> one_at_a_time(int dimensions);

/// Trajectories of dimensions + 1 points each, on four levels of every coordinate (0, 1/3, 2/3, 1): from one
/// point to the next, one coordinate moves by 2/3, each once and in random order.
std::vector<std::vector<double>> morris_trajectories(int trajectories, int dimensions, std::uint64_t seed);

/// For each of `pairs` points A and B (the halves of a Latin hypercube of twice the dimensions): A, B, and
/// then for each coordinate A with that one of B. Not of a Sobol sequence: at some dozens of points its
/// higher dimensions go together, and intervals from such points do not hold.
std::vector<std::vector<double>> sobol_index_points(int pairs, int dimensions, std::uint64_t seed);

/// The points of a design that is not full factorial, in the order in which a study numbers them.
std::vector<std::vector<double>> drawn_points(const Design& design, int dimensions, std::uint64_t seed);

}  // namespace headroom::sim
