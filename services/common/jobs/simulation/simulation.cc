#include "common/jobs/simulation/simulation.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jobs/auditor.h"
#include "common/jobs/simulation/sim_client.h"
#include "common/jobs/simulation/sim_worker.h"

namespace plumbline::jobs::simulation {
namespace {

constexpr int64_t kMaxSteps = 1'000'000;
// The longest a late request may be on its way, so the shortest time after which the end is the end.
constexpr absl::Duration kLinger = absl::Seconds(21);
// A worker whose clock is 10 minutes slow sees a new operation as old enough only then.
constexpr absl::Duration kPatience = absl::Minutes(40);

class Run {
 public:
  Run(Crew& crew, const RunOptions& options)
      : random_(options.seed),
        trace_(options.trace),
        scenario_(random_),
        scheduler_(crew, random_, trace_),
        stage_{.scheduler = scheduler_,
               .random = random_,
               .trace = trace_,
               .counts = result_.faults,
               .bug = options.bug,
               .calm = false,
               .crash = [](Process& process) { Kill(process); },
               .violation = [this](const std::string& what) { Stop(what); }},
        redis_(stage_, scenario_.limits),
        record_(stage_, scenario_.database_error),
        work_(stage_, scenario_, record_),
        cast_{stage_, scenario_, redis_, record_, work_, counters_} {}

  RunResult Simulate() {
    for (int i = 0; i < scenario_.workers; ++i) StartWorker();
    for (int i = 0; i < scenario_.clients; ++i) StartClient(i * scenario_.requests, scenario_.requests);
    scheduler_.Spawn(world_, "monkey", 1, [this] { MakeTrouble(); });
    scheduler_.Run(kMaxSteps, [this](const std::string& why) { Stop(why); });
    result_.steps = scheduler_.steps();
    result_.virtual_seconds = static_cast<double>(scheduler_.micros()) * 1e-6;
    result_.fingerprint = trace_.fingerprint();
    result_.trace = trace_.lines();
    SumUp();
    return std::move(result_);
  }

 private:
  static void Kill(Process& process) {
    if (process.dead) return;
    process.dead = true;
    if (process.on_death) process.on_death();
  }

  void Stop(const std::string& violation) {
    if (result_.violation.empty()) {
      result_.violation = violation;
      stage_.Say("VIOLATION", violation);
    }
    EndAll();
  }

  void EndAll() {
    ended_ = true;
    for (const auto& worker : workers_) worker->process().dead = true;
    for (const auto& client : clients_) client->process().dead = true;
    world_.dead = true;
  }

  void StartWorker() {
    workers_.push_back(std::make_unique<SimWorker>(cast_, absl::StrCat("worker", workers_.size())));
    SimWorker* worker = workers_.back().get();
    stage_.Say(worker->process().name, "starts");
    worker->process().on_death = [this, worker] {
      stage_.Say(worker->process().name, "ends");
      scheduler_.After(random_.Between(absl::ZeroDuration(), absl::Seconds(2)), [this] {
        if (!ended_) StartWorker();
      });
    };
    worker->Start();
  }

  void StartClient(int first_request, int requests) {
    clients_.push_back(
        std::make_unique<SimClient>(cast_, absl::StrCat("client", clients_.size()), first_request, requests));
    SimClient* client = clients_.back().get();
    client->process().on_death = [this, client] {
      stage_.Say(client->process().name, "ends");
      scheduler_.After(random_.Between(absl::ZeroDuration(), absl::Seconds(5)), [this, client] {
        if (!ended_) StartClient(client->next_request(), client->left());
      });
    };
    client->Start();
  }

  void MakeTrouble();
  void Happen(Fault fault);
  void HappenToWorker(Fault fault);
  void HappenToRedis(Fault fault);
  void TakeDown(Server& server, absl::Duration most);
  void CalmDown();
  void Settle();
  std::string Unsettled();
  void Audit();
  void SumUp();

  template <typename Each>
  Each* AnyAlive(const std::vector<std::unique_ptr<Each>>& all) {
    std::vector<Each*> alive;
    for (const auto& each : all) {
      if (!each->process().dead) alive.push_back(each.get());
    }
    return alive.empty() ? nullptr : alive[random_.Pick(alive.size())];
  }

  RunResult result_;
  Random random_;
  Trace trace_;
  const Scenario scenario_;
  Scheduler scheduler_;
  Stage stage_;
  SimRedis redis_;
  SimRecord record_;
  Work work_;
  JobCounters counters_;
  Cast cast_;
  Process world_{.name = "world", .dead = false, .paused_until = 0, .skew = {}, .locked = false, .on_death = nullptr};
  std::vector<std::unique_ptr<SimWorker>> workers_;  // the dead as well: what they sent may still be on its way
  std::vector<std::unique_ptr<SimClient>> clients_;
  bool ended_ = false;
};

void Run::MakeTrouble() {
  const int64_t end = scheduler_.Due(scenario_.trouble);
  while (!world_.dead && !scenario_.incidents.empty()) {
    scheduler_.Sleep(random_.Between(absl::ZeroDuration(), scenario_.between_incidents));
    if (scheduler_.micros() >= end) break;
    Happen(scenario_.incidents[random_.Pick(scenario_.incidents.size())]);
  }
  scheduler_.Wait({.at = end});
  if (world_.dead) return;
  CalmDown();
  Settle();
}

void Run::Happen(Fault fault) {
  switch (fault) {
    case Fault::kClientCrash:
      if (SimClient* client = AnyAlive(clients_); client != nullptr && client->left() > 0) {
        stage_.Count(fault);
        Kill(client->process());
      }
      return;
    case Fault::kDatabaseDown:
      stage_.Count(fault);
      TakeDown(record_.server(), absl::Seconds(4));
      return;
    case Fault::kRedisFlushed:
    case Fault::kRedisRolledBack:
    case Fault::kRedisDown:
    case Fault::kRedisFull:
      HappenToRedis(fault);
      return;
    default:
      HappenToWorker(fault);
  }
}

void Run::HappenToWorker(Fault fault) {
  SimWorker* worker = AnyAlive(workers_);
  if (worker == nullptr) return;
  Process& process = worker->process();
  stage_.Count(fault);
  stage_.Say(process.name, ToString(fault));
  if (fault == Fault::kWorkerCrash) Kill(process);
  if (fault == Fault::kWorkerDrained) worker->Drain(random_.Between(absl::ZeroDuration(), absl::Seconds(10)));
  if (fault == Fault::kWorkerStopped) {
    process.paused_until = scheduler_.Due(random_.Between(absl::ZeroDuration(), scenario_.lease * 3));
  }
  if (fault == Fault::kClockSkewed) process.skew = random_.Between(-absl::Minutes(10), absl::Minutes(10));
}

void Run::HappenToRedis(Fault fault) {
  stage_.Count(fault);
  stage_.Say("redis", ToString(fault));
  switch (fault) {
    case Fault::kRedisFlushed:
      return redis_.Flush();
    case Fault::kRedisRolledBack:
      redis_.RollBack(random_.Pick(redis_.changes() + 1));
      if (random_.Chance(0.2)) {
        stage_.Count(Fault::kRedisClockSet);
        redis_.SetSkew(random_.Between(-absl::Seconds(5), absl::Seconds(5)));
      }
      return TakeDown(redis_.server(), absl::Seconds(1));
    case Fault::kRedisDown:
      return TakeDown(redis_.server(), absl::Seconds(6));
    default:
      redis_.SetFull(true);
      scheduler_.After(random_.Between(absl::ZeroDuration(), absl::Seconds(4)), [this] { redis_.SetFull(false); });
  }
}

void Run::TakeDown(Server& server, absl::Duration most) {
  server.down = true;
  scheduler_.After(random_.Between(absl::Milliseconds(1), most), [&server] { server.down = false; });
}

void Run::CalmDown() {
  stage_.calm = true;
  stage_.Say("world", "calms down");
  redis_.server().down = false;
  redis_.SetFull(false);
  record_.server().down = false;
}

// Everything that was accepted must now end, and nothing may be left over.
void Run::Settle() {
  const int64_t calm_since = scheduler_.micros();
  const int64_t enough = scheduler_.Due(kLinger);
  std::string unsettled;
  do {
    scheduler_.Sleep(absl::Seconds(1));
    if (world_.dead) return;
    unsettled = scheduler_.micros() < enough ? "late requests" : Unsettled();
    if (scheduler_.micros() - calm_since > absl::ToInt64Microseconds(kPatience)) {
      return Stop(absl::StrCat("after ", absl::FormatDuration(kPatience), " of calm not settled: ", unsettled));
    }
  } while (!unsettled.empty());
  record_.checker().Sweep();
  if (!world_.dead) Audit();
  EndAll();
}

// What is not done yet, for people; empty: everything is.
std::string Run::Unsettled() {
  for (const auto& client : clients_) {
    if (!client->process().dead && client->left() > 0) return absl::StrCat(client->process().name, " still asks");
  }
  record_.checker().Sweep();
  const std::vector<std::string> unfinished = record_.checker().Unfinished();
  if (!unfinished.empty()) {
    const Operation* first = record_.checker().Find(unfinished.front());
    return absl::StrCat(unfinished.size(), " operations, ", first->id, " is ", ToString(first->state));
  }
  const auto stats = redis_.Reading().Stats();
  if (stats.ok() && stats->waiting + stats->delayed + stats->active == 0) return "";
  return absl::StrCat("queue with ", stats->waiting, " waiting, ", stats->delayed, " delayed, ", stats->active,
                      " active");
}

void Run::Audit() {
  ProcessClock clock(scheduler_, world_);
  Auditor auditor({.queue = &redis_.Reading(), .store = &record_.store(), .clock = &clock}, {});
  const auto report = auditor.Run(/*repair=*/false);
  if (!report.ok()) return Stop(absl::StrCat("auditor: ", report.status().ToString()));
  if (report->findings.empty() && report->leftovers == 0) return;
  const std::string first = report->findings.empty() ? "a leftover" : report->findings.front().invariant;
  Stop(absl::StrCat("auditor: ", report->findings.size(), " findings, first ", first));
}

void Run::SumUp() {
  Outcome& outcome = result_.outcome;
  const Checker& checker = record_.checker();
  outcome.succeeded = static_cast<int64_t>(checker.Count(OperationState::kSucceeded));
  outcome.failed = static_cast<int64_t>(checker.Count(OperationState::kFailed));
  outcome.cancelled = static_cast<int64_t>(checker.Count(OperationState::kCancelled));
  outcome.claimed = counters_.claimed;
  outcome.stale_commits_refused = counters_.stale_commits_refused;
  outcome.leases_lost = counters_.leases_lost;
  outcome.reconciled = counters_.reconciled;
  outcome.recovered = counters_.recovered;
  outcome.dropped = counters_.dropped;
  outcome.joined = counters_.joined;
}

}  // namespace

void Outcome::Add(const Outcome& other) {
  succeeded += other.succeeded;
  failed += other.failed;
  cancelled += other.cancelled;
  claimed += other.claimed;
  stale_commits_refused += other.stale_commits_refused;
  leases_lost += other.leases_lost;
  reconciled += other.reconciled;
  recovered += other.recovered;
  dropped += other.dropped;
  joined += other.joined;
}

std::vector<std::pair<const char*, int64_t>> Outcome::Named() const {
  return {{"operations succeeded", succeeded},
          {"operations failed", failed},
          {"operations cancelled", cancelled},
          {"claims", claimed},
          {"stale commits refused", stale_commits_refused},
          {"leases lost", leases_lost},
          {"jobs reconciled", reconciled},
          {"leases recovered", recovered},
          {"jobs of finished work dropped", dropped},
          {"parents joined", joined}};
}

RunResult RunSeed(Crew& crew, const RunOptions& options) { return Run(crew, options).Simulate(); }

}  // namespace plumbline::jobs::simulation
