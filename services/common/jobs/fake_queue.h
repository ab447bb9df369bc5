#ifndef PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_
#define PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// A queue in memory, for tests: same contract as the Redis queue, thread-safe. Its time is that of `clock`. WaitForWork
// waits at most 5 ms of real time, so that a test may move a FakeClock meanwhile.
class FakeQueue : public Queue {
 public:
  // `limits` must be valid (ValidateLimits). `clock` must outlive the queue.
  explicit FakeQueue(Clock& clock, QueueLimits limits = {}) : clock_(clock), limits_(limits) {}

  void Forget();                                 // loses everything, like FLUSHALL
  void FailNext(int count, absl::Status error);  // the next `count` calls answer `error` and do nothing
  void SetMemoryShare(double share);             // as if its server used this share of its memory limit

  // Damage for Audit to find; `id` is a known job.
  void LosePlace(const std::string& id);        // is in no order any more
  void LoseJob(const std::string& id);          // only its places are left
  void AddDelayedPlace(const std::string& id);  // stands among the delayed jobs too, as due

  absl::StatusOr<int> EnqueueMany(const std::vector<Job>& jobs) override;
  absl::StatusOr<std::vector<Lease>> Acquire(int max, absl::Duration lease_duration) override;
  absl::StatusOr<std::vector<RenewOutcome>> Renew(const std::vector<Lease>& leases,
                                                  absl::Duration lease_duration) override;
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases) override;
  absl::StatusOr<bool> Retry(const Lease& lease, absl::Duration delay, const std::string& reason) override;
  absl::StatusOr<CancelOutcome> RequestCancel(const std::string& id) override;
  absl::StatusOr<std::vector<std::string>> Missing(const std::vector<std::string>& ids) override;
  absl::StatusOr<IdPage> ListIds(const std::string& from) override;
  absl::StatusOr<int> RecoverExpired() override;
  absl::StatusOr<QueueStats> Stats() override;
  absl::StatusOr<Capacity> GetCapacity() override;
  absl::StatusOr<std::vector<QueueFinding>> Audit(bool repair) override;
  absl::StatusOr<bool> WaitForWork(absl::Duration timeout) override;

 private:
  enum class State { kWaiting, kDelayed, kActive };
  using Place = std::pair<int64_t, int64_t>;  // best first: minus the priority, sequence
  using ByPlace = std::set<std::pair<Place, std::string>>;
  using ByTime = std::set<std::pair<absl::Time, std::string>>;
  struct Entry {
    Job job;
    State state = State::kWaiting;
    int64_t token = 0;
    int attempt = 0;
    int64_t sequence = 0;  // order among jobs of one priority
    absl::Time since;      // when it first was ready at this place in the order
    absl::Time until;      // delayed: when it is due; active: when its lease runs out
    bool cancel = false;
    std::string reason;
  };

  absl::Status InjectedFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static Place PlaceOf(const Entry& entry) { return {-entry.job.priority, entry.sequence}; }
  // Into and out of the order of its state.
  void Insert(const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MakeReady(Entry& entry, absl::Duration delay) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);  // due and expired jobs become waiting; returns the expired
  int64_t FreeLeases() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);  // how many more max_active allows
  bool AnyReady() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Entry* Current(const Lease& lease) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  RenewOutcome RenewOne(const Lease& lease, absl::Duration lease_duration) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Capacity CapacityNow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AuditJobs(bool repair, std::vector<QueueFinding>& findings) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename Order>
  void AuditOrder(State state, bool repair, Order& order, std::vector<QueueFinding>& findings)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  const QueueLimits limits_;
  absl::Mutex mutex_;
  std::map<std::string, Entry> jobs_ ABSL_GUARDED_BY(mutex_);
  ByPlace waiting_ ABSL_GUARDED_BY(mutex_);
  ByTime delayed_ ABSL_GUARDED_BY(mutex_);  // by due time
  ByTime active_ ABSL_GUARDED_BY(mutex_);   // by end of lease
  int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  double memory_share_ ABSL_GUARDED_BY(mutex_) = 0;
  int fail_next_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status fail_with_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_
