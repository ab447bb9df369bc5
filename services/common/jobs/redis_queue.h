#ifndef PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_
#define PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/jobs/queue.h"
#include "common/redis/pool.h"

namespace plumbline::jobs {

struct RedisScripts;

// A queue in Redis 7. Every transition is one atomic script on Redis's clock; DESIGN.md tells states, keys and what
// happens after each kind of failure. Thread-safe.
class RedisQueue : public Queue {
 public:
  // `name`: as a resource id (IsValidResourceId), else INVALID_ARGUMENT. All keys are called "pl:{<name>}:...".
  // `pool` must outlive the queue; every thread in WaitForWork holds one of its connections.
  static absl::StatusOr<std::unique_ptr<RedisQueue>> Create(redis::Pool& pool, const std::string& name);
  ~RedisQueue() override;

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
  RedisQueue(redis::Pool& pool, const std::string& name);
  absl::StatusOr<redis::Reply> Run(const redis::Script& script, const std::vector<std::string>& args);
  absl::StatusOr<bool> RunBool(const redis::Script& script, const std::vector<std::string>& args);

  redis::Pool& pool_;
  const std::string prefix_;
  const std::unique_ptr<const RedisScripts> scripts_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_H_
