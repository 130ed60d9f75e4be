#pragma once
// Loops over vector lanes, compiled for more than one width; the program takes the widest that the machine
// has.

// No width here has fused multiplication and addition, which would round otherwise: the bits are the same.
#if defined(__x86_64__) && defined(__GNUC__)
#define HEADROOM_LANES [[gnu::target_clones("avx2", "default")]]
#else
#define HEADROOM_LANES
#endif
