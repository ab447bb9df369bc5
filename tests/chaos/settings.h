#ifndef PLUMBLINE_TESTS_CHAOS_SETTINGS_H_
#define PLUMBLINE_TESTS_CHAOS_SETTINGS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace plumbline::chaos {

// The size of one run. Every scenario has its own full size (main.cc); flags change it.
struct Settings {
  std::string database = "sqlite";  // or "postgresql"
  int64_t jobs = 40'000;
  int workers = 3;   // processes
  int threads = 16;  // handlers at the same time in each
  int faults = 200;  // how often the scenario does its harm
  absl::Duration lease = absl::Seconds(15);
  // A handler works this long, drawn anew for each job.
  absl::Duration work_min = absl::ZeroDuration();
  absl::Duration work_max = absl::Milliseconds(10);
  absl::Duration down = absl::Seconds(10);   // how long Redis stays away, where the scenario says so
  absl::Duration skew = absl::Minutes(10);   // of the workers' clocks, where the scenario says so
  int children = 0;                          // that each operation is split into
  bool unfenced = false;                     // workers do wrong on purpose: see WorkerSettings
  absl::Duration deadline = absl::Hours(1);  // for the whole scenario
  uint64_t seed = 1;                         // decides victims and moments
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_SETTINGS_H_
