#pragma once
// What needs Qt on the command line: pictures and pages, in a build that has it.

#include "app/report/content/study_pictures.h"
#include "app/report/content/writers.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace headroom::cli {

class Pictures {
public:
    /// Wakes Qt up only where it is wanted.
    explicit Pictures(bool wanted);
    Pictures(const Pictures&) = delete;
    Pictures& operator=(const Pictures&) = delete;
    ~Pictures();

    /// None where it is not wanted, or in a build without Qt.
    const report::Illustrator* illustrator() const;

private:
    struct Qt;
    std::unique_ptr<Qt> qt_;
};

/// Whether charts can be written into the folder, said before anything is computed.
model::Expected<void> try_charts(const std::filesystem::path& folder);

/// An SVG file for each picture that shows something, in a folder that is created if it is missing; gives
/// their number.
model::Expected<int> write_charts(const std::vector<report::NamedPicture>& pictures,
                                  const std::filesystem::path& folder);

}  // namespace headroom::cli
