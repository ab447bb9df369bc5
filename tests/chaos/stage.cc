#include "tests/chaos/stage.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jobs/auditor.h"
#include "common/testing/postgres_server.h"
#include "tests/chaos/observed_queue.h"

namespace plumbline::chaos {
namespace {

constexpr absl::Duration kLookEvery = absl::Milliseconds(50);
// After the last operation has finished the queue may still hold the job of a worker that died after its commit: it
// comes again when its lease ends, and is dropped.
constexpr absl::Duration kEmptySlack = absl::Seconds(30);

// Spread out as the random ids of services are: neighbours would meet on the same pages of the database's index. An odd
// factor makes a different id of every number.
std::string OperationId(int64_t number) {
  return absl::StrFormat("chaos-%016x", static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15U);
}

bool IsEmpty(jobs::Queue& queue) {
  const absl::StatusOr<jobs::QueueStats> stats = queue.Stats();
  return stats.ok() && stats->waiting + stats->delayed + stats->active == 0;
}

}  // namespace

void Pause(absl::Duration duration) {
  absl::Mutex mutex;
  const bool never = false;
  SystemClock().SleepUnless(duration, mutex, never);
}

Stage::Stage(const Settings& settings)
    : settings_(settings), deadline_(SystemClock().Now() + settings.deadline), random_(settings.seed) {}

Stage::~Stage() {
  crew_.reset();
  if (keep_) {
    std::cerr << "database and logs of the workers are kept in " << folder_ << "\n";
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<Stage>> Stage::Start(const Settings& settings, const std::string& redis) {
  std::unique_ptr<Stage> stage(new Stage(settings));
  std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-chaos-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return absl::InternalError(absl::StrCat("cannot make ", pattern));
  stage->folder_ = pattern;
  RETURN_IF_ERROR(stage->OpenDatabase());
  RETURN_IF_ERROR(stage->OpenQueue(redis));
  stage->crew_ = std::make_unique<Crew>(stage->folder_ + "/workers.log", stage->ledger_);
  return stage;
}

absl::Status Stage::OpenDatabase() {
  database_url_ = absl::StrCat("sqlite://", folder_, "/chaos.db");
  if (settings_.database == "postgresql") {
    ASSIGN_OR_RETURN(testing::PostgresServer* const server, testing::PostgresServer::Shared());
    ASSIGN_OR_RETURN(database_url_, server->NewDatabase());
  }
  ASSIGN_OR_RETURN(database_, sql::Database::Open({.url = database_url_, .schema = "", .connections = 4}));
  unit_ = std::make_unique<EffectUnit>(*database_);
  store_ = std::make_unique<jobs::SqlOperationStore>(*database_);
  return MigrateChaos(*database_, SystemClock().Now());
}

absl::Status Stage::OpenQueue(const std::string& redis) {
  redis_address_ = redis;
  if (redis.empty()) {
    ASSIGN_OR_RETURN(redis_, testing::RedisServer::Start());
    redis_address_ = redis_->address();
  }
  redis::Options options;
  RETURN_IF_ERROR(redis::SetAddress(redis_address_, options));
  options.cluster_key = absl::StrCat("pl:{", kQueue, "}:");
  pool_ = std::make_unique<redis::Pool>(options, 4, SystemClock());
  ASSIGN_OR_RETURN(queue_, jobs::RedisQueue::Create(*pool_, kQueue));
  return absl::OkStatus();
}

absl::StatusOr<int> Stage::StartWorker(absl::Duration skew) {
  return crew_->Start({absl::StrCat("--redis=", redis_address_), absl::StrCat("--database_url=", database_url_),
                       absl::StrCat("--threads=", settings_.threads),
                       absl::StrCat("--lease=", absl::FormatDuration(settings_.lease)),
                       absl::StrCat("--skew=", absl::FormatDuration(skew)),
                       absl::StrCat("--unfenced=", settings_.unfenced ? "true" : "false")});
}

absl::Status Stage::StartCrew() {
  for (int i = 0; i < settings_.workers; ++i) RETURN_IF_ERROR(StartWorker().status());
  return absl::OkStatus();
}

absl::Status Stage::Submit(int64_t count, const Work& work) {
  return Submit(std::vector<Work>(static_cast<size_t>(count), work));
}

absl::Status Stage::Submit(const std::vector<Work>& works) {
  constexpr size_t kBatch = 500;
  for (size_t start = 0; start < works.size(); start += kBatch) {
    std::vector<jobs::OperationDraft> drafts;
    std::vector<jobs::Job> jobs;
    for (size_t i = start; i < std::min(works.size(), start + kBatch); ++i) {
      jobs::OperationDraft draft;
      draft.id = OperationId(++submitted_);
      draft.kind = kKind;
      draft.payload = EncodeWork(works[i]);
      jobs.push_back({.id = draft.id, .kind = kKind, .payload = ""});
      drafts.push_back(std::move(draft));
    }
    const Mutation mutation{.actor = "chaos",
                            .method = "chaos/Submit",
                            .request_id = absl::StrCat("batch-", submitted_),
                            .request_digest = "",
                            .now = SystemClock().Now()};
    RETURN_IF_ERROR(
        unit_
            ->Write(mutation,
                    [&](EffectWriter&) { return jobs::WriteResult{.response = "", .audit = {}, .operations = drafts}; })
            .status());
    (void)queue_->EnqueueMany(jobs);  // what does not arrive, the reconciler brings
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Stage::CountEffects() { return chaos::CountEffects(*database_); }

absl::Status Stage::AwaitFinished() {
  int64_t unfinished = -1;
  while (SystemClock().Now() < deadline_) {
    ASSIGN_OR_RETURN(const jobs::OperationStore::StateCounts counts, store_->CountByState());
    unfinished = counts.pending + counts.running + counts.waiting;
    if (unfinished == 0) break;
    Pause(kLookEvery);
  }
  if (unfinished != 0) {
    return absl::DeadlineExceededError(absl::StrCat(unfinished, " operations have not finished in time"));
  }
  const absl::Time limit = SystemClock().Now() + settings_.lease + kEmptySlack;
  while (!IsEmpty(*queue_)) {
    if (SystemClock().Now() > limit) {
      return absl::DeadlineExceededError("all operations are finished, and the queue still holds jobs");
    }
    Pause(kLookEvery);
  }
  return absl::OkStatus();
}

void Stage::Close(Report& report) {
  report.Expect(crew_->Dismiss());
  const absl::StatusOr<Verdict> verdict = Judge(*database_);
  if (!verdict.ok()) return report.Expect(verdict.status());
  const Ledger::Totals totals = ledger_.totals();
  report.Add("operations", verdict->operations);
  report.Add("effects", verdict->effects);
  report.Add("handler_runs", totals.runs);
  report.ExpectZero("lost", verdict->lost());
  report.ExpectZero("duplicated", verdict->duplicated);
  report.ExpectZero("stale_commits_accepted", verdict->stale);
  report.Add("stale_commits_refused", totals.refused);
  for (const auto& [name, count] : totals.counters) {
    if (name != "stale_commits_refused") report.Add(name, count);
  }
  for (const std::string& example : verdict->examples) report.Violation(example);
  Audit(report);
  keep_ = !report.passed() && !settings_.unfenced;  // a violation on purpose is nothing to look into
}

void Stage::Audit(Report& report) {
  // Nothing runs any more, so nothing is on its way.
  const jobs::AuditorOptions options{.min_age = absl::ZeroDuration(), .settle = absl::ZeroDuration()};
  jobs::Auditor auditor({queue_.get(), store_.get(), &SystemClock()}, options);
  const absl::StatusOr<jobs::AuditReport> audit = auditor.Run(false);
  if (!audit.ok()) return report.Expect(audit.status());
  report.ExpectZero("auditor_findings", static_cast<int64_t>(audit->findings.size()));
  for (const jobs::AuditFinding& finding : audit->findings) {
    report.Violation(absl::StrCat(finding.invariant, " ", finding.id, ": ", finding.detail));
  }
}

int64_t Stage::Below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random_); }

absl::Duration Stage::Between(absl::Duration from, absl::Duration to) {
  return from + absl::Microseconds(Below(absl::ToInt64Microseconds(to - from) + 1));
}

}  // namespace plumbline::chaos
