#ifndef PLUMBLINE_COMMON_JOBS_JOB_RUNNER_H_
#define PLUMBLINE_COMMON_JOBS_JOB_RUNNER_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/jobs/held_leases.h"
#include "common/jobs/worker.h"

namespace plumbline::jobs {

// Takes one leased job from claim to outcome, on the calling thread; see worker.h for the outcomes. Thread-safe.
class JobRunner {
 public:
  // `held` and `draining` must outlive the runner; `draining`: running handlers should stop and give back.
  JobRunner(const Worker::Parts& parts, const WorkerOptions& options, HeldLeases& held,
            const std::atomic<bool>& draining);

  // `number`: under which `held` renews this lease.
  void Run(const Lease& lease, uint64_t number, const std::shared_ptr<JobSignals>& signals);

  // Tells the queue of the jobs that came to their end, many in one call; what it cannot be told now, the next call
  // tells it. Run leaves this to its caller.
  void CompleteDone();

  // Gives back what a handler still works on: its claim ends (its commit will be refused) and the job is ready again.
  void GiveBack(const HeldLeases::Held& held);

  // Gives back a lease that no handler was called for.
  void GiveBackUnrun(const Lease& lease, uint64_t number);

 private:
  class Context;
  struct Task {
    const Lease& lease;
    uint64_t number;
    const JobKind* kind;  // null: nobody handles it
    const RetryPolicy& retry;
    Operation operation;  // as it was claimed
    Claim claim() const { return {operation.id, operation.token}; }
  };

  const JobKind* FindKind(const std::string& kind) const;
  const RetryPolicy& PolicyOf(const JobKind* kind) const;
  KindHistograms& HistogramsOf(const Task& task) const;
  void Work(const Task& task, const std::shared_ptr<JobSignals>& signals);
  absl::Status CallHandler(const Task& task, Context& context);
  void Settle(const Task& task, const absl::Status& status, bool cancelled, bool lost);
  void Finished(const Task& task);
  void LeaveToChildren(const Lease& lease, uint64_t number);
  absl::Status EnqueueChildren(const std::string& parent);
  absl::Status EnqueueIfPending(const std::string& id);
  void Advance(const std::string& parent);
  void FailForGood(const Task& task, const absl::Status& error);
  void Cancel(const Task& task);
  void Ended(const Task& task);
  void TryAgain(const Task& task, const absl::Status& error);
  void StaleClaim(const Task& task);
  bool Recorded(const Task& task, const absl::Status& status);
  void Return(const Lease& lease, uint64_t number, absl::Duration delay, const absl::Status& why);
  absl::Duration Delay(const RetryPolicy& policy, int attempt, const absl::Status& error);

  const Worker::Parts parts_;
  const WorkerOptions options_;
  HeldLeases& held_;
  const std::atomic<bool>& draining_;
  absl::Mutex random_mutex_;
  const RandomSource random_ ABSL_GUARDED_BY(random_mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_JOB_RUNNER_H_
