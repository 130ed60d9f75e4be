// A language model behind an address, paid by the token (Bedrock and its like). The first token comes when
// the input has been read, the others one after another; quotas limit requests and tokens a minute, of which
// whoever finds them used up waits.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const auto all = [&](const Distribution& time) { return by_class(context.class_count, flows, time); };
    const double input = component.number("input-tokens"), output = component.number("output-tokens");
    const double by_requests = 60 / component.number("requests-per-minute");
    const double by_tokens = 60 * (input + output) / component.number("tokens-per-minute");
    const double cv = component.number("output-cv");
    Lowered lowered;
    lowered.stations = {
        {.name = "quota",
         .primitive = Queue{.service = all(Distribution::constant(std::max(by_requests, by_tokens)))}},
        {.name = "read",
         .primitive = Delay{.time = all(Distribution::constant(component.number("first-token") +
                                                               input / component.number("read-rate")))}},
        {.name = "write",
         .primitive =
             Delay{.time = all(Distribution::with_scv(output / component.number("write-rate"), cv * cv))}}};
    pass_all(lowered, flows);
    lowered.notes.push_back(
        "takes at most " + format(ItemRate(1 / std::max(by_requests, by_tokens)), {.noun = "requests"}) +
        "; the quota of " + (by_tokens > by_requests ? "tokens" : "requests") + " is what limits it");
    return lowered;
}

}  // namespace

Kind language_model_endpoint_kind() {
    Kind kind;
    kind.id = "language-model-endpoint";
    kind.title = "Language model endpoint";
    kind.help = "Answers requests token by token, within quotas of requests and tokens a minute.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::measured(
            spec::count("input-tokens", "tokens", "1000", 0, 1e7, "Tokens that a request brings.")),
        spec::measured(spec::count("output-tokens", "tokens", "200", 1, 1e6, "Tokens of an answer.")),
        spec::ratio("output-cv", "0.5", 0, 10, "Variation of the length of answers, deviation over mean."),
        spec::measured(spec::duration("first-token", "300 ms", 0, 600, "Time before the input is read.")),
        spec::measured(spec::item_rate("read-rate", "tokens", "5000 /s", 1e-3, 1e9,
                                       "Tokens of the input read in a second.")),
        spec::measured(spec::item_rate("write-rate", "tokens", "50 /s", 1e-3, 1e6,
                                       "Tokens of an answer written in a second.")),
        spec::count("requests-per-minute", "requests", "500", 1, 1e9, "Requests a minute; a quota."),
        spec::count("tokens-per-minute", "tokens", "1000000", 1, 1e15,
                    "Tokens a minute, in and out; a quota."),
    };
    kind.billing = {{"input tokens", "tokens that requests bring"}, {"output tokens", "tokens of answers"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        const double rate = activity.items_in().value();
        return std::vector<Usage>{
            monthly(component, "input tokens", rate * component.number("input-tokens")),
            monthly(component, "output tokens", rate * component.number("output-tokens"))};
    };
    return kind;
}

}  // namespace headroom::model
