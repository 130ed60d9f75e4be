#include "model/catalog/catalog.h"
#include "model/kinds/kind.h"
#include "model/scenario/read.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace headroom::model;

class SchemaTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void holdsEveryParameter();
    void refersToWhatIsThere();
    void hasValidPatterns();
    void isTheSameEachTime();
    void examplesConform();

private:
    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();
    QJsonObject schema_;
};

namespace {

template <class Visit>
void walk(const QJsonValue& value, const Visit& visit) {
    if (value.isArray())
        for (const QJsonValue& item : value.toArray()) walk(item, visit);
    if (!value.isObject()) return;
    const QJsonObject object = value.toObject();
    visit(object);
    for (const QString& key : object.keys()) walk(object[key], visit);
}

}  // namespace

void SchemaTest::initTestCase() {
    QJsonParseError error{};
    const std::string text = scenario_schema(catalog_);
    schema_ = QJsonDocument::fromJson(QByteArray::fromStdString(text), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(schema_["$schema"].toString(), QString("https://json-schema.org/draft/2020-12/schema"));
}

void SchemaTest::holdsEveryParameter() {
    const QJsonObject definitions = schema_["$defs"].toObject();
    for (const auto& [id, technology] : catalog_.technologies()) {
        const QJsonObject definition = definitions[QString::fromStdString("technology-" + id)].toObject();
        const QJsonObject properties = definition["properties"].toObject();
        const Kind* kind = find_kind(technology.kind);
        QVERIFY(kind != nullptr);
        QCOMPARE(properties.size(), static_cast<qsizetype>(kind->parameters.size()) + 1);
        QCOMPARE(definition["additionalProperties"].toBool(true), false);
        for (const ParameterSpec& spec : kind->parameters)
            QVERIFY2(
                !properties[QString::fromStdString(spec.name)].toObject()["description"].toString().isEmpty(),
                spec.name.c_str());
    }
}

void SchemaTest::refersToWhatIsThere() {
    const QJsonObject definitions = schema_["$defs"].toObject();
    int references = 0;
    walk(schema_, [&](const QJsonObject& object) {
        if (!object["$ref"].isString()) return;
        const QString name = object["$ref"].toString().mid(8);
        QVERIFY2(definitions.contains(name), qPrintable(name));
        ++references;
    });
    QVERIFY(references > 10);
}

void SchemaTest::hasValidPatterns() {
    walk(schema_, [](const QJsonObject& object) {
        if (object["pattern"].isString()) QVERIFY(QRegularExpression(object["pattern"].toString()).isValid());
    });
}

void SchemaTest::isTheSameEachTime() { QCOMPARE(scenario_schema(catalog_), scenario_schema(catalog_)); }

/// With Python's jsonschema where it is installed.
void SchemaTest::examplesConform() {
    const QString python = QStandardPaths::findExecutable("python3");
    if (python.isEmpty() ||
        QProcess::execute(python, {"-c", "import jsonschema, yaml; jsonschema.Draft202012Validator"}) != 0)
        QSKIP("no validator: python3 with jsonschema (4 or later) and yaml");
    QTemporaryDir folder;
    const QString file = folder.filePath("schema.json");
    std::ofstream(file.toStdString()) << scenario_schema(catalog_);
    const QString script = R"(
import glob, json, sys, jsonschema, yaml
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name in sorted(glob.glob(sys.argv[2] + '/*.yaml')):
    for error in validator.iter_errors(yaml.safe_load(open(name))):
        sys.exit(f'{name}: {list(error.path)}: {error.message[:300]}')
bad = yaml.safe_load(open(sys.argv[2] + '/03-click-analytics.yaml'))
bad['components']['brokers']['partitons'] = 3
bad['horizon'] = 5
assert len(list(validator.iter_errors(bad))) == 2
)";
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(python, {"-c", script, file, HEADROOM_SOURCE_DIR "/scenarios"});
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAll().constData());
}

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
