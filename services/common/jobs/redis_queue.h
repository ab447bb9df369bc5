#ifndef PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_
#define PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/payload_cipher.h"
#include "common/jobs/queue.h"
#include "common/redis/pool.h"

namespace plumbline::jobs {

struct RedisScripts;

// A queue in Redis 7. Every transition is one atomic script on Redis's clock; DESIGN.md tells states, keys and what
// happens after each kind of failure. Thread-safe. Two calls are atomic for each job only: Renew of jobs that the queue
// forgot, and Audit.
class RedisQueue : public Queue {
 public:
  // `name`: as a resource id (IsValidResourceId), else INVALID_ARGUMENT, as for `limits` outside their range. All keys
  // are called "pl:{<name>}:...". `pool`, `cipher` and `clock` must outlive the queue; every thread in WaitForWork
  // holds a connection of the pool. Payloads are encrypted with `cipher`; without one a job with a payload is refused
  // with FAILED_PRECONDITION, reason PAYLOAD_KEY_MISSING. `clock` only spaces the questions for the server's memory.
  static absl::StatusOr<std::unique_ptr<RedisQueue>> Create(redis::Pool& pool, const std::string& name,
                                                            const QueueLimits& limits = {},
                                                            const PayloadCipher* cipher = nullptr,
                                                            Clock& clock = SystemClock());
  ~RedisQueue() override;

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
  RedisQueue(redis::Pool& pool, const std::string& name, const QueueLimits& limits, const PayloadCipher* cipher,
             Clock& clock);
  absl::StatusOr<redis::Reply> Run(const redis::Script& script, const std::vector<std::string>& args);
  absl::StatusOr<int> AddedToAFullServer(const std::vector<Job>& jobs);
  absl::StatusOr<std::string> Seal(const Job& job) const;
  absl::Status AddJobs(const std::vector<Job>& jobs, std::vector<std::string>& args) const;
  absl::Status OpenPayloads(const redis::Reply& payloads, const std::vector<size_t>& whose,
                            std::vector<Lease>& leases) const;
  absl::Status RestoreForgotten(const std::vector<Lease>& leases, absl::Duration lease_duration, std::string& letters);
  absl::StatusOr<double> MemoryShare();
  absl::Status AuditWith(const redis::Script& script, bool repair, const std::vector<std::string>& more,
                         std::vector<QueueFinding>& findings);

  redis::Pool& pool_;
  const std::string name_;
  const std::vector<std::string> keys_;
  const QueueLimits limits_;
  const PayloadCipher* const cipher_;
  Clock& clock_;
  const std::unique_ptr<const RedisScripts> scripts_;
  absl::Mutex memory_mutex_;
  absl::Time memory_asked_ ABSL_GUARDED_BY(memory_mutex_) = absl::InfinitePast();
  double memory_share_ ABSL_GUARDED_BY(memory_mutex_) = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_
