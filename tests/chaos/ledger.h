#ifndef PLUMBLINE_TESTS_CHAOS_LEDGER_H_
#define PLUMBLINE_TESTS_CHAOS_LEDGER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tests/chaos/events.h"

namespace plumbline::chaos {

// Percentiles of what was measured, in seconds. Zero when nothing was.
struct Spread {
  size_t count = 0;
  double p50 = 0;
  double p99 = 0;
  double max = 0;
};
Spread SpreadOf(std::vector<absl::Duration> values);

// What all worker processes said of themselves. A worker that is started again has a new number. Thread-safe.
class Ledger {
 public:
  void Take(int worker, const Event& event);
  void Killed(int worker, absl::Time time);

  // Whether this happens before `timeout` is over: the worker said that it is ready; one of its handlers runs.
  bool AwaitReady(int worker, absl::Duration timeout) const;
  bool AwaitRunning(int worker, absl::Duration timeout) const;
  bool AwaitRunningAtOnce(int64_t handlers, absl::Duration timeout) const;  // in all workers together
  int running(int worker) const;                                            // handlers that run now

  // How long after `since` the first job of any of `workers` was leased, and until each of them had leased one;
  // InfiniteDuration when that has not happened within `timeout` of now.
  struct Consumed {
    absl::Duration first = absl::InfiniteDuration();
    absl::Duration each = absl::InfiniteDuration();
  };
  Consumed AwaitConsumed(const std::set<int>& workers, absl::Time since, absl::Duration timeout) const;

  struct Totals {
    int64_t runs = 0;     // calls of a handler
    int64_t refused = 0;  // commits refused because the claim was lost
    int64_t errors = 0;   // commits that failed in another way
    // Calls of a handler for an operation whose earlier handler was alive and had not come to its end.
    int64_t overlapping = 0;
    // From the death of a worker to the next call of a handler, for each operation that died with it.
    std::vector<absl::Duration> kill_to_rerun;
    std::map<std::string, int64_t> counters;  // JobCounters, over all workers
  };
  Totals totals() const;

 private:
  struct Run {
    int worker = 0;
    int64_t token = 0;
    absl::Time start;
    absl::Time end = absl::InfiniteFuture();
  };
  struct Seen {
    bool ready = false;
    int running = 0;
    absl::Time killed = absl::InfiniteFuture();
    std::vector<absl::Time> leased;
    std::map<std::string, int64_t> counters;
  };

  void End(int worker, const Event& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration FirstLease(int worker, absl::Time since) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void AddReruns(std::vector<Run> runs, Totals& totals) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<int, Seen> workers_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::vector<Run>> runs_ ABSL_GUARDED_BY(mutex_);
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t errors_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_LEDGER_H_
