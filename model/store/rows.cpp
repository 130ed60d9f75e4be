#include "model/store/rows.h"

#include "model/store/schema.h"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

namespace headroom::model::store_rows {

namespace {

using sqlite::Database;
using sqlite::Failure;
using sqlite::Statement;

constexpr double infinite = std::numeric_limits<double>::infinity();

[[noreturn]] void damaged(const std::string& what) { throw Failure{"the results store is damaged: " + what}; }

// JSON knows no infinity; SQLite reads this number, too large for a double, as infinite.
constexpr const char* infinity_text = "9e999";

std::string list_text(const std::vector<double>& values) {
    std::string text = "[";
    for (const double value : values) {
        if (text.size() > 1) text += ',';
        if (std::isnan(value)) {
            text += "null";
        } else if (std::isinf(value)) {
            text += value > 0 ? infinity_text : std::string("-") + infinity_text;
        } else {
            text += nlohmann::json(value).dump();
        }
    }
    return text + "]";
}

/// Takes the numbers of one flat array and refuses everything else.
class ListReader : public nlohmann::json_sax<nlohmann::json> {
public:
    std::vector<double> values;

    bool null() override { return take(std::numeric_limits<double>::quiet_NaN()); }
    bool number_integer(number_integer_t value) override { return take(static_cast<double>(value)); }
    bool number_unsigned(number_unsigned_t value) override { return take(static_cast<double>(value)); }
    bool number_float(number_float_t value, const string_t&) override { return take(value); }
    bool start_array(std::size_t) override { return ++depth_ == 1; }
    bool end_array() override { return true; }
    bool boolean(bool) override { return false; }
    bool string(string_t&) override { return false; }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return false; }
    bool key(string_t&) override { return false; }
    bool end_object() override { return false; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

private:
    bool take(double value) {
        values.push_back(value);
        return depth_ == 1;
    }
    int depth_ = 0;
};

std::vector<double> list_of(std::string text, const char* where) {
    // The parser refuses numbers beyond a double's range: give it ones that it takes and put them back.
    std::vector<std::size_t> infinities;
    if (text.find(infinity_text) != std::string::npos) {
        std::size_t element = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == ',') ++element;
            if (text.compare(i, 5, infinity_text) == 0) {
                infinities.push_back(element);
                text.replace(i, 5, "1    ");
            }
        }
    }
    ListReader reader;
    if (!nlohmann::json::sax_parse(text, &reader)) damaged(std::string("a list of numbers in ") + where);
    for (const std::size_t i : infinities)
        if (i < reader.values.size()) reader.values[i] *= infinite;
    return std::move(reader.values);
}

Relation relation_of(const std::string& word) {
    if (word == "at most") return Relation::at_most;
    if (word == "at least") return Relation::at_least;
    damaged("an objective's relation is '" + word + "'");
}

Verdict verdict_of(const std::string& word) {
    for (const Verdict verdict : {Verdict::met, Verdict::broken, Verdict::undecided})
        if (word == word_for(verdict)) return verdict;
    damaged("a verdict is '" + word + "'");
}

const char* word_for_relation(Relation relation) {
    return relation == Relation::at_most ? "at most" : "at least";
}

void insert_figures(Database& database, std::int64_t run, const RunResult& result) {
    Statement row(database, "INSERT INTO figures VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < result.figures.size(); ++i) {
        const Figure& f = result.figures[i];
        row.bind(run, i, f.key.metric, f.key.subject, f.key.of, f.simulated.value, f.simulated.half_width,
                 f.analytic, f.analytic_exact, list_text(f.replications), list_text(f.parts))
            .step();
    }
}

void insert_lists(Database& database, std::int64_t run, const RunResult& result) {
    Statement series(database, "INSERT INTO series VALUES (?,?,?,?,?,?,?,?,?)");
    const std::size_t means = result.series.size();
    for (std::size_t i = 0; i < means + result.first_replication.size(); ++i) {
        const Series& s = i < means ? result.series[i] : result.first_replication[i - means];
        series
            .bind(run, i, s.key.metric, s.key.subject, s.key.of, s.start.value(), s.step.value(),
                  list_text(s.values), i >= means)
            .step();
    }
    Statement curves(database, "INSERT INTO curves VALUES (?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < result.curves.size(); ++i) {
        const DistributionCurve& c = result.curves[i];
        curves
            .bind(run, i, c.key.metric, c.key.subject, c.key.of, list_text(c.probabilities),
                  list_text(c.values))
            .step();
    }
    Statement notes(database, "INSERT INTO notes VALUES (?,?,?)");
    for (std::size_t i = 0; i < result.notes.size(); ++i) notes.bind(run, i, result.notes[i]).step();
}

void insert_verdicts(Database& database, std::int64_t run, const RunResult& result) {
    Statement flows(database, "INSERT INTO conservation VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < result.conservation.size(); ++i) {
        const Conservation& c = result.conservation[i];
        flows
            .bind(run, i, c.workload, c.arrived, c.created, c.completed, c.filtered, c.in_flight, c.rejected,
                  c.lost, c.merged, c.expired)
            .step();
    }
    Statement objectives(database, "INSERT INTO objectives VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < result.objectives.size(); ++i) {
        const ObjectiveResult& o = result.objectives[i];
        objectives
            .bind(run, i, o.text, o.key.metric, o.key.subject, o.key.of, o.figure.value, o.figure.half_width,
                  word_for_relation(o.relation), o.bound, word_for(o.verdict))
            .step();
    }
    Statement lines(database, "INSERT INTO bill_lines VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < result.bill.lines.size(); ++i) {
        const BillLine& l = result.bill.lines[i];
        lines
            .bind(run, i, l.component, l.dimension, l.detail, l.price_id, l.units, l.unit, l.unit_price,
                  l.amount, std::string_view(&l.provenance.status, 1), l.provenance.source,
                  l.provenance.as_of)
            .step();
    }
}

FigureKey key_of(const Statement& row) { return {row.text(0), row.text(1), row.text(2)}; }

// A store of an older version that may only be read lacks the columns that were added since.

void read_figures(const Database& database, std::int64_t run, RunResult& result) {
    const bool with_parts = store_schema::version_of(database) > 4;
    Statement figures(database,
                      (std::string("SELECT metric, subject, workload, value, half_width, analytic, "
                                   "analytic_exact, replications, ") +
                       (with_parts ? "parts" : "'[]'") + " FROM figures WHERE run = ? ORDER BY position")
                          .c_str());
    for (figures.bind(run); figures.step();)
        result.figures.push_back({.key = key_of(figures),
                                  .simulated = {figures.real(3), figures.real(4)},
                                  .analytic = figures.real(5),
                                  .analytic_exact = figures.integer(6) != 0,
                                  .replications = list_of(figures.text(7), "figures"),
                                  .parts = list_of(figures.text(8), "figures")});
}

void read_lists(const Database& database, std::int64_t run, RunResult& result) {
    Statement series(database,
                     (std::string("SELECT metric, subject, workload, start_s, step_s, \"values\", ") +
                      (store_schema::version_of(database) > 4 ? "of_first" : "0") +
                      " FROM series WHERE run = ? ORDER BY position")
                         .c_str());
    for (series.bind(run); series.step();)
        (series.integer(6) != 0 ? result.first_replication : result.series)
            .push_back({key_of(series), seconds(series.real(3)), seconds(series.real(4)),
                        list_of(series.text(5), "series")});
    Statement curves(database,
                     "SELECT metric, subject, workload, probabilities, \"values\" FROM curves WHERE run = ? "
                     "ORDER BY position");
    for (curves.bind(run); curves.step();) {
        result.curves.push_back(
            {key_of(curves), list_of(curves.text(3), "curves"), list_of(curves.text(4), "curves")});
        if (result.curves.back().probabilities.size() != result.curves.back().values.size())
            damaged("a curve has more probabilities than values, or fewer");
    }
    Statement notes(database, "SELECT text FROM notes WHERE run = ? ORDER BY position");
    for (notes.bind(run); notes.step();) result.notes.push_back(notes.text(0));
}

void read_verdicts(const Database& database, std::int64_t run, RunResult& result) {
    const std::int64_t version = store_schema::version_of(database);
    Statement flows(
        database,
        (std::string("SELECT workload, arrived, created, completed, filtered, in_flight, rejected, lost, ") +
         (version > 1 ? "merged, " : "0.0, ") + (version > 2 ? "expired" : "0.0") +
         " FROM conservation WHERE run = ? ORDER BY position")
            .c_str());
    for (flows.bind(run); flows.step();)
        result.conservation.push_back({flows.text(0), flows.real(1), flows.real(2), flows.real(3),
                                       flows.real(4), flows.real(5), flows.real(6), flows.real(7),
                                       flows.real(8), flows.real(9)});
    Statement objectives(
        database,
        "SELECT metric, subject, workload, text, value, half_width, relation, bound, verdict "
        "FROM objectives WHERE run = ? ORDER BY position");
    for (objectives.bind(run); objectives.step();)
        result.objectives.push_back({.text = objectives.text(3),
                                     .key = key_of(objectives),
                                     .figure = {objectives.real(4), objectives.real(5)},
                                     .relation = relation_of(objectives.text(6)),
                                     .bound = objectives.real(7),
                                     .verdict = verdict_of(objectives.text(8))});
    Statement lines(
        database,
        "SELECT component, dimension, detail, price, units, unit, unit_price, amount, status, source, "
        "as_of FROM bill_lines WHERE run = ? ORDER BY position");
    for (lines.bind(run); lines.step();) {
        const std::string status = lines.text(8);
        if (status.size() != 1) damaged("a price's status is '" + status + "'");
        result.bill.lines.push_back({.component = lines.text(0),
                                     .dimension = lines.text(1),
                                     .detail = lines.text(2),
                                     .price_id = lines.text(3),
                                     .units = lines.real(4),
                                     .unit = lines.text(5),
                                     .unit_price = lines.real(6),
                                     .amount = lines.real(7),
                                     .provenance = {status[0], lines.text(9), lines.text(10)}});
    }
}

}  // namespace

Level level_of(const std::string& word) {
    for (const Level level : {Level::automatic, Level::record, Level::flow})
        if (word == word_for(level)) return level;
    damaged("a level is '" + word + "'");
}

std::int64_t insert(Database& database, const RunResult& result) {
    Statement run(database, "INSERT INTO runs VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    // SQLite's integers are signed: a seed keeps its bits.
    run.bind(result.scenario_name, result.scenario_file, result.scenario_hash, result.scenario_text,
             word_for(result.level), std::bit_cast<std::int64_t>(result.seed), result.horizon.value(),
             result.warm_up.value(), result.replications, result.confidence, result.precise, result.records,
             result.cancelled, result.wall_seconds, result.finished_at)
        .step();
    const std::int64_t id = database.last_row();
    insert_figures(database, id, result);
    insert_lists(database, id, result);
    insert_verdicts(database, id, result);
    return id;
}

RunResult read(const Database& database, std::int64_t id) {
    Statement run(
        database,
        "SELECT scenario_name, scenario_file, scenario_hash, scenario_text, level, seed, horizon_s, "
        "warm_up_s, replications, confidence, precise, records, cancelled, wall_s, finished_at "
        "FROM runs WHERE id = ?");
    if (!run.bind(id).step())
        throw Failure{"there is no run " + std::to_string(id) + " in this results store"};
    RunResult result;
    result.scenario_name = run.text(0);
    result.scenario_file = run.text(1);
    result.scenario_hash = run.text(2);
    result.scenario_text = run.text(3);
    result.level = level_of(run.text(4));
    result.seed = std::bit_cast<std::uint64_t>(run.integer(5));
    result.horizon = seconds(run.real(6));
    result.warm_up = seconds(run.real(7));
    result.replications = static_cast<int>(std::clamp<std::int64_t>(run.integer(8), 0, 1'000'000'000));
    result.confidence = run.real(9);
    if (!(result.confidence > 0 && result.confidence < 1))
        damaged("the confidence of run " + std::to_string(id) + " is not between 0 and 1");
    result.precise = run.integer(10) != 0;
    result.records = run.real(11);
    result.cancelled = run.integer(12) != 0;
    result.wall_seconds = run.real(13);
    result.finished_at = run.text(14);
    read_figures(database, id, result);
    read_lists(database, id, result);
    read_verdicts(database, id, result);
    return result;
}

}  // namespace headroom::model::store_rows
