#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
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
    {
      // Each handler takes a little while, so that faults meet work in all its stages.
      absl::Mutex mutex;
      const bool never = false;
      SystemClock().SleepUnless(absl::Milliseconds(3), mutex, never);
    }
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
