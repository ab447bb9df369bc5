#include "common/jobs/simulation/sim_worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {
namespace {

// Whoever may hold the lock of a dying process ends first.
constexpr int kHoldsLock = 0;
constexpr int kOthers = 1;

WorkerOptions OptionsOf(const Scenario& scenario) {
  WorkerOptions options;
  options.threads = scenario.handlers;
  options.lease = scenario.lease;
  options.drain_notice = absl::Seconds(1);
  return options;
}

ReconcilerOptions PagesOf(const Scenario& scenario) {
  ReconcilerOptions options;
  options.page_size = scenario.page;
  return options;
}

}  // namespace

SimWorker::SimWorker(const Cast& cast, const std::string& name)
    : cast_(cast),
      process_{.name = name, .dead = false, .paused_until = 0, .skew = {}, .locked = false, .on_death = nullptr},
      clock_(cast.stage.scheduler, process_),
      queue_(cast.stage, process_, cast.redis, cast.scenario.redis),
      record_(cast.stage, process_, cast.record, cast.scenario.database),
      options_(OptionsOf(cast.scenario)),
      handlers_(cast.work.Handlers(record_, clock_)),
      runner_({.queue = &queue_,
               .store = &record_,
               .handlers = &handlers_,
               .clock = &clock_,
               .counters = &cast_.counters,
               .random = [&random = cast.stage.random] { return random.Uniform(); }},
              options_, held_, draining_),
      reconciler_({.queue = &queue_, .store = &record_, .clock = &clock_, .counters = &cast_.counters},
                  PagesOf(cast.scenario)) {}

void SimWorker::Start() {
  Scheduler& scheduler = cast_.stage.scheduler;
  scheduler.Spawn(process_, "fetch", kOthers, [this] { Fetch(); });
  for (int i = 0; i < options_.threads; ++i) {
    scheduler.Spawn(process_, absl::StrCat("handler", i), kOthers, [this] { Handle(); });
  }
  scheduler.Spawn(process_, "heartbeat", kHoldsLock, [this] { Heartbeat(); });
  scheduler.Spawn(process_, "reconciler", kOthers, [this] { Reconcile(); });
}

void SimWorker::CompleteDone() {
  cast_.stage.scheduler.PassGate();
  runner_.CompleteDone();
}

void SimWorker::Fetch() {
  while (!Ends()) {
    const absl::Duration pause = FetchOnce();
    fetching_ = false;
    if (pause > absl::ZeroDuration() && !Ends()) {
      cast_.stage.scheduler.Wait({.at = cast_.stage.scheduler.Due(pause), .until = [this] { return stopping_; }});
    }
  }
}

// Returns how long to wait before the next time.
absl::Duration SimWorker::FetchOnce() {
  const int want = options_.threads + cast_.scenario.ahead - running_ - static_cast<int>(ready_.size());
  if (want <= 0) {
    if (cast_.stage.random.Chance(0.1)) GiveBackAhead();
    return absl::Milliseconds(100);
  }
  fetching_ = true;
  CompleteDone();
  const absl::Time asked = clock_.Now();
  const auto leases = queue_.Acquire(want, options_.lease);
  if (!leases.ok()) return absl::Milliseconds(500);
  for (const Lease& lease : *leases) {
    auto signals = std::make_shared<JobSignals>();
    const uint64_t number = held_.Add(lease, signals, asked);
    ready_.push_back({lease, number, std::move(signals)});
  }
  if (!leases->empty()) return absl::ZeroDuration();
  fetching_ = false;
  return queue_.WaitForWork(options_.wait).ok() ? absl::ZeroDuration() : absl::Milliseconds(500);
}

// Jobs that were leased ahead and wait for busy threads: others may have them.
void SimWorker::GiveBackAhead() {
  cast_.stage.scheduler.PassGate();
  std::deque<Ready> overdue;
  overdue.swap(ready_);
  fetching_ = true;
  for (const Ready& ready : overdue) runner_.GiveBackUnrun(ready.lease, ready.number);
}

void SimWorker::Handle() {
  while (!process_.dead) {
    cast_.stage.scheduler.Wait(
        {.until = [this] { return !ready_.empty() || (stopping_ && !fetching_); }, .gated = true});
    if (process_.dead || ready_.empty()) return;
    const Ready next = std::move(ready_.front());
    ready_.pop_front();
    ++running_;
    runner_.Run(next.lease, next.number, next.signals);
    if (ready_.empty()) CompleteDone();
    --running_;
  }
}

void SimWorker::Heartbeat() {
  while (!process_.dead) {
    cast_.stage.scheduler.Sleep(options_.lease / 3);
    if (process_.dead) return;
    process_.locked = true;
    if (!held_.RenewAll(queue_, options_.lease, clock_.Now(), cast_.counters).ok()) ++cast_.counters.queue_errors;
    process_.locked = false;
  }
}

void SimWorker::Reconcile() {
  const ReconcilerOptions defaults;
  while (!process_.dead) {
    if (cast_.stage.bug != Bug::kNoReconciler) (void)reconciler_.RunOnce();
    cast_.stage.scheduler.Sleep(defaults.interval);
  }
}

void SimWorker::Drain(absl::Duration deadline) {
  if (stopping_) return;
  stopping_ = true;
  cast_.stage.scheduler.Spawn(process_, "drain", kOthers, [this, deadline] { EndWithin(deadline); });
}

// As Worker::Drain, and then the process ends, whatever its handlers still do.
void SimWorker::EndWithin(absl::Duration deadline) {
  Scheduler& scheduler = cast_.stage.scheduler;
  const auto idle = [this] { return Idle(); };
  const absl::Duration notice = std::min(options_.drain_notice, deadline);
  scheduler.Wait({.at = scheduler.Due(deadline - notice), .until = idle});
  draining_ = true;
  if (!Idle()) scheduler.Wait({.at = scheduler.Due(notice), .until = idle});
  scheduler.PassGate();
  if (process_.dead) return;
  for (const HeldLeases::Held& held : held_.TakeAll()) runner_.GiveBack(held);
  CompleteDone();
  if (!process_.dead) cast_.stage.crash(process_);
}

}  // namespace plumbline::jobs::simulation
