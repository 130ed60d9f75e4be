#pragma once
// What the ranks of a study say to each other.

#include "sim/experiment/study.h"

#include <optional>
#include <string>
#include <string_view>

namespace headroom::sim {

struct StudyMessage {
    enum class Kind : char {
        // from a rank to rank 0:
        hello = 'h',    ///< number: its threads
        result = 'r',   ///< number: the point; body: the packed run
        failed = 'f',   ///< number: the point; rank 0 finds out why
        leaving = 'l',  ///< it was asked to stop: its points are open again
        bye = 'b',      ///< the answer to `end`, and the last message
        // from rank 0:
        study = 's',  ///< number: points that it runs at once; body: body_of(plan)
        point = 'p',  ///< number: the point; body: body_of(point)
        end = 'e',    ///< number: 1 if all ranks are there, else 0
        // from both, every second:
        alive = 'a'
    };
    Kind kind = Kind::alive;
    int number = 0;
    std::string body = {};
};

std::string bytes_of(const StudyMessage& message);
/// None where the bytes are no message.
std::optional<StudyMessage> message_of(std::string_view bytes);

/// What a plan's points have in common, and their number.
std::string body_of(const StudyPlan& plan);
/// A plan whose points are all empty yet.
std::optional<StudyPlan> plan_of(std::string_view body);

/// A point with its calibrations: measured on one machine, they hold on all.
std::string body_of(const StudyPlan::Point& point);
std::optional<StudyPlan::Point> point_of(std::string_view body);

}  // namespace headroom::sim
