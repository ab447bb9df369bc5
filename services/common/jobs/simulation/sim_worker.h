#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_WORKER_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_WORKER_H_

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "common/jobs/held_leases.h"
#include "common/jobs/job_runner.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/simulation/lines.h"
#include "common/jobs/simulation/work.h"

namespace plumbline::jobs::simulation {

// What the processes of a run are made of.
struct Cast {
  Stage& stage;
  const Scenario& scenario;
  SimRedis& redis;
  SimRecord& record;
  Work& work;
  JobCounters& counters;
};

// One worker process: the real JobRunner, HeldLeases and Reconciler. Only the loops around them are made anew, as the
// threads of Worker are: one acquires, one renews, some run handlers.
class SimWorker {
 public:
  SimWorker(const Cast& cast, const std::string& name);

  void Start();
  // SIGTERM: ends the process within `deadline`.
  void Drain(absl::Duration deadline);
  bool draining() const { return stopping_; }
  Process& process() { return process_; }

 private:
  struct Ready {
    Lease lease;
    uint64_t number = 0;
    std::shared_ptr<JobSignals> signals;
  };

  bool Ends() const { return stopping_ || process_.dead; }
  bool Idle() const { return running_ == 0 && ready_.empty() && !fetching_; }
  void Fetch();
  absl::Duration FetchOnce();
  void GiveBackAhead();
  void Handle();
  void Heartbeat();
  void Reconcile();
  void EndWithin(absl::Duration deadline);
  void CompleteDone();

  Cast cast_;
  Process process_;
  ProcessClock clock_;
  QueueLine queue_;
  RecordLine record_;
  WorkerOptions options_;
  HandlerMap handlers_;
  HeldLeases held_;
  std::atomic<bool> draining_{false};
  JobRunner runner_;
  Reconciler reconciler_;
  std::deque<Ready> ready_;
  int running_ = 0;
  bool fetching_ = false;
  bool stopping_ = false;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_WORKER_H_
