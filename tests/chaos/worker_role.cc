#include "tests/chaos/worker_role.h"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/worker.h"
#include "common/redis/pool.h"
#include "tests/chaos/effects.h"
#include "tests/chaos/events.h"
#include "tests/chaos/observed_queue.h"

namespace plumbline::chaos {
namespace {

constexpr int kRedisConnections = 8;
constexpr int kDatabaseConnections = 8;
constexpr absl::Duration kCountersEvery = absl::Milliseconds(200);
constexpr absl::Duration kDrainLimit = absl::Seconds(30);

// The clock of a machine that is set wrong; it runs at the right pace.
class SkewedClock : public Clock {
 public:
  explicit SkewedClock(absl::Duration skew) : skew_(skew) {}
  absl::Time Now() const override { return SystemClock().Now() + skew_; }
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override {
    return SystemClock().SleepUnless(duration, mutex, stop);
  }

 private:
  const absl::Duration skew_;
};

void Pause(absl::Duration duration) {
  absl::Mutex mutex;
  const bool never = false;
  SystemClock().SleepUnless(duration, mutex, never);
}

Event::Outcome OutcomeOf(const absl::Status& status) {
  if (status.ok()) return Event::Outcome::kCommitted;
  return jobs::IsStaleClaim(status) ? Event::Outcome::kRefused : Event::Outcome::kError;
}

// Works for as long as the payload says, then commits one effect. An operation with children is split first, and
// commits its effect when it joins them.
class EffectHandler {
 public:
  EffectHandler(const WorkerSettings& settings, sql::Database& database, EffectUnit& unit, jobs::Queue& queue,
                Clock& clock)
      : settings_(settings), database_(database), unit_(unit), queue_(queue), clock_(clock) {}

  absl::Status operator()(jobs::JobContext& context) const {
    const jobs::Operation& operation = context.operation();
    const jobs::Claim claim = context.claim();
    Tell(Event::Type::kStarted, claim, Event::Outcome::kNone);
    const Work work = DecodeWork(operation.payload);
    Pause(operation.attempts == 1 ? work.first : work.again);
    if (work.children > 0 && !operation.children_done) return Split(claim, work);
    if (settings_.unfenced) RETURN_IF_ERROR(InsertUnfenced(claim));
    const absl::Status status =
        unit_.Commit(claim, clock_.Now(), [&](EffectWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
          if (!settings_.unfenced) RETURN_IF_ERROR(writer.Insert(claim.operation_id, claim.token, settings_.number));
          return jobs::WriteResult{.response = "", .audit = {}, .operations = {}};
        });
    Tell(Event::Type::kEnded, claim, OutcomeOf(status));
    return status;
  }

 private:
  absl::Status InsertUnfenced(const jobs::Claim& claim) const {
    return database_.Write([&](sql::Transaction& transaction) {
      return EffectWriter(transaction).Insert(claim.operation_id, claim.token, settings_.number);
    });
  }

  absl::Status Split(const jobs::Claim& claim, Work work) const {
    const int children = std::exchange(work.children, 0);
    std::vector<jobs::OperationDraft> drafts;
    std::vector<jobs::Job> jobs;
    for (int i = 1; i <= children; ++i) {
      jobs::OperationDraft draft;
      draft.id = absl::StrCat(claim.operation_id, ".", i);
      draft.kind = kKind;
      draft.payload = EncodeWork(work);
      jobs.push_back({.id = draft.id, .kind = kKind, .payload = ""});
      drafts.push_back(std::move(draft));
    }
    const absl::Status status = unit_.FanOut(claim, clock_.Now(), [&](EffectWriter&) {
      return jobs::WriteResult{.response = "", .audit = {}, .operations = drafts};
    });
    Tell(Event::Type::kEnded, claim, status.ok() ? Event::Outcome::kSplit : OutcomeOf(status));
    if (status.ok()) (void)queue_.EnqueueMany(jobs);  // what does not arrive, the reconciler brings
    return status;
  }

  void Tell(Event::Type type, const jobs::Claim& claim, Event::Outcome outcome) const {
    Send(settings_.events, {.type = type,
                            .id = claim.operation_id,
                            .number = claim.token,
                            .time = SystemClock().Now(),
                            .outcome = outcome});
  }

  const WorkerSettings& settings_;
  sql::Database& database_;
  EffectUnit& unit_;
  jobs::Queue& queue_;
  Clock& clock_;
};

void SendCounters(int events, const jobs::JobCounters& counters) {
  const std::pair<const char*, int64_t> counts[] = {
      {"stale_commits_refused", counters.stale_commits_refused},
      {"leases_lost", counters.leases_lost},
      {"retried", counters.retried},
      {"failed", counters.failed},
      {"dropped", counters.dropped},
      {"reconciled", counters.reconciled},
      {"recovered", counters.recovered},
      {"queue_errors", counters.queue_errors},
  };
  for (const auto& [name, count] : counts) {
    Send(events, {.type = Event::Type::kCounter,
                  .id = name,
                  .number = count,
                  .time = SystemClock().Now(),
                  .outcome = Event::Outcome::kNone});
  }
}

// Sends the counters now and then until SIGTERM, which every thread of this process blocks.
void AwaitTerm(int events, const sigset_t& term, const jobs::JobCounters& counters) {
  const timespec pause = absl::ToTimespec(kCountersEvery);
  while (sigtimedwait(&term, nullptr, &pause) != SIGTERM) SendCounters(events, counters);
}

}  // namespace

absl::Status RunWorker(const WorkerSettings& settings) {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, nullptr);
  log::SetLevel("warning");

  SkewedClock clock(settings.skew);
  ASSIGN_OR_RETURN(const auto database,
                   sql::Database::Open({.url = settings.database_url,
                                        .schema = "",
                                        .connections = std::min(settings.threads, kDatabaseConnections)}));
  redis::Options redis;
  RETURN_IF_ERROR(redis::SetAddress(settings.redis, redis));
  redis.cluster_key = absl::StrCat("pl:{", kQueue, "}:");
  redis::Pool pool(redis, kRedisConnections, clock);
  ASSIGN_OR_RETURN(const std::unique_ptr<jobs::Queue> real, jobs::RedisQueue::Create(pool, kQueue));
  ObservedQueue queue(*real, settings.events);
  jobs::SqlOperationStore store(*database);
  EffectUnit unit(*database);
  jobs::JobCounters counters;
  const jobs::HandlerMap handlers = {{kKind, EffectHandler(settings, *database, unit, queue, clock)}};

  jobs::WorkerOptions options;
  options.threads = settings.threads;
  options.lease = settings.lease;
  jobs::Worker worker({&queue, &store, &handlers, &clock, &counters, nullptr}, options);
  jobs::Reconciler reconciler({&queue, &store, &clock, &counters}, {});
  worker.Start();
  reconciler.Start();
  Send(settings.events, {.type = Event::Type::kReady, .id = "", .number = 0, .time = SystemClock().Now()});
  AwaitTerm(settings.events, term, counters);
  const absl::Status drained = worker.Drain(kDrainLimit);
  SendCounters(settings.events, counters);
  return drained;
}

}  // namespace plumbline::chaos
