#pragma once
// From what customers need to a first scenario: a platform of one of a few shapes, sized by closed forms.

#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "model/units/quantity.h"

#include <string>
#include <vector>

namespace headroom::desktop {

enum class Shape {
    dashboards,  ///< events become tables that people query
    lookups,     ///< events keep items up to date that people ask for
    service      ///< people ask a service that answers from a table
};

/// What a plan that works backwards begins with. Texts may be empty.
struct Answers {
    // The five customer questions:
    std::string customer;    ///< who is it?
    std::string problem;     ///< what is the customer's problem or opportunity?
    std::string benefit;     ///< what is the most important benefit?
    std::string evidence;    ///< how is it known what customers need?
    std::string experience;  ///< what is it like for them?

    std::string name;
    Shape shape = Shape::dashboards;
    model::ItemRate events;  ///< mean, over a day
    model::DataSize event_size;
    double peak = 1;  ///< highest rate over the mean
    int users = 0;
    model::Duration think_time;
    model::DataSize scan;  ///< that a question reads

    model::Duration freshness, response;  ///< at most: 99th and 95th percentile
    double cost = 0;                      ///< dollars a month at most
};

struct FirstScenario {
    std::string text;                ///< of the file
    std::vector<std::string> sizes;  ///< "warehouse: 2 x ra3.xlplus, used to 41 %": how each part was sized
};

/// Every part is made so large that by closed forms it is used to no more than six tenths at the peak. The
/// error is that of a scenario that cannot be made so: a load beyond what a hundred thousand nodes hold.
model::Expected<FirstScenario> first_scenario(const Answers& answers, const model::Catalog& catalog);

}  // namespace headroom::desktop
