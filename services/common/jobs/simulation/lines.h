#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_LINES_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_LINES_H_

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/queue.h"
#include "common/jobs/simulation/network.h"
#include "common/jobs/simulation/sim_record.h"
#include "common/jobs/simulation/sim_redis.h"

// What a simulated process has instead of a clock, a Redis and a database: the code under test cannot tell.
namespace plumbline::jobs::simulation {

// Virtual time, as wrong as its process's clock.
class ProcessClock : public Clock {
 public:
  ProcessClock(Scheduler& scheduler, const Process& process) : scheduler_(scheduler), process_(process) {}
  absl::Time Now() const override { return scheduler_.Now() + process_.skew; }
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override;

 private:
  Scheduler& scheduler_;
  const Process& process_;
};

class QueueLine : public Queue {
 public:
  QueueLine(Stage& stage, Process& process, SimRedis& redis, const NetworkFaults& faults)
      : redis_(redis), line_(stage, process, redis.server(), faults) {}

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
  SimRedis& redis_;
  Line line_;
};

// The record, and the transactions of the pretended service.
class RecordLine : public OperationStore {
 public:
  RecordLine(Stage& stage, Process& process, SimRecord& record, const NetworkFaults& faults)
      : record_(record), line_(stage, process, record.server(), faults) {}

  // The service's side: UnitOfWork with bodies that this simulation knows.
  absl::StatusOr<std::string> Write(const Mutation& mutation, const OperationDraft& draft, const std::string& request);
  absl::Status Commit(const jobs::Claim& claim, absl::Time now);
  absl::Status FanOut(const jobs::Claim& claim, absl::Time now, const std::vector<OperationDraft>& children);

  absl::StatusOr<Operation> Get(const std::string& id) override;
  absl::StatusOr<Page> List(const std::string& target, int page_size, const std::string& page_token) override;
  absl::StatusOr<Page> ListDead(int page_size, const std::string& page_token) override;
  absl::StatusOr<Page> ListChildren(const std::string& parent, int page_size, const std::string& page_token) override;
  absl::StatusOr<Operation> RequestCancel(const std::string& id, absl::Time now, const std::string& actor) override;
  absl::StatusOr<Operation> Claim(const std::string& id, absl::Time now) override;
  absl::Status SetProgress(const jobs::Claim& claim, const Progress& progress) override;
  absl::StatusOr<bool> IsCancelRequested(const jobs::Claim& claim) override;
  absl::Status Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) override;
  absl::Status MarkCancelled(const jobs::Claim& claim, absl::Time now) override;
  absl::Status Release(const jobs::Claim& claim) override;
  absl::StatusOr<bool> AdvanceParent(const std::string& parent_id, absl::Time now) override;
  absl::StatusOr<std::vector<std::string>> AdvanceParents(int limit, absl::Time now) override;
  absl::StatusOr<Operation> Requeue(const std::string& id, absl::Time now, const std::string& actor) override;
  absl::StatusOr<std::vector<Unfinished>> ListUnfinished(absl::Time before, const std::string& after_id,
                                                         int limit) override;
  absl::StatusOr<std::vector<std::string>> ListOrphans(int limit) override;
  absl::StatusOr<int> CancelOrphans(const std::vector<std::string>& ids, absl::Time now) override;
  absl::StatusOr<int64_t> Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) override;
  absl::StatusOr<int64_t> PruneAnswers(absl::Time before) override;
  absl::StatusOr<StateCounts> CountByState() override;

 private:
  // A statement that asks `store` something about the operation `about`.
  template <typename T>
  T Ask(const char* what, const std::string& about, Gate gate, std::function<T(OperationStore&)> statement);

  SimRecord& record_;
  Line line_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_LINES_H_
