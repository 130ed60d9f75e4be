#pragma once
// Causes that take capacity away from stations for a time, and how often they do.

#include "model/system/distribution.h"
#include "model/units/quantity.h"

#include <optional>
#include <string>
#include <vector>

namespace headroom::model {

/// What becomes of work in service on a server that goes down.
enum class Interrupted {
    resume,   ///< goes on where it was, on the next server that is free
    restart,  ///< begins anew, with the same demand
    lose      ///< is gone, and counted as lost
};

/// Units that are alike and fail independently of one another, each up and down in turn, beginning up.
struct Outage {
    struct Effect {
        int station = 0;
        double share = 1;  ///< of the station's capacity that one unit takes with it
        Duration longer;   ///< that the station still lacks it when the unit is back
    };

    std::string name;
    int units = 1;
    std::vector<Effect> effects;
    Distribution up = Distribution::exponential(0);  ///< seconds until a unit fails
    Distribution down = Distribution::constant(0);   ///< seconds until it is back
    std::optional<Duration> at;  ///< if set, every unit fails once, at that moment, and `up` has no meaning
    Interrupted work = Interrupted::restart;
};

}  // namespace headroom::model
