// Values of options, checked.

#include "app/cli/session.h"
#include "model/units/unit.h"

#include <charconv>
#include <cmath>

namespace headroom::cli {

namespace {

template <class Number>
model::Expected<std::optional<Number>> whole_number(const Arguments& arguments, const char* option,
                                                    Number least, Number most) {
    if (!arguments.has(option)) return std::optional<Number>();
    const std::string text = arguments.text(option);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        return tl::unexpected(problem(option, "'" + text + "' is not a whole number from " +
                                                  std::to_string(least) + " to " + std::to_string(most)));
    return std::optional<Number>(value);
}

}  // namespace

model::Expected<double> share_option(const Arguments& arguments, const char* option, double otherwise) {
    if (!arguments.has(option)) return otherwise;
    const auto value = model::parse_quantity(arguments.text(option), model::dimensions::none);
    if (!value) return tl::unexpected(problem(option, value.error()));
    if (!(*value > 0 && *value < 1))
        return tl::unexpected(
            problem(option, "'" + arguments.text(option) + "' is not between 0 % and 100 %"));
    return *value;
}

model::Expected<int> months_option(const Arguments& arguments, const char* option, int most, int otherwise) {
    if (!arguments.has(option)) return otherwise;
    const auto time = model::parse<model::dimensions::time>(arguments.text(option));
    if (!time) return tl::unexpected(problem(option, time.error()));
    const double months = time->value() / model::months(1).value();
    if (!(months > 1 - 1e-9 && months < most + 1e-9))
        return tl::unexpected(problem(option, "'" + arguments.text(option) + "' is not between 1 month and " +
                                                  std::to_string(most / 12) + " years"));
    return static_cast<int>(std::lround(months));
}

model::Expected<sim::RunOptions> run_options(const Arguments& arguments) {
    sim::RunOptions options;
    if (arguments.has("--level")) {
        const std::string word = arguments.text("--level");
        if (word == "record")
            options.level = model::Level::record;
        else if (word == "flow")
            options.level = model::Level::flow;
        else if (word != "auto")
            return tl::unexpected(
                problem("--level", "'" + word + "' is no level; record, flow or auto expected"));
    }
    if (arguments.has("--horizon")) {
        const auto horizon = model::parse_quantity(arguments.text("--horizon"), model::dimensions::time);
        if (!horizon) return tl::unexpected(problem("--horizon", horizon.error()));
        if (!(*horizon > 0 && *horizon <= model::years(100).value()))
            return tl::unexpected(
                problem("--horizon", "'" + arguments.text("--horizon") + "' is not between 0 and 100 years"));
        options.horizon = model::seconds(*horizon);
    }
    const auto seed = whole_number<std::uint64_t>(arguments, "--seed", 0, ~std::uint64_t{0});
    if (!seed) return tl::unexpected(seed.error());
    options.seed = *seed;
    const auto replications = whole_number<int>(arguments, "--replications", 1, 10'000);
    if (!replications) return tl::unexpected(replications.error());
    options.replications = *replications;
    const auto threads = whole_number<int>(arguments, "--threads", 0, 1024);
    if (!threads) return tl::unexpected(threads.error());
    options.threads = threads->value_or(0);
    return options;
}

}  // namespace headroom::cli
