#ifndef PLUMBLINE_COMMON_JOBS_RECONCILER_H_
#define PLUMBLINE_COMMON_JOBS_RECONCILER_H_

#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/jobs/job_metrics.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

struct ReconcilerOptions {
  // Between passes, and at least twice as long as the last one took, up to `longest`: a very large backlog is not read
  // all the time.
  absl::Duration interval = absl::Seconds(5);
  absl::Duration longest = absl::Minutes(1);
  // After a pass that failed, so that a queue that is up again is filled again soon. At most `interval`.
  absl::Duration retry_after = absl::Seconds(1);
  // Operations younger than this are left to their submitter, which is about to enqueue them.
  absl::Duration min_age = absl::Seconds(2);
  int page_size = 500;  // 1 to Queue::kMaxBatch
  absl::Duration housekeeping_every = absl::Hours(1);
};

// Holds the record against the queue: makes parents whose children are done ready for their second run, enqueues every
// unfinished operation the queue does not know, and makes jobs of dead workers ready again. This is what makes the
// database the record (promise 1). Any number may run at the same time, in any process: enqueueing a known job has no
// effect. Thread-safe.
class Reconciler {
 public:
  struct Parts {  // all must outlive the reconciler
    Queue* queue = nullptr;
    OperationStore* store = nullptr;
    Clock* clock = nullptr;
    JobCounters* counters = nullptr;
    // Retention and the like, run in the reconciler's thread after the first pass and then once in
    // `housekeeping_every`; may be empty. What it did not do, it does the next time.
    std::function<absl::Status(absl::Time now)> housekeeping = {};
  };
  Reconciler(Parts parts, ReconcilerOptions options);
  ~Reconciler();  // stops its thread
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  // One pass over all unfinished operations: how many were enqueued. Stops at the first error, and early but with
  // success where the queue is full; the next pass starts over.
  absl::StatusOr<int> RunOnce();

  // Passes in a thread of its own until destroyed, the first at once; call once. Errors are counted and logged.
  void Start();

 private:
  absl::Status AdvanceParents();
  absl::StatusOr<std::vector<Job>> UnknownJobs(const std::vector<OperationStore::Unfinished>& page);
  absl::StatusOr<bool> EnqueueWhatFits(std::vector<Job> jobs, int& enqueued);
  absl::Duration Pass();
  void KeepHouse();

  const Parts parts_;
  const ReconcilerOptions options_;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_housekeeping_ = absl::InfinitePast();  // of the thread
  std::thread thread_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_RECONCILER_H_
