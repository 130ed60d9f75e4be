#pragma once
// Ctrl-C asks a run to stop; a second one ends the program at once.

#include <stop_token>

namespace headroom::cli {

/// To be called before any thread is started.
void watch_interrupts();
bool interrupted();
std::stop_token interrupt_token();

}  // namespace headroom::cli
