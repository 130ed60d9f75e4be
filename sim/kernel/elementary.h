#pragma once
// Logarithm and exponential written so that the compiler can run them over vector lanes, and the same on
// every machine. Relative error below 1e-15.

#include <bit>
#include <cstdint>

namespace headroom::sim {

/// ln x for normal positive x: x = 2^e m with m in [0.707, 1.414), ln m = 2 artanh((m - 1) / (m + 1)).
inline double natural_log(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    constexpr std::uint64_t half_root = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
    const std::uint64_t shifted = bits - half_root;
    // The exponent as a double, without an integer conversion that has no vector form: offset into 2^52.
    const std::uint64_t exponent = (shifted >> 52) ^ 0x800;  // two's complement of 12 bits, biased by 2048
    const double e = std::bit_cast<double>(exponent | 0x4330000000000000) - (0x1p52 + 2048);
    const auto m = std::bit_cast<double>((shifted & 0x000fffffffffffff) + half_root);
    const double s = (m - 1) / (m + 1), z = s * s;
    // |s| <= 0.1716, so the eleventh term of the series is below 1e-17.
    double p = 1.0 / 21;
    p = p * z + 1.0 / 19;
    p = p * z + 1.0 / 17;
    p = p * z + 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    constexpr double ln2_high = 0x1.62e42fefap-1, ln2_low = 0x1.cf79abc9e3b4p-40;
    return e * ln2_high + (2 * s + (2 * s * z * p + e * ln2_low));
}

/// e^x for |x| < 700: x = k ln 2 + r with |r| <= 0.347, and the Taylor series of e^r.
inline double natural_exp(double x) {
    constexpr double ln2_high = 0x1.62e42fefap-1, ln2_low = 0x1.cf79abc9e3b4p-40;
    constexpr double round_at = 0x1.8p52;  // adding it leaves the nearest integer in the low bits
    const double shifted = x * 0x1.71547652b82fep0 + round_at;
    const double k = shifted - round_at;
    const double r = (x - k * ln2_high) - k * ln2_low;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    const std::uint64_t power = (std::bit_cast<std::uint64_t>(shifted) << 52) + 0x3ff0000000000000;
    return p * std::bit_cast<double>(power);
}

}  // namespace headroom::sim
