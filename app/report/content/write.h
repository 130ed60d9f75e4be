#pragma once
// Reports onto the disk: the old file or the new one, never half of it.

#include "app/report/content/writers.h"

#include <functional>

namespace headroom::report {

/// Whether a report can be written there, before anything is computed: its folder exists and can be written
/// to, it is no folder itself.
model::Expected<void> try_report(const std::filesystem::path& file);

/// Writes what `build` makes. The problem names the file and says what is wrong; an old file stays as it was.
model::Expected<void> write_report(const std::filesystem::path& file, const model::Expected<Format>& format,
                                   const Illustrator* illustrator, const std::vector<Input>& inputs,
                                   const std::function<Document()>& build);

}  // namespace headroom::report
