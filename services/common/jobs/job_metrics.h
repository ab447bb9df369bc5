#ifndef PLUMBLINE_COMMON_JOBS_JOB_METRICS_H_
#define PLUMBLINE_COMMON_JOBS_JOB_METRICS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/queue.h"

// What the job system counts, as plain data: nothing here knows how it is exposed.
namespace plumbline::jobs {

// How many values fell under each of some limits. Thread-safe.
class Histogram {
 public:
  // `limits` grow; a value counts in the first bucket whose limit is not below it, or in the one without a limit.
  explicit Histogram(std::vector<double> limits);
  void Observe(double value);

  struct Snapshot {
    std::vector<double> limits;
    std::vector<int64_t> counts;  // one for each limit, then those above the last; not cumulative
    int64_t count = 0;
    double sum = 0.0;
  };
  Snapshot Take() const;

  // 1 ms to an hour, 1-2-5 steps thinned out above a minute: waits and run times of jobs, in seconds.
  static std::vector<double> SecondsLimits();
  // How often an operation was claimed until it ended.
  static std::vector<double> AttemptsLimits();

 private:
  const std::vector<double> limits_;
  mutable absl::Mutex mutex_;
  std::vector<int64_t> counts_ ABSL_GUARDED_BY(mutex_);
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  double sum_ ABSL_GUARDED_BY(mutex_) = 0.0;
};

// Of one kind of work.
struct KindHistograms {
  Histogram queue_wait_seconds{Histogram::SecondsLimits()};  // from when it might first run to its first claim
  Histogram run_seconds{Histogram::SecondsLimits()};         // each run of the handler, whatever its outcome
  Histogram attempts{Histogram::AttemptsLimits()};           // claims of an operation, counted when it ends
};

// Counts since the start of the process, for metrics; shared by workers and the reconciler. Each is monotonic.
struct JobCounters {
  std::atomic<int64_t> claimed{0};                // operations a worker claimed
  std::atomic<int64_t> succeeded{0};              // handler committed
  std::atomic<int64_t> failed{0};                 // recorded as failed for good: the dead letters
  std::atomic<int64_t> fanned_out{0};             // split into children
  std::atomic<int64_t> joined{0};                 // parents made ready again because all their children succeeded
  std::atomic<int64_t> retried{0};                // given back after a retryable error
  std::atomic<int64_t> cancelled{0};              // recorded as cancelled by a worker
  std::atomic<int64_t> given_back{0};             // given back unfinished by a drain, or leased ahead for nothing
  std::atomic<int64_t> stale_commits_refused{0};  // work whose claim was lost: the record refused it
  std::atomic<int64_t> leases_lost{0};            // the queue gave a running job to somebody else
  std::atomic<int64_t> dropped{0};                // jobs whose operation was finished or unknown: removed
  std::atomic<int64_t> reconciled{0};             // unfinished operations the queue had forgotten, brought back
  std::atomic<int64_t> recovered{0};              // expired leases that the reconciler made ready again
  std::atomic<int64_t> queue_full{0};             // passes of the reconciler that left work to later: no room
  std::atomic<int64_t> housekeeping_errors{0};    // failed runs of the reconciler's housekeeping
  std::atomic<int64_t> queue_errors{0};           // failed calls to the queue

  // Of `kind`, made when first asked for; lives as long as this object. Thread-safe.
  KindHistograms& Of(const std::string& kind);
  // The kinds asked for so far, with their histograms.
  std::map<std::string, const KindHistograms*> kinds() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, KindHistograms> kinds_ ABSL_GUARDED_BY(mutex_);
};

// Everything at one moment, for whoever exposes it.
struct JobMetrics {
  struct Count {
    const char* name;  // lower_snake_case: "stale_commits_refused"
    const char* help;
    int64_t value = 0;
  };
  struct Kind {
    Histogram::Snapshot queue_wait_seconds;
    Histogram::Snapshot run_seconds;
    Histogram::Snapshot attempts;
  };
  std::optional<QueueStats> queue;                        // depth and age of the oldest; none: it was not reached
  std::optional<Capacity> capacity;                       // the same
  std::optional<OperationStore::StateCounts> operations;  // none: the record was not reached
  std::vector<Count> counters;                            // every one of JobCounters
  std::map<std::string, Kind> kinds;
};

// Asks the queue twice and the record once. Meant for one call in 15 s or so.
JobMetrics CollectJobMetrics(Queue& queue, OperationStore& store, const JobCounters& counters);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_JOB_METRICS_H_
