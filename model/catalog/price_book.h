#pragma once
// Reading price books and instance types out of their files' trees.

#include "model/catalog/catalog.h"
#include "model/catalog/fields.h"

#include <map>
#include <string>

namespace headroom::model {

using PriceBooks = std::map<std::string, PriceBook, std::less<>>;

/// `extendable` are the books that this one may extend.
PriceBook read_price_book(const Value& tree, const PriceBooks& extendable, Problems& problems);

std::map<std::string, InstanceType, std::less<>> read_instances(const Value& instances,
                                                                const Sources& sources, Problems& problems);

}  // namespace headroom::model
