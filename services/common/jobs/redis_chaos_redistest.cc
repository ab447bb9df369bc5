#include <signal.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/auditor.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/submitter.h"
#include "common/jobs/worker.h"
#include "common/redis/pool.h"
#include "common/testing/redis_server.h"
#include "gtest/gtest.h"

// Whole runs over a real Redis that crashes and forgets: every operation must end, and its effect happen once.
namespace plumbline::jobs {
namespace {

constexpr int kOperations = 200;

class RedisChaosTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<testing::RedisServer>> server = testing::RedisServer::Start();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    pool_ = std::make_unique<redis::Pool>(server_->options(), 16, SystemClock());
    queue_ = *RedisQueue::Create(*pool_, "chaos");
    handlers_["test.work"] = [this](JobContext& context) { return Work(context); };
  }

  absl::Status Work(JobContext& context) {
    const std::string id = context.operation().id;
    Pause(work_);
    return store_.Commit(context.claim(), "answer", SystemClock().Now(), [this, id] {
      absl::MutexLock lock(&mutex_);
      ++effects_[id];
      ++done_;
    });
  }

  void SubmitAll() {
    QueueSubmitter submitter(*queue_);
    for (int i = 0; i < kOperations; ++i) {
      const OperationDraft draft{.id = absl::StrCat("op-", i), .kind = "test.work", .payload = "", .target = ""};
      ASSERT_TRUE(store_.Create(draft, "ann", SystemClock().Now()).ok());
      submitter.Submit(draft);
    }
  }

  std::unique_ptr<Worker> StartWorker() {
    WorkerOptions options;
    options.threads = 3;
    options.lease = absl::Milliseconds(300);
    options.wait = absl::Milliseconds(100);
    options.retry.base = absl::Milliseconds(10);
    options.stuck_after = absl::Seconds(1);
    auto worker = std::make_unique<Worker>(
        Worker::Parts{queue_.get(), &store_, &handlers_, &SystemClock(), &counters_, nullptr}, options);
    worker->Start();
    return worker;
  }

  std::unique_ptr<Reconciler> StartReconciler() {
    auto reconciler = std::make_unique<Reconciler>(
        Reconciler::Parts{queue_.get(), &store_, &SystemClock(), &counters_},
        ReconcilerOptions{.interval = absl::Milliseconds(50), .min_age = absl::ZeroDuration()});
    reconciler->Start();
    return reconciler;
  }

  int done() {
    absl::MutexLock lock(&mutex_);
    return done_;
  }

  static void Pause(absl::Duration duration) {
    absl::Mutex mutex;
    const bool never = false;
    SystemClock().SleepUnless(duration, mutex, never);
  }

  // Returns when no job has come to its end for a while: what was leased before Redis went away is through.
  void AwaitStandstill() {
    for (int before = -1; before != done();) {
      before = done();
      Pause(absl::Milliseconds(300));
    }
  }

  bool AwaitDone(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return done_ >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60));
  }

  void ExpectEachOnce() {
    {
      absl::MutexLock lock(&mutex_);
      EXPECT_EQ(effects_.size(), static_cast<size_t>(kOperations));
      for (const auto& [id, times] : effects_) EXPECT_EQ(times, 1) << id;
    }
    for (int i = 0; i < kOperations; ++i) {
      EXPECT_EQ(store_.Get(absl::StrCat("op-", i))->state, OperationState::kSucceeded);
    }
  }

  absl::Duration work_ = absl::Milliseconds(3);  // of each handler, so that faults meet work in all its stages
  std::unique_ptr<testing::RedisServer> server_;
  std::unique_ptr<redis::Pool> pool_;
  std::unique_ptr<RedisQueue> queue_;
  FakeOperationStore store_;
  HandlerMap handlers_;
  JobCounters counters_;
  absl::Mutex mutex_;
  std::map<std::string, int> effects_ ABSL_GUARDED_BY(mutex_);
  int done_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_F(RedisChaosTest, RedisKilledAndStartedAgainInTheMiddle) {
  const auto worker = StartWorker();
  const auto reconciler = StartReconciler();
  SubmitAll();
  for (const int at : {kOperations / 4, kOperations / 2}) {
    ASSERT_TRUE(AwaitDone(at));
    server_->Kill9();
    ASSERT_TRUE(server_->Restart().ok());
  }
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
}

TEST_F(RedisChaosTest, RedisForgetsEverythingInTheMiddle) {
  const auto worker = StartWorker();
  const auto other = StartWorker();
  const auto reconciler = StartReconciler();
  SubmitAll();
  for (const int at : {20, 60, 100, 140}) {
    ASSERT_TRUE(AwaitDone(at));
    ASSERT_TRUE(server_->FlushAll().ok());
  }
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_TRUE(other->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
  EXPECT_GT(counters_.reconciled, 0);
}

// The whole way back: the connections' backoff and the worker's pauses have reached their longest by then.
TEST_F(RedisChaosTest, WorkersConsumeAgainSoonAfterALongOutage) {
  redis::Options as_in_production = server_->options();
  as_in_production.backoff_base = redis::Options().backoff_base;
  as_in_production.backoff_cap = redis::Options().backoff_cap;
  pool_ = std::make_unique<redis::Pool>(as_in_production, 16, SystemClock());
  queue_ = *RedisQueue::Create(*pool_, "chaos");
  work_ = absl::Milliseconds(25);  // enough is left to do after each outage
  const auto worker = StartWorker();
  const auto reconciler = StartReconciler();
  SubmitAll();
  absl::Duration slowest;
  for (const int at : {20, 80, 140}) {
    ASSERT_TRUE(AwaitDone(at));
    server_->Kill9();
    AwaitStandstill();
    Pause(absl::Seconds(4));
    EXPECT_TRUE(absl::IsUnavailable(worker->Health()));
    const int before = done();
    ASSERT_LT(before, kOperations);
    ASSERT_TRUE(server_->Restart().ok());  // returns when it answers
    const absl::Time up = SystemClock().Now();
    ASSERT_TRUE(AwaitDone(before + 1));
    slowest = std::max(slowest, SystemClock().Now() - up);
    EXPECT_TRUE(worker->Health().ok());
  }
  std::cout << "consumed again after at most " << absl::FormatDuration(slowest) << " of Redis being up\n";
  RecordProperty("slowest_ms", static_cast<int>(absl::ToInt64Milliseconds(slowest)));
  EXPECT_LT(slowest, absl::Seconds(5));
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
}

// Stopped, not dead: connections stay open and nothing answers.
TEST_F(RedisChaosTest, WorkersConsumeAgainSoonAfterRedisStoodStill) {
  work_ = absl::Milliseconds(25);
  const auto worker = StartWorker();
  const auto reconciler = StartReconciler();
  SubmitAll();
  ASSERT_TRUE(AwaitDone(20));
  ASSERT_EQ(kill(server_->pid(), SIGSTOP), 0);
  AwaitStandstill();
  Pause(absl::Seconds(7));  // longer than a command waits for its answer
  const int before = done();
  ASSERT_LT(before, kOperations);
  ASSERT_EQ(kill(server_->pid(), SIGCONT), 0);
  const absl::Time up = SystemClock().Now();
  ASSERT_TRUE(AwaitDone(before + 1));
  const absl::Duration took = SystemClock().Now() - up;
  std::cout << "consumed again " << absl::FormatDuration(took) << " after Redis went on\n";
  RecordProperty("took_ms", static_cast<int>(absl::ToInt64Milliseconds(took)));
  EXPECT_LT(took, absl::Seconds(5));
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
}

TEST_F(RedisChaosTest, AllConnectionsAreCutAgainAndAgain) {
  const auto worker = StartWorker();
  const auto reconciler = StartReconciler();
  redis::Client cutter(server_->options(), SystemClock());
  SubmitAll();
  int64_t cut = 0;
  for (int at = 10; at < kOperations; at += 10) {
    ASSERT_TRUE(AwaitDone(at));
    const absl::StatusOr<redis::Reply> killed = cutter.Command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    ASSERT_TRUE(killed.ok()) << killed.status();
    cut += *killed->AsInt();
  }
  EXPECT_GT(cut, 0);  // how many a cut finds open depends on the moment
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
}

TEST_F(RedisChaosTest, ParentsOfManyPartsThroughKillsAndFlushes) {
  constexpr int kParents = 20;
  constexpr int kParts = 12;
  handlers_["test.parent"] = [this](JobContext& context) -> absl::Status {
    if (context.operation().children_done) return Work(context);
    std::vector<OperationDraft> parts;
    parts.reserve(kParts);
    for (int i = 0; i < kParts; ++i) {
      parts.push_back(
          {.id = absl::StrCat(context.operation().id, "-", i), .kind = "test.work", .payload = "", .target = ""});
    }
    return store_.FanOut(context.claim(), parts, SystemClock().Now());
  };
  const auto worker = StartWorker();
  const auto other = StartWorker();
  auto reconciler = StartReconciler();
  QueueSubmitter submitter(*queue_);
  for (int i = 0; i < kParents; ++i) {
    const OperationDraft draft{.id = absl::StrCat("op-", i), .kind = "test.parent", .payload = "", .target = ""};
    ASSERT_TRUE(store_.Create(draft, "ann", SystemClock().Now()).ok());
    submitter.Submit(draft);
  }
  constexpr int kAll = kParents * (kParts + 1);
  for (int at = 20; at < kAll; at += 40) {
    ASSERT_TRUE(AwaitDone(at));
    if (at % 80 == 20) {
      server_->Kill9();
      ASSERT_TRUE(server_->Restart().ok());
    } else {
      ASSERT_TRUE(server_->FlushAll().ok());
    }
  }
  ASSERT_TRUE(AwaitDone(kAll));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_TRUE(other->Drain(absl::Seconds(30)).ok());
  reconciler.reset();
  {
    absl::MutexLock lock(&mutex_);
    EXPECT_EQ(effects_.size(), static_cast<size_t>(kAll));
    for (const auto& [id, times] : effects_) EXPECT_EQ(times, 1) << id;
  }
  const absl::StatusOr<AuditReport> audit = Auditor({queue_.get(), &store_, &SystemClock()}, {}).Run(false);
  ASSERT_TRUE(audit.ok()) << audit.status();
  for (const AuditFinding& finding : audit->findings) ADD_FAILURE() << finding.invariant << " " << finding.id;
}

TEST_F(RedisChaosTest, AWorkerThatNeverRenewsLosesItsJobsToAnother) {
  SubmitAll();
  // A worker that died right after it leased: nobody renews, nobody gives back.
  const absl::StatusOr<std::vector<Lease>> dead = queue_->Acquire(50, absl::Milliseconds(200));
  ASSERT_TRUE(dead.ok()) << dead.status();
  ASSERT_EQ(dead->size(), 50u);
  for (const Lease& lease : *dead) ASSERT_TRUE(store_.Claim(lease.job.id, SystemClock().Now()).ok());
  const auto worker = StartWorker();  // and no reconciler: Acquire alone brings the jobs back
  ASSERT_TRUE(AwaitDone(kOperations));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  ExpectEachOnce();
  // Should the dead one turn out to be alive, its claim is refused by the record and its lease by the queue.
  EXPECT_TRUE(IsStaleClaim(store_.Commit({dead->front().job.id, 1}, "late", SystemClock().Now())));
  EXPECT_FALSE(*queue_->Complete(dead->front()));
}

}  // namespace
}  // namespace plumbline::jobs
