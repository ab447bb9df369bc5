#ifndef PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_
#define PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/synchronization/mutex.h"
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
  };

  uint64_t Add(const Lease& lease, std::shared_ptr<JobSignals> signals);
  void SetClaim(uint64_t number, const Claim& claim);
  // Ends the renewing of a lease. When it returns true no renewal is under way any more, and the caller alone may tell
  // the queue how the job ended (a renewal after that would make the queue know the job again). False: already taken.
  bool Take(uint64_t number);
  std::vector<Held> TakeAll();

  // Renews every lease held; marks the signals of those that are lost or to be cancelled.
  absl::Status RenewAll(Queue& queue, absl::Duration lease_duration, JobCounters& counters);

 private:
  absl::Mutex renewing_ ABSL_ACQUIRED_BEFORE(mutex_);  // held during a renewal, and to take a lease away
  absl::Mutex mutex_;
  uint64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Held> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_HELD_LEASES_H_
