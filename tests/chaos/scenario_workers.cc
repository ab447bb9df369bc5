// What is done to the workers: killed, stopped, their clocks set wrong.

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "tests/chaos/feed.h"
#include "tests/chaos/scenarios.h"
#include "tests/chaos/stage.h"

namespace plumbline::chaos {
namespace {

constexpr absl::Duration kRunningLimit = absl::Seconds(60);
// The bound on kill to re-run, beyond the lease.
constexpr absl::Duration kRerunSlack = absl::Seconds(2);

// Enough unfinished work that every thread is busy and a good deal waits, for as long as work is submitted; also while
// the jobs of killed workers wait for the end of their leases.
int64_t Backlog(const Settings& settings) {
  return std::min(int64_t{settings.workers} * settings.threads * 50, settings.jobs / 2) * (1 + settings.children);
}

int Pick(Stage& stage, const std::set<int>& workers) {
  return *std::next(workers.begin(), stage.Below(static_cast<int64_t>(workers.size())));
}

// Those that run something; all, should that be none.
std::set<int> Busy(Stage& stage) {
  std::set<int> busy;
  for (const int worker : stage.crew().workers()) {
    if (stage.ledger().running(worker) > 0) busy.insert(worker);
  }
  return busy.empty() ? stage.crew().workers() : busy;
}

absl::Status KillOne(Stage& stage) {
  const int victim = Pick(stage, stage.crew().workers());
  // Killed while it works, not while it starts.
  if (!stage.ledger().AwaitRunning(victim, kRunningLimit)) {
    return absl::DeadlineExceededError(absl::StrCat("worker ", victim, " runs nothing"));
  }
  Pause(stage.Between(absl::ZeroDuration(), absl::Milliseconds(20)));
  stage.crew().Kill9(victim);
  return stage.StartWorker().status();
}

// When, in committed effects, each of `faults` is to happen: at random, and while there is work.
std::vector<int64_t> Moments(Stage& stage, const Settings& settings) {
  std::vector<int64_t> moments;
  moments.reserve(static_cast<size_t>(settings.faults));
  const int64_t last = settings.jobs * (1 + settings.children) - Backlog(settings);
  for (int i = 0; i < settings.faults; ++i) moments.push_back(stage.Below(std::max<int64_t>(last, 1)));
  std::sort(moments.begin(), moments.end());
  return moments;
}

void AddReruns(Stage& stage, Report& report) {
  report.AddSpread("kill_to_rerun", SpreadOf(stage.ledger().totals().kill_to_rerun));
}

}  // namespace

absl::Status Parents(const Settings& settings, Report& report) {
  report.Add("parents", settings.jobs);
  report.Add("children_each", settings.children);
  return Kills(settings, report);
}

absl::Status Kills(const Settings& settings, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings));
  RETURN_IF_ERROR(stage->StartCrew());
  int kills = 0;
  {
    Feed feed(*stage, settings, Backlog(settings));
    for (const int64_t moment : Moments(*stage, settings)) {
      if (!feed.AwaitEffects(moment)) break;
      RETURN_IF_ERROR(KillOne(*stage));
      ++kills;
    }
    RETURN_IF_ERROR(feed.Finish());
  }
  report.Add("kills", kills);
  if (kills < settings.faults) report.Violation("not all kills could be done: the work went too slowly");
  report.Expect(stage->AwaitFinished());
  AddReruns(*stage, report);
  stage->Close(report);
  return absl::OkStatus();
}

absl::Status Pauses(const Settings& settings, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings));
  RETURN_IF_ERROR(stage->StartCrew());
  int64_t stopped_runs = 0;
  int pauses = 0;
  {
    Feed feed(*stage, settings, Backlog(settings));
    // A worker that is stopped inside a transaction on SQLite holds up all others, so that none takes its work: then it
    // is tried more often.
    const auto enough = [&] { return stage->ledger().totals().refused > 0 || pauses >= 4 * settings.faults; };
    for (; pauses < settings.faults || !enough(); ++pauses) {
      const int victim = Pick(*stage, stage->crew().workers());
      if (!stage->ledger().AwaitRunning(victim, kRunningLimit)) break;
      stage->crew().Stop(victim);
      stopped_runs += stage->ledger().running(victim);
      Pause(settings.lease + stage->Between(absl::Milliseconds(500), settings.lease));
      stage->crew().Continue(victim);
      Pause(stage->Between(absl::ZeroDuration(), settings.work_max * 2));
    }
    RETURN_IF_ERROR(feed.Finish());
  }
  report.Add("pauses", pauses);
  report.Add("handlers_stopped", stopped_runs);
  report.Expect(stage->AwaitFinished());
  if (stage->ledger().totals().refused == 0) report.Violation("no stale commit was tried: the test is too small");
  stage->Close(report);
  return absl::OkStatus();
}

absl::Status Rerun(const Settings& settings, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings));
  RETURN_IF_ERROR(stage->StartCrew());
  // The first run of each operation outlasts what happens here; half the threads are free for the re-runs.
  const Work work{.first = settings.lease * 2, .again = absl::ZeroDuration(), .children = 0};
  const int64_t round = int64_t{settings.workers} * settings.threads / 2;
  for (int i = 0; i < settings.faults; ++i) {
    RETURN_IF_ERROR(stage->Submit(round, work));
    if (!stage->ledger().AwaitRunningAtOnce(round, kRunningLimit)) {
      return absl::DeadlineExceededError("the operations of a round do not all run");
    }
    for (int killed = 0; killed < settings.workers / 2; ++killed) {
      // At any moment between two renewals, which come every third of a lease.
      Pause(stage->Between(absl::ZeroDuration(), settings.lease / 3));
      stage->crew().Kill9(Pick(*stage, Busy(*stage)));
    }
    for (int killed = 0; killed < settings.workers / 2; ++killed) RETURN_IF_ERROR(stage->StartWorker().status());
    report.Expect(stage->AwaitFinished());
  }
  const Spread spread = SpreadOf(stage->ledger().totals().kill_to_rerun);
  report.Add("kills", int64_t{settings.faults} * (settings.workers / 2));
  report.AddSpread("kill_to_rerun", spread);
  if (spread.count == 0) report.Violation("nothing was run again: the test is too small");
  if (spread.p99 > absl::ToDoubleSeconds(settings.lease + kRerunSlack)) {
    report.Violation(absl::StrCat("p99 of kill to re-run is above the lease of ", absl::FormatDuration(settings.lease),
                                  " plus ", absl::FormatDuration(kRerunSlack)));
  }
  stage->Close(report);
  return absl::OkStatus();
}

absl::Status Skew(const Settings& settings, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings));
  for (int i = 0; i < settings.workers; ++i) {
    const absl::Duration skews[] = {settings.skew, -settings.skew, absl::ZeroDuration()};
    RETURN_IF_ERROR(stage->StartWorker(skews[i % std::size(skews)]).status());
  }
  {
    Feed feed(*stage, settings, Backlog(settings));
    RETURN_IF_ERROR(feed.Finish());
  }
  report.Expect(stage->AwaitFinished());
  report.ExpectZero("early_reclaims", stage->ledger().totals().overlapping);
  stage->Close(report);
  return absl::OkStatus();
}

}  // namespace plumbline::chaos
