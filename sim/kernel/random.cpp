#include "sim/kernel/random.h"

#include "sim/kernel/elementary.h"

#include <Random123/philox.h>
#include <bit>

namespace headroom::sim {

std::uint64_t stream_id(std::string_view subject, std::string_view purpose) {
    // FNV-1a, then the finaliser of MurmurHash3 to spread it over all bits.
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3; };
    for (const char c : subject) mix(static_cast<unsigned char>(c));
    mix(0);
    for (const char c : purpose) mix(static_cast<unsigned char>(c));
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
    return hash ^ (hash >> 33);
}

void RandomStream::fill(std::span<double> uniforms) {
    const r123::Philox4x64 philox;
    const r123::Philox4x64::key_type key{{seed_, stream_}};
    for (std::size_t i = 0; i + 4 <= uniforms.size(); i += 4) {
        const auto bits = philox({{block_++, replication_, 0, 0}}, key);
        for (std::size_t lane = 0; lane < 4; ++lane) {
            // 1 + k 2^-52 for the upper 52 bits k; the difference is k 2^-52 + 2^-53, exactly.
            const auto one_up = std::bit_cast<double>((bits[lane] >> 12) | 0x3ff0000000000000);
            uniforms[i + lane] = one_up - (1 - 0x1p-53);
        }
    }
}

void RandomStream::refill() {
    fill(buffer_);
    next_ = 0;
}

double RandomStream::exponential() { return -natural_log(1 - uniform()); }

}  // namespace headroom::sim
