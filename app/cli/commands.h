#pragma once
// One function for each subcommand, each in a file of its own. They give the exit code.

namespace headroom::cli {

class Arguments;
class Session;

inline constexpr int exit_good = 0;
inline constexpr int exit_broken = 1;  ///< an objective is broken, or a textbook case fails
inline constexpr int exit_bad_input = 2;
inline constexpr int exit_interrupted = 130;

int check(const Arguments& arguments, Session& session);
int run(const Arguments& arguments, Session& session);
int bill(const Arguments& arguments, Session& session);
int compare(const Arguments& arguments, Session& session);
int why(const Arguments& arguments, Session& session);
int forecast(const Arguments& arguments, Session& session);
int growth(const Arguments& arguments, Session& session);
int size(const Arguments& arguments, Session& session);
int whatif(const Arguments& arguments, Session& session);
int sensitivity(const Arguments& arguments, Session& session);
int report(const Arguments& arguments, Session& session);
int study(const Arguments& arguments, Session& session);
int study_run(const Arguments& arguments, Session& session);
int study_show(const Arguments& arguments, Session& session);
int study_merge(const Arguments& arguments, Session& session);
int catalog(const Arguments& arguments, Session& session);
int schema(const Arguments& arguments, Session& session);
int calibrate(const Arguments& arguments, Session& session);
int evolve(const Arguments& arguments, Session& session);
int audit(const Arguments& arguments, Session& session);
int roadmap(const Arguments& arguments, Session& session);
int validate(const Arguments& arguments, Session& session);
int man(const Arguments& arguments, Session& session);
int completion(const Arguments& arguments, Session& session);

}  // namespace headroom::cli
