#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_REDIS_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_REDIS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/queue.h"
#include "common/jobs/simulation/network.h"

namespace plumbline::jobs::simulation {

// The clock of the queue's server.
class SetClock : public Clock {
 public:
  absl::Time Now() const override { return now_; }
  bool SleepUnless(absl::Duration, absl::Mutex&, const bool&) override { return false; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

// The Redis server: a FakeQueue, the log of what changed it (its append-only file, so that it can be restarted as of an
// earlier moment), and a second account of who holds which job, kept from the answers alone, against which every answer
// is held: no job is leased to two at once, tokens grow, and nobody but the last holder ends a lease.
class SimRedis {
 public:
  SimRedis(Stage& stage, QueueLimits limits)
      : stage_(stage), limits_(limits), queue_(std::make_unique<FakeQueue>(clock_, limits)) {}

  Server& server() { return server_; }

  absl::StatusOr<int> EnqueueMany(const std::vector<Job>& jobs);
  absl::StatusOr<std::vector<Lease>> Acquire(const Process& caller, int max, absl::Duration lease_duration);
  absl::StatusOr<std::vector<RenewOutcome>> Renew(const std::vector<Lease>& leases, absl::Duration lease_duration);
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases);
  absl::StatusOr<bool> Retry(const Lease& lease, absl::Duration delay, const std::string& reason);
  absl::StatusOr<CancelOutcome> RequestCancel(const std::string& id);
  absl::StatusOr<int> RecoverExpired(const Process& caller);
  Queue& Reading();  // for calls that change nothing

  void Flush();
  // Restarts with what it held before its last `lost` changes, its clock `skew` ahead of the true time.
  void RollBack(size_t lost);
  void SetSkew(absl::Duration skew);
  void SetFull(bool full) { queue_->SetMemoryShare(full ? 1.0 : 0.0); }
  size_t changes() const { return log_.size(); }

 private:
  struct Holder {
    int64_t token = 0;
    absl::Time until;
  };
  struct Change {
    absl::Time when;
    std::function<void(SimRedis&)> again;
  };

  void Keep(std::function<void(SimRedis&)> again);
  void SetTime(const Process* caller);
  void Violation(const std::string& what, const std::string& id);
  void NoteLease(const std::string& id, int64_t token, absl::Duration lease_duration);
  // The last lease given out for the job was not `token`, and yet it was taken for it.
  void CheckEnded(const Lease& lease, const char* what);

  Stage& stage_;
  const QueueLimits limits_;
  Server server_{.name = "redis", .down = false, .silence = "REDIS_UNREACHABLE"};
  SetClock clock_;
  std::unique_ptr<FakeQueue> queue_;
  std::vector<Change> log_;
  bool replaying_ = false;
  bool set_back_ = false;  // the clock once was: tokens need not grow any more
  absl::Duration skew_;
  std::map<std::string, Holder> holders_;
  std::map<std::string, int64_t> given_back_;  // last token that ended with a Retry
  std::map<std::string, int64_t> tokens_;      // last of each job; also of those the server forgot
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_REDIS_H_
