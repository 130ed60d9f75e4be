#pragma once
// Technologies, instance types and price books, read from resources/catalog. Every figure has a source and a
// date, or is marked as unsourced.

#include "model/scenario/problem.h"
#include "model/units/quantity.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

/// A figure's origin. `status`: 'S' seen in the source, 'D' derived from seen figures, 'M' unsourced.
struct Provenance {
    char status = 'M';
    std::string source, as_of;
};

struct TechnologyDefault {
    std::string text;  ///< as a scenario would write it
    Provenance provenance;
};

struct Technology {
    std::string id, title, kind, help, icon;
    std::map<std::string, TechnologyDefault, std::less<>> defaults;  ///< by parameter of the kind
    /// The prices of each of the kind's billing dimensions, all of which are charged: "storage" ->
    /// "s3.standard.storage", "nodes" -> "ec2.m5.large.on-demand" and a fee. "{instance}" is replaced by the
    /// node pool's instance type, "{tier}" by the tier and "{purchase}" by the way in which nodes were
    /// bought.
    std::map<std::string, std::vector<std::string>, std::less<>> prices;
};

struct InstanceType {
    std::string id;
    double vcpus = 0;
    DataSize memory;
    DataRate network, disk;  ///< sustained (baseline) figures
    DataSize local_disk;
    double core_speed = 1;       ///< relative to the reference core of calibrations
    Provenance provenance;       ///< of all figures but the next two
    Provenance disk_provenance;  ///< of `disk`
    Provenance speed_provenance;
};

/// Prices by volume: the part of a month's usage below `up_to` that no earlier step covers costs `price` a
/// unit.
struct PriceStep {
    double up_to = 0;  ///< in units; infinity for the last
    double price = 0;  ///< US dollars a unit
};

struct Price {
    std::string id;        ///< "ec2.m5.large.on-demand", "s3.standard.storage"
    std::string unit;      ///< "hour", "GB-month", "1000 requests", as the provider states it
    double unit_size = 1;  ///< base units in one unit: 3600 for an hour, 1e9 * 730 * 3600 for a GB-month
    std::vector<PriceStep> steps;
    Provenance provenance;  ///< of the price, or of its first step where steps differ
    // Terms of what is held:
    Duration minimum_held;    ///< billed even where an item leaves earlier
    DataSize minimum_size;    ///< billed for a smaller item
    DataSize extra_size;      ///< billed with each item, at this price
    DataSize index_size;      ///< billed with each item, at another price of the book:
    std::string index_price;  ///< empty where there is none
};

struct PriceBook {
    std::string id, title, currency = "USD";
    std::map<std::string, Price, std::less<>> prices;
    std::map<std::string, InstanceType, std::less<>> instances;  ///< its own, beyond the catalogue's

    const Price* find(std::string_view id) const;
};

class Catalog {
public:
    /// Reads <resources>/catalog. Problems name the file and line, as for scenarios.
    static Expected<Catalog> load(const std::filesystem::path& resources);

    const std::map<std::string, Technology, std::less<>>& technologies() const { return technologies_; }
    const std::map<std::string, InstanceType, std::less<>>& instances() const { return instances_; }
    const std::map<std::string, PriceBook, std::less<>>& price_books() const { return price_books_; }
    const Technology* technology(std::string_view id) const;
    const InstanceType* instance(std::string_view id) const;
    const PriceBook* price_book(std::string_view id) const;

    /// Adds a book with its instance types; what has the same id is replaced.
    void add(PriceBook book);
    void add(InstanceType type);

private:
    std::map<std::string, Technology, std::less<>> technologies_;
    std::map<std::string, InstanceType, std::less<>> instances_;
    std::map<std::string, PriceBook, std::less<>> price_books_;
};

/// Reads one price file, which may extend a book of `shipped`. Problems name file, line and field.
Expected<PriceBook> load_price_book(const std::filesystem::path& file, const Catalog& shipped);

/// Where the programs find their resources: $HEADROOM_RESOURCES, else ../share/headroom beside the program.
Expected<std::filesystem::path> find_resources();

/// The name in `names` that is most like `wanted` (edit distance), or "" if none is near: "did you mean
/// 'kafka'?".
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace headroom::model
