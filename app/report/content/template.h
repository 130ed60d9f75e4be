#pragma once
// A team's own look: a folder with template.yaml, a logo and texts.
//
//     cover: Architecture review          # above the title
//     footer: Confidential                # on every page
//     logo: logo.svg                      # or .png, in the folder
//     sections: [summary, cost, approval] # which and in which order; all of them where left out
//     own:                                # sections of the team's own
//       approval: {title: Approval, text: approval.txt}
//
// A text has paragraphs between empty lines; lines that begin with "- " are a list.

#include "app/report/content/document.h"
#include "model/scenario/problem.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace headroom::report {

struct Template {
    struct Own {
        std::string title;
        std::vector<Block> blocks;
    };
    std::string cover, footer;
    std::string logo;       ///< bytes
    std::string logo_type;  ///< "svg" or "png"
    std::vector<std::string> sections;
    std::map<std::string, Own, std::less<>> own;
};

/// Problems name file, line and field.
model::Expected<Template> read_template(const std::filesystem::path& folder);

}  // namespace headroom::report
