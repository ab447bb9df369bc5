#include "common/jobs/reconciler.h"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/jobs/job_runner_test_util.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

using ReconcilerTest = JobRunnerTest;

TEST_F(ReconcilerTest, BringsBackWhatTheQueueForgot) {
  for (int i = 0; i < 7; ++i) Submit(absl::StrCat("op-", i));
  Handle(Committing());
  ASSERT_TRUE(RunNext());
  queue_.Forget();
  Submit("op-young");
  queue_.Forget();
  Reconciler reconciler({&queue_, &store_, &clock_, &counters_}, {.page_size = 3});
  EXPECT_EQ(*reconciler.RunOnce(), 0);  // all are younger than two seconds
  clock_.Advance(absl::Seconds(3));
  Submit("op-younger");
  queue_.Forget();
  EXPECT_EQ(*reconciler.RunOnce(), 7);
  EXPECT_EQ(*reconciler.RunOnce(), 0);
  EXPECT_EQ(counters_.reconciled, 7);
  while (RunNext()) {
  }
  EXPECT_EQ(effects_, 8);
  clock_.Advance(absl::Seconds(3));
  queue_.FailNext(1, absl::UnavailableError("queue away"));
  EXPECT_TRUE(absl::IsUnavailable(reconciler.RunOnce().status()));
  EXPECT_EQ(*reconciler.RunOnce(), 1);
}

TEST_F(ReconcilerTest, FreesJobsOfDeadWorkers) {
  Submit("op-a");
  ASSERT_EQ(queue_.Acquire(1, kLease)->size(), 1u);  // and then this worker dies
  clock_.Advance(kLease);
  Reconciler reconciler({&queue_, &store_, &clock_, &counters_}, {});
  EXPECT_EQ(*reconciler.RunOnce(), 0);
  EXPECT_EQ(counters_.recovered, 1);
  EXPECT_EQ(queue_.Stats()->waiting, 1);
}

TEST_F(ReconcilerTest, BringsPriorityAndDelayAlong) {
  const absl::Time due = clock_.Now() + absl::Seconds(60);
  ASSERT_TRUE(store_
                  .Create({.id = "op-low", .kind = "test.work", .payload = "", .target = "", .priority = -2}, "ann",
                          clock_.Now())
                  .ok());
  ASSERT_TRUE(store_
                  .Create({.id = "op-top", .kind = "test.work", .payload = "", .target = "", .priority = 7}, "ann",
                          clock_.Now())
                  .ok());
  ASSERT_TRUE(store_
                  .Create({.id = "op-later", .kind = "test.work", .payload = "", .target = "", .not_before = due},
                          "ann", clock_.Now())
                  .ok());
  clock_.Advance(absl::Seconds(10));
  Reconciler reconciler({&queue_, &store_, &clock_, &counters_}, {});
  EXPECT_EQ(*reconciler.RunOnce(), 3);
  EXPECT_EQ(queue_.Stats()->delayed, 1);
  const std::vector<Lease> leases = *queue_.Acquire(9, kLease);
  ASSERT_EQ(leases.size(), 2u);
  EXPECT_EQ(leases[0].job.id, "op-top");
  EXPECT_EQ(leases[0].job.priority, 7);
  EXPECT_EQ(leases[1].job.id, "op-low");
  clock_.Advance(absl::Seconds(49));
  EXPECT_TRUE(queue_.Acquire(1, kLease)->size() == 1u);  // op-top again: its lease ran out, op-later is not yet due
  EXPECT_EQ(queue_.Stats()->delayed, 1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(*queue_.RecoverExpired(), 0);
  EXPECT_EQ(queue_.Stats()->delayed, 0);
}

TEST_F(ReconcilerTest, FillsAFullQueueAsFarAsThereIsRoom) {
  FakeQueue small(clock_, {.max_jobs = 4});
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(store_
                    .Create({.id = absl::StrCat("op-", i), .kind = "test.work", .payload = "", .target = ""}, "ann",
                            clock_.Now())
                    .ok());
  }
  clock_.Advance(absl::Seconds(10));
  Reconciler reconciler({&small, &store_, &clock_, &counters_}, {.page_size = 3});
  EXPECT_EQ(*reconciler.RunOnce(), 4);
  EXPECT_EQ(*reconciler.RunOnce(), 0);
  EXPECT_EQ(counters_.queue_full, 2);
  EXPECT_EQ(counters_.queue_errors, 0);
  // What the workers finish makes room.
  const std::vector<Lease> leases = *small.Acquire(2, kLease);
  for (const Lease& lease : leases) {
    ASSERT_TRUE(store_.Commit({lease.job.id, store_.Claim(lease.job.id, clock_.Now())->token}, "", clock_.Now()).ok());
    ASSERT_TRUE(small.Complete(lease).ok());
  }
  EXPECT_EQ(*reconciler.RunOnce(), 2);
  EXPECT_EQ(counters_.reconciled, 6);
  small.SetMemoryShare(0.95);
  ASSERT_TRUE(small.RequestCancel("op-3").ok());
  EXPECT_EQ(*reconciler.RunOnce(), 0);  // room in number, none in memory
}

// Notes when passes begin, and can fail them.
class NotingQueue : public FakeQueue {
 public:
  explicit NotingQueue(FakeClock& its_clock) : FakeQueue(its_clock), clock(its_clock) {}
  absl::StatusOr<int> RecoverExpired() override {
    {
      absl::MutexLock lock(&mutex);
      passes.push_back(clock.Now());
    }
    clock.Advance(takes);
    if (away) return absl::UnavailableError("queue away");
    return FakeQueue::RecoverExpired();
  }
  std::vector<absl::Time> AwaitPasses(size_t count) {
    absl::MutexLock lock(&mutex);
    const auto reached = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) { return passes.size() >= count; };
    EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(30)));
    return passes;
  }

  FakeClock& clock;
  absl::Duration takes;  // each pass
  std::atomic<bool> away{false};
  absl::Mutex mutex;
  std::vector<absl::Time> passes ABSL_GUARDED_BY(mutex);
};

TEST_F(ReconcilerTest, PassesEveryFiveSecondsAndSoonerAfterTrouble) {
  for (const bool away : {false, true}) {
    NotingQueue queue(clock_);
    queue.away = away;
    Reconciler reconciler({&queue, &store_, &clock_, &counters_}, {});
    reconciler.Start();
    const std::vector<absl::Time> passes = queue.AwaitPasses(4);
    for (size_t i = 1; i < 4; ++i) {
      EXPECT_EQ(passes[i] - passes[i - 1], away ? absl::Seconds(1) : absl::Seconds(5));
    }
  }
}

TEST_F(ReconcilerTest, APassThatTakesLongIsFollowedByALongerPause) {
  for (const auto& [takes, pause] :
       {std::pair(absl::Seconds(1), absl::Seconds(5)), std::pair(absl::Seconds(10), absl::Seconds(20)),
        std::pair(absl::Hours(1), absl::Minutes(1))}) {
    NotingQueue queue(clock_);
    queue.takes = takes;
    Reconciler reconciler({&queue, &store_, &clock_, &counters_}, {});
    reconciler.Start();
    const std::vector<absl::Time> passes = queue.AwaitPasses(3);
    EXPECT_EQ(passes[2] - passes[1], takes + pause);
  }
}

TEST_F(ReconcilerTest, KeepsHouseAtOnceAndThenEveryHour) {
  absl::Mutex mutex;
  std::vector<absl::Time> times;
  Reconciler::Parts parts{&queue_, &store_, &clock_, &counters_};
  parts.housekeeping = [&](absl::Time now) {
    absl::MutexLock lock(&mutex);
    times.push_back(now);
    return times.size() == 2 ? absl::UnavailableError("database away") : absl::OkStatus();
  };
  const absl::Time start = clock_.Now();
  {
    Reconciler reconciler(parts, {});
    reconciler.Start();
    absl::MutexLock lock(&mutex);
    const auto reached = [&times] { return times.size() >= 3; };
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(30)));
    EXPECT_EQ(times[0], start);
    EXPECT_EQ(times[1] - times[0], absl::Hours(1));
    EXPECT_EQ(times[2] - times[1], absl::Hours(1));  // what failed waits for its next turn
  }
  EXPECT_EQ(counters_.housekeeping_errors, 1);
}

}  // namespace
}  // namespace plumbline::jobs
