#ifndef PLUMBLINE_COMMON_JOBS_WORKER_H_
#define PLUMBLINE_COMMON_JOBS_WORKER_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"
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
  RetryPolicy retry = {};
};

// Counts since the start of the process, for metrics; shared by workers and the reconciler. Each is monotonic.
struct JobCounters {
  std::atomic<int64_t> claimed{0};                // operations a worker claimed
  std::atomic<int64_t> succeeded{0};              // handler committed
  std::atomic<int64_t> failed{0};                 // recorded as failed for good
  std::atomic<int64_t> retried{0};                // given back after a retryable error
  std::atomic<int64_t> cancelled{0};              // recorded as cancelled by a worker
  std::atomic<int64_t> given_back{0};             // given back unfinished by a drain
  std::atomic<int64_t> stale_commits_refused{0};  // work whose claim was lost: the record refused it
  std::atomic<int64_t> leases_lost{0};            // the queue gave a running job to somebody else
  std::atomic<int64_t> dropped{0};                // jobs whose operation was finished or unknown: removed
  std::atomic<int64_t> reconciled{0};             // unfinished operations the queue had forgotten, brought back
  std::atomic<int64_t> recovered{0};              // expired leases that the reconciler made ready again
  std::atomic<int64_t> queue_errors{0};           // failed calls to the queue
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

  // When the acquiring thread last talked to the queue with success: a readiness probe holds it against the clock.
  absl::Time last_contact() const;
  int running() const;  // handlers running now

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_WORKER_H_
