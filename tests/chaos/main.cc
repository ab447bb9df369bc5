// queue_chaos SCENARIO [--flag=value ...]: harms the job system in one way and says what came of it. README.md tells
// the scenarios and how to repeat a run.

#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "tests/chaos/scenarios.h"
#include "tests/chaos/worker_role.h"

ABSL_FLAG(std::string, database, "sqlite", "sqlite or postgresql");
ABSL_FLAG(bool, quick, false, "the size that every run of the tests takes, instead of the full one");
ABSL_FLAG(uint64_t, seed, 1, "decides victims and moments");
ABSL_FLAG(std::optional<int64_t>, jobs, std::nullopt, "operations");
ABSL_FLAG(std::optional<int>, workers, std::nullopt, "worker processes");
ABSL_FLAG(std::optional<int>, threads, std::nullopt, "handlers that run at the same time in each worker");
ABSL_FLAG(std::optional<int>, faults, std::nullopt, "how often harm is done");
ABSL_FLAG(std::optional<int>, children, std::nullopt, "of each parent");
ABSL_FLAG(std::optional<absl::Duration>, lease, std::nullopt, "of the workers");
ABSL_FLAG(std::optional<absl::Duration>, work_min, std::nullopt, "a handler works at least this long");
ABSL_FLAG(std::optional<absl::Duration>, work_max, std::nullopt, "and at most this long");
ABSL_FLAG(std::optional<absl::Duration>, down, std::nullopt, "how long Redis stays away");
ABSL_FLAG(std::optional<absl::Duration>, deadline, std::nullopt, "for the whole scenario");
ABSL_FLAG(bool, unfenced, false, "handlers do wrong on purpose, to show that it would be seen");
// Of the worker's role, which the program starts itself.
ABSL_FLAG(std::string, redis, "", "worker: address of Redis");
ABSL_FLAG(std::string, database_url, "", "worker: the database");
ABSL_FLAG(int, events, -1, "worker: descriptor to write events to");
ABSL_FLAG(int, number, 0, "worker: its number");
ABSL_FLAG(absl::Duration, skew, absl::Minutes(10), "what clocks are wrong by");

namespace plumbline::chaos {
namespace {

struct Scenario {
  std::function<absl::Status(const Settings&, Report&)> run;
  Settings full;
  Settings quick;
};

const std::map<std::string, Scenario>& Scenarios() {
  constexpr absl::Duration kMs = absl::Milliseconds(1);
  constexpr absl::Duration kS = absl::Seconds(1);
  static const auto* const scenarios = new std::map<std::string, Scenario>{
      {"kills",
       {Kills,
        {.jobs = 40'000, .workers = 3, .threads = 16, .faults = 200},
        {.jobs = 1'500, .workers = 3, .threads = 8, .faults = 5, .lease = kS}}},
      {"pauses",
       {Pauses,
        {.jobs = 20'000,
         .workers = 4,
         .threads = 8,
         .faults = 50,
         .lease = 2 * kS,
         .work_min = 20 * kMs,
         .work_max = 200 * kMs},
        {.jobs = 600,
         .workers = 3,
         .threads = 4,
         .faults = 2,
         .lease = kS,
         .work_min = 20 * kMs,
         .work_max = 100 * kMs}}},
      {"parents",
       {Parents,
        {.jobs = 10'000, .workers = 3, .threads = 16, .faults = 50, .children = 15},
        {.jobs = 60, .workers = 2, .threads = 8, .faults = 2, .lease = kS, .children = 15}}},
      {"rerun",
       {Rerun,
        {.jobs = 0, .workers = 6, .threads = 100, .faults = 4},
        {.jobs = 0, .workers = 2, .threads = 20, .faults = 1, .lease = kS}}},
      {"skew",
       {Skew,
        {.jobs = 3'000, .workers = 6, .threads = 16, .lease = kS, .work_min = 500 * kMs, .work_max = 4 * kS},
        {.jobs = 40, .workers = 3, .threads = 10, .lease = kS, .work_min = kS, .work_max = 2 * kS}}},
      {"flush",
       {Flush,
        {.jobs = 40'000, .workers = 3, .threads = 8, .faults = 20},
        {.jobs = 600, .workers = 2, .threads = 8, .faults = 1, .lease = kS}}},
      {"redis-kill",
       {RedisKill,
        {.jobs = 60'000, .workers = 3, .threads = 8, .faults = 50},
        {.jobs = 1'500, .workers = 2, .threads = 8, .faults = 2, .lease = kS}}},
      {"redis-down",
       {RedisDown,
        {.jobs = 20'000, .workers = 3, .threads = 8, .faults = 5},
        {.jobs = 600, .workers = 2, .threads = 8, .faults = 1, .lease = kS, .down = 2 * kS}}},
      {"redis-freeze",
       {RedisFreeze,
        {.jobs = 20'000, .workers = 3, .threads = 8, .faults = 5},
        {.jobs = 600, .workers = 2, .threads = 8, .faults = 1, .lease = kS, .down = 2 * kS}}},
      {"client-kill",
       {ClientKill,
        {.jobs = 40'000, .workers = 3, .threads = 8, .faults = 100},
        {.jobs = 1'500, .workers = 2, .threads = 8, .faults = 3, .lease = kS}}},
      {"sentinel",
       {Sentinel,
        {.jobs = 40'000, .workers = 3, .threads = 8, .faults = 10},
        {.jobs = 600, .workers = 2, .threads = 8, .faults = 1, .lease = kS}}},
      {"million", {Million, {.jobs = 1'000'000, .faults = 10}, {.jobs = 40'000, .faults = 2}}},
  };
  return *scenarios;
}

Settings WithFlags(Settings settings) {
  settings.database = absl::GetFlag(FLAGS_database);
  settings.seed = absl::GetFlag(FLAGS_seed);
  settings.unfenced = absl::GetFlag(FLAGS_unfenced);
  settings.skew = absl::GetFlag(FLAGS_skew);
  settings.jobs = absl::GetFlag(FLAGS_jobs).value_or(settings.jobs);
  settings.workers = absl::GetFlag(FLAGS_workers).value_or(settings.workers);
  settings.threads = absl::GetFlag(FLAGS_threads).value_or(settings.threads);
  settings.faults = absl::GetFlag(FLAGS_faults).value_or(settings.faults);
  settings.children = absl::GetFlag(FLAGS_children).value_or(settings.children);
  settings.lease = absl::GetFlag(FLAGS_lease).value_or(settings.lease);
  settings.work_min = absl::GetFlag(FLAGS_work_min).value_or(settings.work_min);
  settings.work_max = absl::GetFlag(FLAGS_work_max).value_or(settings.work_max);
  settings.down = absl::GetFlag(FLAGS_down).value_or(settings.down);
  settings.deadline = absl::GetFlag(FLAGS_deadline).value_or(settings.deadline);
  return settings;
}

// What is wrong with the sizes; empty: nothing.
std::string Complaint(const Settings& settings) {
  if (settings.database != "sqlite" && settings.database != "postgresql") {
    return absl::StrCat("--database: value \"", settings.database, "\": must be sqlite or postgresql");
  }
  if (settings.workers < 1 || settings.threads < 1 || settings.faults < 1 || settings.jobs < 0) {
    return "--workers, --threads and --faults must be positive, --jobs not negative";
  }
  if (settings.work_max < settings.work_min) return "--work_max must not be below --work_min";
  return "";
}

int RunScenario(const std::string& name, const Scenario& scenario) {
  const Settings settings = WithFlags(absl::GetFlag(FLAGS_quick) ? scenario.quick : scenario.full);
  if (const std::string complaint = Complaint(settings); !complaint.empty()) {
    std::cerr << complaint << "\n";
    return 2;
  }
  log::SetLevel("error");  // of what is harmed on purpose, the report tells
  Report report(name);
  report.Add("database", settings.database);
  report.Add("seed", static_cast<int64_t>(settings.seed));
  report.Add("workers", absl::StrCat(settings.workers, "x", settings.threads));
  report.Add("lease", absl::FormatDuration(settings.lease));
  const absl::Time start = SystemClock().Now();
  report.Expect(scenario.run(settings, report));
  report.AddSeconds("took", absl::ToDoubleSeconds(SystemClock().Now() - start));
  std::cout << report.ToText() << std::flush;
  return report.passed() ? 0 : 1;
}

int RunAsWorker() {
  const absl::Status status = RunWorker({.redis = absl::GetFlag(FLAGS_redis),
                                         .database_url = absl::GetFlag(FLAGS_database_url),
                                         .events = absl::GetFlag(FLAGS_events),
                                         .number = absl::GetFlag(FLAGS_number),
                                         .threads = absl::GetFlag(FLAGS_threads).value_or(1),
                                         .lease = absl::GetFlag(FLAGS_lease).value_or(absl::Seconds(15)),
                                         .unfenced = absl::GetFlag(FLAGS_unfenced),
                                         .skew = absl::GetFlag(FLAGS_skew)});
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}

int Main(int argc, char** argv) {
  std::string usage = "queue_chaos SCENARIO [--flag=value ...], where SCENARIO is one of:";
  for (const auto& [name, scenario] : Scenarios()) absl::StrAppend(&usage, " ", name);
  absl::SetProgramUsageMessage(usage);
  const std::vector<char*> words = absl::ParseCommandLine(argc, argv);
  const std::string name = words.size() == 2 ? words[1] : "";
  if (name == "worker") return RunAsWorker();
  const auto scenario = Scenarios().find(name);
  if (scenario != Scenarios().end()) return RunScenario(scenario->first, scenario->second);
  std::cerr << usage << "\n";
  return 2;
}

}  // namespace
}  // namespace plumbline::chaos

int main(int argc, char** argv) { return plumbline::chaos::Main(argc, argv); }
