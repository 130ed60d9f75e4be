#pragma once
// How an object store gathers records into files and writes them.

#include "model/kinds/kind.h"

#include <vector>

namespace headroom::model {

/// Where a delivery stream leads to the object store, its buffer fills the files; nullptr where none does.
const Component* delivery_to(const Component& component, const Scenario& scenario);

/// How files are written. Each of the writers fills a file of its own from its share of the records, and
/// uploads it before it fills the next but one: the gathering of all of them together holds `writers` files,
/// which are then uploaded side by side. As many requests come at once, and the prefixes take so many a
/// second.
struct Writing {
    double writers = 1, file = 0;  ///< file: bytes of a full one
    Duration every;
    double fixed = 0;                                 ///< of an upload, in the mean
    double rate = 0;                                  ///< bytes a second of all uploads side by side
    double puts = 0;                                  ///< that the prefixes take in a second
    double queued() const { return writers / puts; }  ///< seconds until the last of a wave is taken
    double wave() const { return fixed + queued() + writers * file / rate; }
    /// Files a second where so many records of so many bytes come in a second.
    double files(double records, double bytes) const {
        return std::min(records, std::max(bytes / file, writers / every.value()));
    }
};

Writing writing_of(const Component& component, const LoweringContext& context);

/// The batches in which the records of all writers are gathered and uploaded.
Batch gathering(const Component& component, const Writing& writing);

/// Where the prefixes have much to do with writing: what of them is used at the peak, and how much can be
/// written. The ways of `lowered` say how large records are as stored.
void note_prefixes(const Writing& writing, const std::vector<Flow>& flows, const LoweringContext& context,
                   Lowered& lowered);

}  // namespace headroom::model
