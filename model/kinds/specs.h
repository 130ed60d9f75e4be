#pragma once
// Parameters of the usual types, one line each. Without an example, the default is the example.

#include "model/kinds/kind.h"

#include <string>
#include <vector>

namespace headroom::model::spec {

ParameterSpec count(std::string name, std::string noun, std::string default_text, double min, double max,
                    std::string help, std::string example = {});
/// A time that is drawn anew for each item.
ParameterSpec time(std::string name, std::string default_text, std::string help, std::string example = {});
/// One fixed time.
ParameterSpec duration(std::string name, std::string default_text, double min, double max, std::string help,
                       std::string example = {});
/// Between 0 and 1.
ParameterSpec share(std::string name, std::string default_text, std::string help, std::string example = {});
ParameterSpec ratio(std::string name, std::string default_text, double min, double max, std::string help,
                    std::string example = {});
ParameterSpec size(std::string name, std::string default_text, double min, double max, std::string help,
                   std::string example = {});
ParameterSpec data_rate(std::string name, std::string default_text, std::string help,
                        std::string example = {});
/// Items a second.
ParameterSpec item_rate(std::string name, std::string noun, std::string default_text, double min, double max,
                        std::string help, std::string example = {});
ParameterSpec choice(std::string name, std::vector<std::string> choices, std::string help);
ParameterSpec nodes(std::string help, std::string example);

ParameterSpec required(ParameterSpec spec);
/// A fact, although parameters of its type are mostly choices.
ParameterSpec measured(ParameterSpec spec);
/// A choice, although parameters of its type are mostly facts.
ParameterSpec chosen(ParameterSpec spec);

}  // namespace headroom::model::spec
