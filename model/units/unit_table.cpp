#include "model/units/unit_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>

namespace headroom::model {

namespace {

using namespace dimensions;

constexpr double minute = 60, hour = 3600, day = 86400, month = 730 * hour, year = 8760 * hour;

constexpr std::array units{
    UnitWord{"B", 1, data},
    UnitWord{"byte", 1, data},
    UnitWord{"bytes", 1, data},
    UnitWord{"kB", 1e3, data},
    UnitWord{"KB", 1e3, data},
    UnitWord{"MB", 1e6, data},
    UnitWord{"GB", 1e9, data},
    UnitWord{"TB", 1e12, data},
    UnitWord{"PB", 1e15, data},
    UnitWord{"EB", 1e18, data},
    UnitWord{"KiB", 0x1p10, data},
    UnitWord{"kiB", 0x1p10, data},
    UnitWord{"MiB", 0x1p20, data},
    UnitWord{"GiB", 0x1p30, data},
    UnitWord{"TiB", 0x1p40, data},
    UnitWord{"PiB", 0x1p50, data},
    UnitWord{"EiB", 0x1p60, data},
    UnitWord{"bit", 0.125, data},
    UnitWord{"bits", 0.125, data},
    UnitWord{"kbit", 125, data},
    UnitWord{"Mbit", 125e3, data},
    UnitWord{"Gbit", 125e6, data},
    UnitWord{"Tbit", 125e9, data},
    UnitWord{"bps", 0.125, data_rate},
    UnitWord{"kbps", 125, data_rate},
    UnitWord{"Mbps", 125e3, data_rate},
    UnitWord{"Gbps", 125e6, data_rate},
    UnitWord{"Tbps", 125e9, data_rate},
    UnitWord{"Bps", 1, data_rate},
    UnitWord{"kBps", 1e3, data_rate},
    UnitWord{"KBps", 1e3, data_rate},
    UnitWord{"MBps", 1e6, data_rate},
    UnitWord{"GBps", 1e9, data_rate},
    UnitWord{"TBps", 1e12, data_rate},
    UnitWord{"ns", 1e-9, time},
    UnitWord{"us", 1e-6, time},
    UnitWord{"\u00b5s", 1e-6, time},  // micro sign
    UnitWord{"\u03bcs", 1e-6, time},  // Greek mu, which many keyboards give
    UnitWord{"ms", 1e-3, time},
    UnitWord{"s", 1, time},
    UnitWord{"sec", 1, time},
    UnitWord{"second", 1, time},
    UnitWord{"seconds", 1, time},
    UnitWord{"min", minute, time},
    UnitWord{"minute", minute, time},
    UnitWord{"minutes", minute, time},
    UnitWord{"h", hour, time},
    UnitWord{"hr", hour, time},
    UnitWord{"hour", hour, time},
    UnitWord{"hours", hour, time},
    UnitWord{"d", day, time},
    UnitWord{"day", day, time},
    UnitWord{"days", day, time},
    UnitWord{"week", 7 * day, time},
    UnitWord{"weeks", 7 * day, time},
    UnitWord{"month", month, time},
    UnitWord{"months", month, time},
    UnitWord{"mo", month, time},
    UnitWord{"y", year, time},
    UnitWord{"yr", year, time},
    UnitWord{"year", year, time},
    UnitWord{"years", year, time},
    UnitWord{"Hz", 1, item_rate},
    UnitWord{"kHz", 1e3, item_rate},
    UnitWord{"MHz", 1e6, item_rate},
    UnitWord{"GHz", 1e9, item_rate},
    UnitWord{"rps", 1, item_rate},
    UnitWord{"qps", 1, item_rate},
    UnitWord{"tps", 1, item_rate},
    UnitWord{"eps", 1, item_rate},
    UnitWord{"IOPS", 1, item_rate},
    UnitWord{"iops", 1, item_rate},
    UnitWord{"USD", 1, money},
    UnitWord{"dollar", 1, money},
    UnitWord{"dollars", 1, money},
    UnitWord{"cent", 0.01, money},
    UnitWord{"cents", 0.01, money},
    UnitWord{"%", 0.01, none},
    UnitWord{"percent", 0.01, none},
    UnitWord{"x", 1, none},
    UnitWord{"\u00d7", 1, none},
};

constexpr std::string_view nouns[][2] = {
    {"event", "events"},
    {"record", "records"},
    {"request", "requests"},
    {"req", "reqs"},
    {"message", "messages"},
    {"msg", "msgs"},
    {"packet", "packets"},
    {"query", "queries"},
    {"change", "changes"},
    {"task", "tasks"},
    {"job", "jobs"},
    {"user", "users"},
    {"node", "nodes"},
    {"item", "items"},
    {"part", "parts"},
    {"piece", "pieces"},
    {"arrival", "arrivals"},
    {"failure", "failures"},
    {"row", "rows"},
    {"click", "clicks"},
    {"order", "orders"},
    {"page", "pages"},
    {"view", "views"},
    {"transaction", "transactions"},
    {"txn", "txns"},
    {"operation", "operations"},
    {"op", "ops"},
    {"call", "calls"},
    {"session", "sessions"},
    {"visit", "visits"},
    {"customer", "customers"},
    {"device", "devices"},
    {"sensor", "sensors"},
    {"reading", "readings"},
    {"metric", "metrics"},
    {"log", "logs"},
    {"line", "lines"},
    {"document", "documents"},
    {"file", "files"},
    {"object", "objects"},
    {"partition", "partitions"},
    {"shard", "shards"},
    {"replica", "replicas"},
    {"slot", "slots"},
    {"server", "servers"},
    {"worker", "workers"},
    {"writer", "writers"},
    {"reader", "readers"},
    {"core", "cores"},
    {"vCPU", "vCPUs"},
    {"vcpu", "vcpus"},
    {"cpu", "cpus"},
    {"thread", "threads"},
    {"consumer", "consumers"},
    {"producer", "producers"},
    {"broker", "brokers"},
    {"unit", "units"},
    {"batch", "batches"},
    {"image", "images"},
    {"token", "tokens"},
    {"connection", "connections"},
    {"lookup", "lookups"},
    {"write", "writes"},
    {"read", "reads"},
    {"scan", "scans"},
    {"get", "gets"},
    {"put", "puts"},
    {"report", "reports"},
    {"dashboard", "dashboards"},
    {"instance", "instances"},
    {"zone", "zones"},
    {"key", "keys"},
    {"stage", "stages"},
    {"executor", "executors"},
    {"container", "containers"},
    {"host", "hosts"},
    {"machine", "machines"},
    {"tenant", "tenants"},
    {"person", "people"},
    {"entry", "entries"},
    {"table", "tables"},
    {"column", "columns"},
    {"group", "groups"},
    {"environment", "environments"},
    {"database", "databases"},
    {"period", "periods"},
    {"prefix", "prefixes"},
    {"source", "sources"},
    {"copy", "copies"},
    {"poll", "polls"},
    {"commit", "commits"},
    {"retry", "retries"},
    {"replication", "replications"},
    {"slice", "slices"},
    {"payment", "payments"},
    {"trip", "trips"},
    {"measurement", "measurements"},
};

bool same_but_for_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

const UnitWord* find_unit(std::string_view name) {
    static const auto* index = [] {
        auto* map = new std::unordered_map<std::string_view, const UnitWord*>;
        for (const UnitWord& unit : units) map->emplace(unit.name, &unit);
        return map;
    }();
    const auto found = index->find(name);
    return found == index->end() ? nullptr : found->second;
}

const UnitWord* find_unit_of_any_case(std::string_view name) {
    for (const UnitWord& unit : units)
        if (same_but_for_case(unit.name, name)) return &unit;
    return nullptr;
}

double prefix_factor(char prefix) {
    switch (prefix) {
        case 'k':
        case 'K':
            return 1e3;
        case 'M':
            return 1e6;
        case 'G':
            return 1e9;
        case 'T':
            return 1e12;
        case 'P':
            return 1e15;
        case 'E':
            return 1e18;
        default:
            return 0;
    }
}

std::string plural_noun(std::string_view word) {
    static const auto* index = [] {
        auto* map = new std::unordered_map<std::string_view, std::string_view>;
        for (const auto& noun : nouns) {
            map->emplace(noun[0], noun[1]);
            map->emplace(noun[1], noun[1]);
        }
        return map;
    }();
    const auto found = index->find(word);
    return found == index->end() ? std::string() : std::string(found->second);
}

std::string singular_noun(std::string_view plural) {
    for (const auto& noun : nouns)
        if (noun[1] == plural) return std::string(noun[0]);
    return std::string(plural);
}

}  // namespace headroom::model
