#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SIMULATION_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/jobs/simulation/crew.h"
#include "common/jobs/simulation/faults.h"

namespace plumbline::jobs::simulation {

struct RunOptions {
  uint64_t seed = 0;
  Bug bug = Bug::kNone;
  bool trace = false;
};

// What came of the work of a run.
struct Outcome {
  int64_t succeeded = 0;
  int64_t failed = 0;
  int64_t cancelled = 0;
  int64_t claimed = 0;
  int64_t stale_commits_refused = 0;
  int64_t leases_lost = 0;
  int64_t reconciled = 0;
  int64_t recovered = 0;
  int64_t dropped = 0;
  int64_t joined = 0;

  void Add(const Outcome& other);
  std::vector<std::pair<const char*, int64_t>> Named() const;
};

struct RunResult {
  std::string violation;  // the first; empty: every invariant held, and everything that was accepted came to its end
  int64_t steps = 0;
  double virtual_seconds = 0;
  FaultCounts faults{};
  Outcome outcome;
  uint64_t fingerprint = 0;        // of all steps: equal for equal seeds
  std::vector<std::string> trace;  // when asked for
};

// Simulates one seed. The same options give the same result.
RunResult RunSeed(Crew& crew, const RunOptions& options);

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SIMULATION_H_
