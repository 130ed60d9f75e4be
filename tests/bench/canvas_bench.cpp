// What a person feels: a frame while panning over 500 components and 1,000 links, and the time from an edit
// to fresh numbers for 50 components. Run with QT_QPA_PLATFORM=offscreen; a frame should take less than 16
// ms, an edit less than 100 ms.

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/document/project.h"
#include "app/desktop/runs/live_estimate.h"

#include <QApplication>
#include <QEventLoop>
#include <QScrollBar>
#include <benchmark/benchmark.h>

using namespace headroom;
using namespace headroom::desktop;

namespace {

std::shared_ptr<const model::Catalog> catalog() {
    static const auto loaded =
        std::make_shared<const model::Catalog>(*model::Catalog::load(*model::find_resources()));
    return loaded;
}

/// Layers of 20 queues, each of which leads on to two of the next layer.
Picture picture_of(int components) {
    constexpr int row = 20;
    Picture picture;
    const auto name = [](int i) { return QStringLiteral("component-%1").arg(i); };
    for (int i = 0; i < components; ++i) {
        Overview one;
        one.id = name(i);
        one.technology = QStringLiteral("Queue");
        one.icon = QStringLiteral("queue");
        one.utilisation = static_cast<double>(i % 100) / 100;
        picture.positions[one.id.toStdString()] = {(i / row) * 236.0, (i % row) * 122.0};
        picture.nodes.push_back(std::move(one));
        for (const int next : {i + row, i / row * row + row + (i + 7) % row})
            if (next < components)
                picture.links.push_back({name(i), name(next), QStringLiteral("1.2k/s"), {}, false});
    }
    // Those of the last layer lead back, so that there are two for each component.
    for (int i = components - row; i < components; ++i)
        for (const int next : {i % row, (i + 3) % row})
            picture.links.push_back({name(i), name(next), {}, {}, false});
    return picture;
}

void pan(benchmark::State& state) {
    Canvas canvas;
    canvas.resize(1280, 800);
    canvas.show_picture(picture_of(500));
    canvas.show();
    canvas.fit();
    canvas.resetTransform();
    const double size = static_cast<double>(state.range(0)) / 100;
    canvas.scale(size, size);
    QApplication::processEvents();
    int at = canvas.horizontalScrollBar()->value(), step = 9;
    for (auto unused : state) {
        at += step;
        if (at > canvas.horizontalScrollBar()->maximum() || at < canvas.horizontalScrollBar()->minimum())
            step = -step;
        canvas.horizontalScrollBar()->setValue(at);
        canvas.verticalScrollBar()->setValue(canvas.verticalScrollBar()->value() + step / 3);
        QApplication::processEvents();  // paints what has become visible
    }
}
// Per cent of the natural size.
BENCHMARK(pan)->Arg(100)->Arg(60)->Arg(30)->Unit(benchmark::kMillisecond);

void whole_frame(benchmark::State& state) {
    Canvas canvas;
    canvas.resize(1280, 800);
    canvas.show_picture(picture_of(500));
    canvas.show();
    canvas.fit();
    QApplication::processEvents();
    for (auto unused : state) canvas.viewport()->repaint();
}
BENCHMARK(whole_frame)->Unit(benchmark::kMillisecond);

void fresh_numbers(benchmark::State& state) {
    std::string text = "headroom: 1\nworkloads: {jobs: {requests: {rate: 5/s}}}\ncomponents:\n";
    std::string chain = "jobs";
    for (int i = 0; i < state.range(0); ++i) {
        const std::string id = "c" + std::to_string(i);
        text += "  " + id + ": {technology: queue, servers: 2, service: {exponential: 200 ms}}\n";
        chain += " -> " + id;
    }
    text += "links:\n  - " + chain + "\nobjectives:\n  - response time of jobs: p95 <= 60 s\n";
    Project project(catalog());
    LiveEstimate live(catalog());
    project.open_text(text);
    int servers = 2;
    for (auto unused : state) {
        servers = servers == 2 ? 3 : 2;
        if (!project.set("Edit", {"components", "c7", "servers"}, std::to_string(servers)))
            state.SkipWithError("edit");
        QEventLoop loop;
        QObject::connect(&live, &LiveEstimate::changed, &loop, &QEventLoop::quit);
        live.request(*project.scenario());
        loop.exec();
    }
}
BENCHMARK(fresh_numbers)->Arg(50)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
