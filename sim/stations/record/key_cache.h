#pragma once
// A cache of keys that are asked for by Zipf's law.

#include "model/system/cache.h"
#include "sim/kernel/random.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace headroom::sim::record {

/// Draws ranks from 1 to `keys` with probabilities in proportion to rank^-exponent, in constant time and
/// memory: rejection-inversion (Hoermann and Derflinger, ACM TOMACS 1996).
class ZipfRanks {
public:
    ZipfRanks(const model::Popularity& popularity, const RandomStream& random);
    std::uint64_t next();

private:
    double density(double x) const;
    double integral(double x) const;  ///< of the density, from 1
    double inverse(double area) const;

    double keys_, exponent_;
    double low_, high_, easy_;
    RandomStream random_;
};

/// Keys in order of their last request; the least recent one makes room.
class KeyCache {
public:
    KeyCache(const model::Cache& cache, const RandomStream& keys);

    /// Asks for the next key at random; whether it was there. It is afterwards.
    bool ask(double now);

private:
    struct Entry {
        std::uint64_t key = 0;
        double expires = 0, ready = 0;
        std::uint32_t newer = none_, older = none_;
    };
    static constexpr std::uint32_t none_ = 0xffffffff;

    void put_first(std::uint32_t slot);
    void take_out(std::uint32_t slot);
    void insert(std::uint64_t key, double expires, double ready);

    ZipfRanks ranks_;
    double life_, refill_;
    std::size_t capacity_;
    std::vector<Entry> entries_;
    std::unordered_map<std::uint64_t, std::uint32_t> slots_;
    std::uint32_t newest_ = none_, oldest_ = none_;
};

}  // namespace headroom::sim::record
