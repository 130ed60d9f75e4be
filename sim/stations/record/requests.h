#pragma once
// Senders who do not wait for ever: time limits, and further attempts after a pause. A request is one item
// from its arrival to its outcome, however often it is tried; what was tried in vain and is still worked on
// is an abandoned item, which counts no more. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::begin_attempt(std::uint32_t index, Flow& flow) {
    Persistence& persistence = persistences_[static_cast<std::size_t>(flow.persistence)];
    ++flow.attempts;
    ++mark_of(index).attempts;
    if (!persistence.timeout) return;
    const std::uint32_t timer = make_timer(Stage::deadline, 0, index);
    mark_of(index).deadline = timer;
    events_.push(now_ + persistence.timeout->next(), timer);
}

/// No answer has come in time, unless the timer is one of an earlier attempt.
inline void Network::time_out(std::uint32_t timer) {
    const std::uint32_t index = items_[timer].next;
    items_.release(timer);
    if (mark_of(index).deadline != timer) return;
    // The request goes on as a new item, and what there is of it stays where it is.
    const std::uint32_t request = items_.take();
    items_[request] = items_[index];
    copy_ties(request, index);
    Mark& fresh = mark_of(request);
    fresh = {};
    fresh.attempts = marks_[index].attempts;
    items_[index].user = false;
    marks_[index].deadline = none;
    marks_[index].abandoned = true;
    Flow& flow = flow_of(index);
    if (persistences_[static_cast<std::size_t>(flow.persistence)].cancels) withdraw(index);
    if (tries_again(request, flow)) return;
    ++flow.expired;
    dispose(request);
}

/// Takes an abandoned item out of the line in which it waits.
inline void Network::withdraw(std::uint32_t index) {
    if (items_[index].stage != Stage::waiting) return;
    if (!take_from_line(index, nodes_[items_[index].place])) return;
    ++visit_of(items_[index]).expired;
    end(index, &Flow::expired);
}

/// An abandoned item that is to move on does not, where its sender cancels: it is gone.
inline bool Network::gives_up(std::uint32_t index) {
    if (!watched_ || !mark_of(index).abandoned) return false;
    const Flow& flow = flow_of(index);
    if (!persistences_[static_cast<std::size_t>(flow.persistence)].cancels) return false;
    end(index, &Flow::expired);
    return true;
}

/// An attempt has come to nothing: the next one, after a pause, unless it was the last.
inline bool Network::tries_again(std::uint32_t index, Flow& flow) {
    if (flow.persistence < 0) return false;
    Persistence& persistence = persistences_[static_cast<std::size_t>(flow.persistence)];
    const std::uint32_t attempts = mark_of(index).attempts;
    if (attempts >= persistence.attempts) return false;
    forget(index);
    marks_[index].attempts = attempts;
    items_[index].stage = Stage::backing_off;
    items_[index].item_class = static_cast<std::uint8_t>(class_of(index));
    events_.push(now_ + persistence.pause_before(attempts + 1), index);
    return true;
}

inline void Network::ask_again(std::uint32_t index) {
    Flow& flow = flow_of(index);
    begin_attempt(index, flow);
    send(index, flow.users >= 0 ? users_[static_cast<std::size_t>(flow.users)].path
                                : sources_[static_cast<std::size_t>(flow.source)].path);
}

}  // namespace headroom::sim::record
