#ifndef PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_
#define PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// A queue in memory, for tests: same contract as the Redis queue, thread-safe, and as slow as its size. Its time is
// that of `clock`. WaitForWork waits at most 5 ms of real time, so that a test may move a FakeClock meanwhile.
class FakeQueue : public Queue {
 public:
  explicit FakeQueue(Clock& clock) : clock_(clock) {}

  void Forget();                                 // loses everything, like FLUSHALL
  void FailNext(int count, absl::Status error);  // the next `count` calls answer `error` and do nothing

  absl::StatusOr<int> EnqueueMany(const std::vector<Job>& jobs) override;
  absl::StatusOr<std::vector<Lease>> Acquire(int max, absl::Duration lease_duration) override;
  absl::StatusOr<std::vector<RenewOutcome>> Renew(const std::vector<Lease>& leases,
                                                  absl::Duration lease_duration) override;
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases) override;
  absl::StatusOr<bool> Retry(const Lease& lease, absl::Duration delay, const std::string& reason) override;
  absl::StatusOr<bool> Bury(const Lease& lease, const std::string& reason) override;
  absl::StatusOr<std::vector<DeadJob>> Dead(int limit) override;
  absl::StatusOr<bool> Requeue(const std::string& id) override;
  absl::StatusOr<CancelOutcome> RequestCancel(const std::string& id) override;
  absl::StatusOr<std::vector<std::string>> Missing(const std::vector<std::string>& ids) override;
  absl::StatusOr<int> RecoverExpired() override;
  absl::StatusOr<QueueStats> Stats() override;
  absl::StatusOr<bool> WaitForWork(absl::Duration timeout) override;

 private:
  enum class State { kWaiting, kDelayed, kActive, kDead };
  struct Entry {
    Job job;
    State state = State::kWaiting;
    int64_t token = 0;
    int attempt = 0;
    int64_t sequence = 0;  // order among jobs of one priority; of dead jobs
    absl::Time since;      // when it first was ready at this place in the order
    absl::Time until;      // delayed: when it is due; active: when its lease runs out
    bool cancel = false;
    std::string reason;
  };

  absl::Status InjectedFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MakeReady(Entry& entry, absl::Duration delay) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);  // due and expired jobs become waiting; returns the expired
  bool AnyReady() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Entry* Current(const Lease& lease) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  RenewOutcome RenewOne(const Lease& lease, absl::Duration lease_duration) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::string, Entry> jobs_ ABSL_GUARDED_BY(mutex_);
  int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int fail_next_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status fail_with_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_FAKE_QUEUE_H_
