#include "sim/stations/record/key_cache.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim::record {

ZipfRanks::ZipfRanks(const model::Popularity& popularity, const RandomStream& random)
    : keys_(popularity.keys),
      exponent_(popularity.exponent),
      low_(integral(1.5) - 1),
      high_(integral(popularity.keys + 0.5)),
      easy_(2 - inverse(integral(2.5) - density(2))),
      random_(random) {}

double ZipfRanks::density(double x) const { return std::exp(-exponent_ * std::log(x)); }

double ZipfRanks::integral(double x) const {
    const double log_x = std::log(x), power = 1 - exponent_;
    return std::abs(power * log_x) < 1e-8 ? log_x * (1 + power * log_x / 2)
                                          : std::expm1(power * log_x) / power;
}

double ZipfRanks::inverse(double area) const {
    const double power = 1 - exponent_, t = std::max(-1.0, area * power);
    return std::exp(std::abs(t) < 1e-8 ? area * (1 - t / 2) : std::log1p(t) / power);
}

std::uint64_t ZipfRanks::next() {
    for (;;) {
        const double area = high_ + random_.uniform() * (low_ - high_);
        const double x = inverse(area);
        const double rank = std::clamp(std::floor(x + 0.5), 1.0, keys_);
        // Most often the rank is near enough to be taken without a further look.
        if (rank - x <= easy_ || area >= integral(rank + 0.5) - density(rank))
            return static_cast<std::uint64_t>(rank);
    }
}

KeyCache::KeyCache(const model::Cache& cache, const RandomStream& keys)
    : ranks_(cache.popularity, keys),
      life_(cache.life.value()),
      refill_(cache.refill.value()),
      capacity_(static_cast<std::size_t>(std::min(cache.capacity, cache.popularity.keys))) {
    if (!cache.warm) return;
    // As in the long run, keys have been put in at any time of a life: multiples of the golden ratio are
    // even.
    const auto lived = [](std::size_t key) {
        return std::fmod(static_cast<double>(key) * 0.6180339887498949, 1);
    };
    for (std::size_t key = capacity_; key > 0; --key)
        insert(key, std::isinf(life_) ? life_ : life_ * (1 - lived(key)), 0);
}

void KeyCache::put_first(std::uint32_t slot) {
    Entry& entry = entries_[slot];
    entry.newer = none_;
    entry.older = newest_;
    (newest_ == none_ ? oldest_ : entries_[newest_].newer) = slot;
    newest_ = slot;
}

void KeyCache::take_out(std::uint32_t slot) {
    const Entry& entry = entries_[slot];
    (entry.newer == none_ ? newest_ : entries_[entry.newer].older) = entry.older;
    (entry.older == none_ ? oldest_ : entries_[entry.older].newer) = entry.newer;
}

void KeyCache::insert(std::uint64_t key, double expires, double ready) {
    std::uint32_t slot = 0;
    if (entries_.size() < capacity_) {
        slot = static_cast<std::uint32_t>(entries_.size());
        entries_.emplace_back();
    } else {
        slot = oldest_;
        take_out(slot);
        slots_.erase(entries_[slot].key);
    }
    entries_[slot].key = key;
    entries_[slot].expires = expires;
    entries_[slot].ready = ready;
    slots_.emplace(key, slot);
    put_first(slot);
}

bool KeyCache::ask(double now) {
    const std::uint64_t key = ranks_.next();
    const auto found = slots_.find(key);
    if (found == slots_.end()) {
        insert(key, now + life_, now + refill_);
        return false;
    }
    const std::uint32_t slot = found->second;
    take_out(slot);
    put_first(slot);
    if (entries_[slot].expires > now) return entries_[slot].ready <= now;
    entries_[slot].expires = now + life_;
    entries_[slot].ready = now + refill_;
    return false;
}

}  // namespace headroom::sim::record
