#ifndef PLUMBLINE_COMMON_JOBS_WORKER_H_
#define PLUMBLINE_COMMON_JOBS_WORKER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"
#include "common/jobs/job_metrics.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/queue.h"
#include "common/jobs/retry_policy.h"

namespace plumbline::jobs {

struct WorkerOptions {
  int threads = 2;                                 // handlers that run at the same time: 1 to 256
  absl::Duration lease = absl::Seconds(15);        // renewed at a third of it
  absl::Duration wait = absl::Seconds(1);          // longest single wait for work, so the longest a stop takes to see
  absl::Duration drain_notice = absl::Seconds(5);  // handlers hear of a drain this long before its deadline
  absl::Duration cancel_poll = absl::Seconds(1);   // the record is asked for cancellation at most this often
  absl::Duration progress_every = absl::Seconds(0.25);  // progress is written at most this often
  // Jobs are leased ahead of free threads as far as the threads are expected to run them within this time, going by how
  // long jobs took lately: one call to the queue then serves many short jobs, and long ones are never leased ahead.
  absl::Duration lease_ahead = absl::Milliseconds(20);
  // Health turns bad when the queue was not reached, or gave nothing of its backlog, for this long.
  absl::Duration stuck_after = absl::Seconds(15);
  RetryPolicy retry = {};  // of kinds without a policy of their own
};

// Runs handlers for the jobs of one queue:
//
//   Acquire lease -> OperationStore::Claim -> handler
//     OK                 -> Complete (the handler committed effect and "done" in one transaction)
//     stale claim        -> counted and logged; the job belongs to somebody else now
//     cancelled          -> MarkCancelled, Complete
//     told to drain      -> Release, Retry without delay
//     permanent error    -> Fail, Complete
//     other error        -> Release, Retry with backoff and jitter; Fail, Complete at the attempts limit
//   A job whose operation is finished or unknown is removed from the queue.
//
// Jobs are leased and completed in batches. A job whose end the queue has not heard of when the worker dies is
// delivered again and then dropped, because the record says that it is finished.
//
// Trouble with the queue or the record never fails an operation: it stays unfinished in the record and is tried again.
// One thread acquires, one renews leases, `threads` run handlers. Thread-safe.
class Worker {
 public:
  struct Parts {  // all must outlive the worker
    Queue* queue = nullptr;
    OperationStore* store = nullptr;
    const HandlerMap* handlers = nullptr;
    Clock* clock = nullptr;
    JobCounters* counters = nullptr;
    RandomSource random;  // jitter; empty: SystemRandomSource()
  };

  Worker(Parts parts, WorkerOptions options);
  // Drains without waiting, then joins its threads: returns when the last running handler has returned.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Starts the threads; call once.
  void Start();

  // Stops acquiring at once. Running handlers may go on until `drain_notice` before the deadline; then
  // JobContext::ShouldStop says UNAVAILABLE. What still runs at the deadline is given back under its feet (its commit
  // will be refused) so that another worker starts it at once. OK when every handler returned in time, else
  // DEADLINE_EXCEEDED naming how many did not. Later calls and Start() do nothing.
  absl::Status Drain(absl::Duration deadline);

  // For a readiness probe. OK, or UNAVAILABLE saying why this worker takes no work although there is some: it has free
  // threads and for `stuck_after` either did not reach the queue while the record holds unfinished work (or cannot be
  // asked), or got no lease while jobs were ready in the queue and none was leased to anybody. OK once it drains.
  absl::Status Health() const;

  // When the acquiring thread last talked to the queue with success: a readiness probe holds it against the clock.
  absl::Time last_contact() const;
  int running() const;  // handlers running now

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_WORKER_H_
