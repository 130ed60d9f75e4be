#pragma once
// Configurations judged by closed forms.

#include "model/scenario/read.h"
#include "sim/experiment/sizing.h"

#include <map>
#include <mutex>
#include <optional>

namespace headroom::sim {

/// Dollars and verdict of a configuration that closed forms can give in milliseconds.
struct Screened {
    bool readable = false;
    std::string problem;  ///< why not
    double cost = 0;
    std::string fullest;                             ///< the component that has it
    double utilisation = 0;                          ///< the highest of all components, at the highest rates
    std::vector<model::ObjectiveResult> objectives;  ///< NaN where there is no closed form
};

/// Remembers what it was asked; may be asked from several threads.
class Screening {
public:
    Screening(const model::Document& document, const model::Catalog& catalog,
              const model::Calibrations& calibrations, const std::vector<DecisionVariable>& variables)
        : document_(document),
          tree_(document.tree()),
          catalog_(catalog),
          calibrations_(calibrations),
          variables_(variables) {}

    model::Expected<model::Document> document_of(const Configuration& levels) const;
    /// What reading the document of a configuration, with further changes, gives.
    model::Reading read(const Configuration& levels,
                        const std::vector<std::pair<model::FieldPath, std::string>>& further = {}) const;
    Screened judge(const Configuration& levels,
                   const std::vector<std::pair<model::FieldPath, std::string>>& further = {});

    /// By objective: what the simulation found, relative to the closed form; 1 until known.
    std::vector<double> bias;
    double most_utilisation = 0.85;
    std::optional<model::Duration> horizon;  ///< instead of the scenario's
    /// Components and stations that no variable relieves enough: how full they are is not judged.
    std::vector<std::string> beyond;
    std::stop_token stop;

    /// Whether it should meet every objective that has a closed form, and no component is too full.
    bool meets(const Screened& screened) const;
    /// A configuration from which no single variable can be lowered, nor another of its choices taken for
    /// less, reached from `start` by changing them in the given order; none if none that is large enough
    /// meets.
    std::optional<Configuration> lowered(
        Configuration start, const std::vector<std::size_t>& order,
        const std::vector<std::pair<model::FieldPath, std::string>>& further = {});
    /// The lowest level at which a variable's ladder meets, that of `level`, as if all above it did; none if
    /// its top does not.
    std::optional<std::size_t> lowest_on_ladder(
        Configuration at, std::size_t variable, std::size_t level,
        const std::vector<std::pair<model::FieldPath, std::string>>& further = {});
    /// All variables raised together until it meets; none if nothing does.
    std::optional<Configuration> raised(
        Configuration start, const std::vector<std::pair<model::FieldPath, std::string>>& further = {});
    void forget() { memory_.clear(); }
    int judged() const { return static_cast<int>(memory_.size()); }

private:
    const model::Document& document_;
    model::Expected<model::Value> tree_;
    const model::Catalog& catalog_;
    const model::Calibrations& calibrations_;
    const std::vector<DecisionVariable>& variables_;
    std::mutex mutex_;
    std::map<std::pair<Configuration, std::string>, Screened> memory_;
};

/// `beyond`: components and stations whose utilisation does not count.
Screened screened_by(const model::Expected<model::RunResult>& estimate,
                     const std::vector<std::string>& beyond);

}  // namespace headroom::sim
