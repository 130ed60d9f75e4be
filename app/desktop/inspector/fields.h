#pragma once
// The fields of whatever is selected: those of components from the tables of the kinds, those of workloads
// and of the scenario from the tables of the file's sections.

#include "app/desktop/document/project.h"
#include "model/kinds/kind.h"

#include <QString>
#include <vector>

namespace headroom::desktop {

struct Field {
    model::ParameterSpec spec;
    model::FieldPath path;
    QString label, group;
    bool pair = false;      ///< an item "name: text" of a list, such as an objective
    bool removable = true;  ///< can be left out of the file
    bool appends = false;   ///< adds an item to the list that the path ends in
};

/// What a field shows now.
struct FieldState {
    QString text;         ///< as written in the file; empty where it is not written
    QString placeholder;  ///< the value that holds where nothing is written
    QString understood;   ///< the text as it was understood, with its unit
    QString origin;       ///< "Apache Kafka: 7 d": the default, and whose it is
    QString source;       ///< where that figure was seen, and when
    QString range;        ///< "1 to 64"
    QString error;
    bool written = false;
};

/// Fields of a workload or component; of the scenario itself where the id is empty.
std::vector<Field> fields_of(const QString& id, const Project& project);
FieldState state_of(const Field& field, const Project& project);

/// What a person typed, as YAML of one line. Flow mappings and lists stay as they are, anything else is one
/// scalar.
std::string yaml_of(const Field& field, const QString& text);
/// Why the text is wrong for the field, before it is in the file; empty where it is right.
QString error_in(const Field& field, const QString& text);
/// The document with the field as typed: an empty text asks for the default.
model::Expected<model::Document> with_text(const model::Document& document, const Field& field,
                                           const QString& text);
/// "Set partitions of brokers to 24".
QString edit_name(const Field& field, const QString& text);

}  // namespace headroom::desktop
