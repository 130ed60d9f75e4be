#include "sim/operators/transform.h"

#include "model/catalog/catalog.h"
#include "model/scenario/value.h"
#include "sim/operators/digest.h"
#include "sim/operators/ready_made.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Value;

constexpr std::uintmax_t longest_text = std::uintmax_t{1} << 20;
constexpr std::size_t most_steps = 64;

Expected<std::string> read_text(const std::filesystem::path& file, const std::string& field) {
    const auto problem = [&](const char* message) {
        return model::fail({.file = file.string()}, field, message);
    };
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        return problem("there is no such file; one with a SELECT over the table input expected");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error || size > longest_text)
        return problem("the file is larger than 1 MiB; a transform is a few statements");
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) return problem("the file cannot be read");
    if (text.find('\0') != std::string::npos)
        return problem("the file is binary; one SELECT over the table input expected");
    return text;
}

/// Reads one transform; the first thing that is wrong ends it.
class TransformReader {
public:
    TransformReader(std::filesystem::path file, std::string field) : field_(std::move(field)) {
        transform_.file = std::move(file);
    }

    Expected<Transform> read() {
        auto text = read_text(transform_.file, field_);
        if (!text) return tl::unexpected(text.error());
        hashed_ = *text;
        const std::string ending = transform_.file.extension().string();
        const Expected<void> done =
            ending == ".yaml" || ending == ".yml" ? read_yaml(*text) : read_sql(*text, transform_.file, {});
        if (!done) return tl::unexpected(done.error());
        transform_.hash = sha256(hashed_);
        return std::move(transform_);
    }

private:
    tl::unexpected<model::Problems> complain(const Value& at, std::string message) const {
        return model::fail(at.place, field_, std::move(message));
    }

    /// Adds the statements as steps; the last one may be without a name and then takes `name`.
    Expected<void> read_sql(const std::string& text, const std::filesystem::path& file,
                            const std::string& name) {
        const std::vector<std::string> statements = split_statements(text);
        const model::Place place{.file = file.string()};
        if (statements.empty())
            return model::fail(place, field_,
                               "there is no statement; one SELECT over the table input expected");
        for (std::size_t i = 0; i < statements.size(); ++i) {
            Step step = step_of(statements[i]);
            step.place = place;
            step.lines = true;
            const bool last = i + 1 == statements.size();
            if (step.name.empty() && !last)
                return model::fail(
                    place, field_,
                    "statement " + std::to_string(i + 1) + " of " + std::to_string(statements.size()) +
                        " gives its rows no name, so that no other can read them; CREATE TABLE "
                        "name AS SELECT ... expected");
            if (step.name.empty()) step.name = name.empty() ? file.stem().string() : name;
            if (const auto added = add(std::move(step)); !added) return added;
        }
        return {};
    }

    Expected<void> add(Step step) {
        const auto taken = [&](const std::string& name) {
            return name == "input" || name == "output" || name == "previous" ||
                   std::any_of(transform_.steps.begin(), transform_.steps.end(),
                               [&](const Step& other) { return other.name == name; }) ||
                   std::any_of(transform_.tables.begin(), transform_.tables.end(),
                               [&](const NamedTable& table) { return table.name == name; });
        };
        if (transform_.steps.size() == most_steps)
            return model::fail(step.place, field_, "there are more than 64 steps");
        if (taken(step.name))
            return model::fail(step.place, field_,
                               "the name '" + step.name + "' of a step is taken; another one expected");
        transform_.steps.push_back(std::move(step));
        return {};
    }

    Expected<void> read_yaml(const std::string& text) {
        auto tree = model::parse_yaml(text, transform_.file.string());
        if (!tree) return tl::unexpected(tree.error());
        if (!tree->is_mapping()) return complain(*tree, "a mapping with 'steps' is expected");
        static const std::vector<std::string> known{"tables", "steps", "rules", "queries"};
        for (const Value::Entry& entry : tree->entries)
            if (const auto fine = is_known(entry, known); !fine) return fine;
        if (const Value* tables = tree->find("tables"))
            if (const auto done = read_tables(*tables); !done) return done;
        const Value* steps = tree->find("steps");
        if (steps == nullptr || !steps->is_sequence() || steps->items.empty())
            return complain(steps == nullptr ? *tree : *steps, "'steps' is a list of at least one operator");
        for (const Value& step : steps->items)
            if (const auto done = read_step(step); !done) return done;
        if (const auto done = read_named(tree->find("rules"), transform_.rules); !done) return done;
        return read_named(tree->find("queries"), transform_.queries);
    }

    Expected<void> is_known(const Value::Entry& entry, const std::vector<std::string>& known) const {
        if (std::find(known.begin(), known.end(), entry.key) != known.end()) return {};
        std::string message = "unknown field '" + entry.key + "'", list;
        if (const std::string near = model::nearest_name(entry.key, known); !near.empty())
            return model::fail(entry.key_place, field_, message + "; did you mean '" + near + "'?");
        for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
        return model::fail(entry.key_place, field_, message + "; one of " + list + " expected");
    }

    std::filesystem::path beside(const std::string& name) const {
        return transform_.file.parent_path() / name;
    }

    Expected<void> read_tables(const Value& tables) {
        if (!tables.is_mapping()) return complain(tables, "'tables' is a mapping of names to files");
        for (const Value::Entry& entry : tables.entries) {
            if (!entry.value.is_scalar() || entry.key == "input" || entry.key == "output" ||
                entry.key == "previous")
                return complain(entry.value,
                                "a file for a table of another name than input, output and "
                                "previous is expected");
            auto sample = find_sample(beside(entry.value.text), field_);
            if (!sample) return tl::unexpected(sample.error());
            hashed_ += sha256_of_files(sample->files).value_or("");
            transform_.tables.push_back({entry.key, *std::move(sample), entry.value.place});
        }
        return {};
    }

    Expected<void> read_step(const Value& value) {
        if (!value.is_mapping()) return complain(value, "an operator is a mapping: {filter: price > 0}");
        const ReadyMade* op = nullptr;
        const Value* what = nullptr;
        std::string name;
        std::vector<std::string> known{"as", "sql"};
        for (const ReadyMade& one : ready_made_operators()) known.push_back(one.name);
        for (const Value::Entry& entry : value.entries) {
            if (const auto fine = is_known(entry, known); !fine) return fine;
            if (entry.key == "as") {
                name = entry.value.text;
                continue;
            }
            if (what != nullptr) return complain(value, "one operator for each step is expected");
            what = &entry.value;
            for (const ReadyMade& one : ready_made_operators())
                if (one.name == entry.key) op = &one;
        }
        if (what == nullptr) return complain(value, "an operator is missing");
        if (name.empty()) name = std::to_string(transform_.steps.size() + 1) + " " + (op ? op->name : "sql");
        if (op == nullptr) return read_sql_step(*what, name);

        Step step{.name = std::move(name), .sql = {}, .encode = {}, .place = value.place};
        if (const auto fine = has_fields(*op, *what); !fine) return fine;
        if (auto made = op->make(*what, step); !made) {
            for (model::Problem& problem : made.error()) problem.field = field_;
            return made;
        }
        return add(std::move(step));
    }

    Expected<void> read_sql_step(const Value& value, const std::string& name) {
        if (!value.is_scalar()) return complain(value, "SQL, or a file of it, is expected");
        if (value.text.ends_with(".sql")) {
            auto text = read_text(beside(value.text), field_);
            if (!text) return tl::unexpected(text.error());
            hashed_ += *text;
            return read_sql(*text, beside(value.text), name);
        }
        return add({.name = name, .sql = value.text, .encode = {}, .place = value.place});
    }

    Expected<void> has_fields(const ReadyMade& op, const Value& value) const {
        const std::string example = "; for example {" + op.name + ": " + op.example + "}";
        if (op.required.empty()) {
            const bool right = op.name == "filter" ? value.is_scalar() && !value.text.empty()
                                                   : value.is_mapping() || value.is_sequence();
            if (!right) return complain(value, "'" + op.name + "' says too little" + example);
            for (const Value& item : value.items)
                if (!item.is_scalar()) return complain(item, "the name of a field is expected" + example);
            for (const Value::Entry& entry : value.entries)
                if (op.name == "project" && !entry.value.is_scalar())
                    return complain(entry.value, without_sql(entry) + example);
            return {};
        }
        if (!value.is_mapping()) return complain(value, "'" + op.name + "' is a mapping" + example);
        std::vector<std::string> known = op.required;
        known.insert(known.end(), op.optional.begin(), op.optional.end());
        for (const Value::Entry& entry : value.entries)
            if (const auto fine = is_known(entry, known); !fine) return fine;
        for (const std::string& name : op.required)
            if (const Value* found = value.find(name); found == nullptr || found->is_null())
                return complain(value, "'" + op.name + "' lacks '" + name + "'" + example);
        return {};
    }

    Expected<void> read_named(const Value* all, std::vector<NamedSql>& into) const {
        if (all == nullptr) return {};
        if (!all->is_mapping()) return complain(*all, "a mapping of names to SQL is expected");
        for (const Value::Entry& entry : all->entries) {
            if (!entry.value.is_scalar()) return complain(entry.value, without_sql(entry));
            into.push_back({entry.key, entry.value.text, entry.value.place});
        }
        return {};
    }

    Transform transform_;
    std::string field_, hashed_;
};

}  // namespace

Expected<Transform> read_transform(const std::filesystem::path& file, const std::string& field) {
    return TransformReader(file, field).read();
}

}  // namespace headroom::sim
