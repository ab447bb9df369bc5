#ifndef PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_
#define PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/jobs/operation.h"
#include "common/jobs/queue.h"
#include "common/jobs/worker.h"

namespace plumbline::jobs {

// What the threads of a worker tell each other about one job it runs.
struct JobSignals {
  std::atomic<bool> lost{false};              // somebody else has the job
  std::atomic<bool> cancel_requested{false};  // heard from the queue
};

// The leases that a worker holds: renewed together, each under a number of its own. Thread-safe.
class HeldLeases {
 public:
  struct Held {
    uint64_t number = 0;
    Lease lease;
    std::optional<Claim> claim;  // once the record was claimed
    std::shared_ptr<JobSignals> signals;
    absl::Time term_began = absl::InfinitePast();
  };

  // `asked`: when the queue was asked for the lease, so not later than it began.
  uint64_t Add(const Lease& lease, std::shared_ptr<JobSignals> signals, absl::Time asked);
  void SetClaim(uint64_t number, const Claim& claim);
  // Ends the renewing of a lease. When it returns true no renewal is under way any more, and the caller alone may tell
  // the queue how the job ended (a renewal after that would make the queue know the job again). False: already taken.
  bool Take(uint64_t number);
  std::vector<Held> TakeAll();  // but for those that are done

  // The job of this lease came to its end: it is not renewed by later renewals, and whoever calls TakeDone tells the
  // queue. False: already taken. Unlike Take, it waits for nobody.
  bool MarkDone(uint64_t number);
  // At most `max` leases that are done, oldest first. When it returns, no renewal of them is under way any more: the
  // caller alone may complete them, and each is handed out once.
  std::vector<Lease> TakeDone(int max);
  // Takes back what TakeDone handed out and the queue could not be told: it comes first the next time. More than
  // Queue::kMaxBatch are not kept, so that a queue that never completes costs no memory; their leases run out.
  void PutBack(std::vector<Lease> done);

  // Renews every lease held, Queue::kMaxBatch at a time; marks the signals of those that are lost or to be cancelled.
  // `now` is a time before the call.
  absl::Status RenewAll(Queue& queue, absl::Duration lease_duration, absl::Time now, JobCounters& counters);

  // Not later than the running term of this lease began: when the queue was asked for the lease, or for the last
  // renewal that held it. A renewal says nothing of leases that it did not name. InfinitePast where it is not held any
  // more.
  absl::Time TermBegan(uint64_t number) const;

 private:
  struct Renewal {
    std::vector<uint64_t> numbers;
    std::vector<Lease> leases;
    std::vector<std::shared_ptr<JobSignals>> signals;
  };
  // The leases to renew with a number above `after`, at most one batch; `after` becomes the last of their numbers.
  Renewal NextRenewal(uint64_t& after);
  void Prolong(uint64_t number, absl::Time now);

  absl::Mutex renewing_ ABSL_ACQUIRED_BEFORE(mutex_);  // held during a renewal, and to take a lease away
  mutable absl::Mutex mutex_;
  uint64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Held> held_ ABSL_GUARDED_BY(mutex_);
  std::deque<Lease> done_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_
