#ifndef PLUMBLINE_COMMON_JOBS_QUEUE_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_QUEUE_CONTRACT_H_

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/queue_upkeep_contract.h"
#include "common/jobs/test_queue_harness.h"

// What every Queue must do, as one test suite; used as operation_store_contract.h. No test depends on being quick: a
// lease or delay that must still run is long, one that must be over is short and waited for.
namespace plumbline::jobs {

TEST_P(QueueContract, AJobArrivesWhole) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_TRUE(*queue().Enqueue({.id = "op-a", .kind = "test.work", .payload = bytes, .priority = -3}));
  const Lease lease = AcquireOne();
  EXPECT_EQ(lease.job.id, "op-a");
  EXPECT_EQ(lease.job.kind, "test.work");
  EXPECT_EQ(lease.job.payload, bytes);
  EXPECT_EQ(lease.job.priority, -3);
  EXPECT_EQ(lease.attempt, 1);
  EXPECT_GT(lease.token, 0);
}

TEST_P(QueueContract, EnqueueOfAKnownJobChangesNothingInAnyState) {
  const auto again = [&] {
    return *queue().Enqueue({.id = "op-a", .kind = "other.kind", .payload = "other", .priority = 9});
  };
  Add("op-a", 0, kShort);
  EXPECT_FALSE(again());  // delayed, or due by now
  harness_->Pass(kShort);
  ASSERT_TRUE(queue().RecoverExpired().ok());
  EXPECT_FALSE(again());  // waiting
  const Lease lease = AcquireOne();
  EXPECT_EQ(lease.job.kind, "test.work");
  EXPECT_EQ(lease.job.priority, 0);
  EXPECT_FALSE(again());  // active
  EXPECT_EQ(lease.job.payload, "payload of op-a");
  EXPECT_TRUE(*queue().Retry(lease, kLong, "x"));
  EXPECT_FALSE(again());  // delayed by a retry
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
}

TEST_P(QueueContract, EnqueueManyAddsTheUnknownOnesInOrder) {
  Add("op-b");
  std::vector<Job> jobs;
  for (const char* id : {"op-c", "op-b", "op-a", "op-c"}) jobs.push_back({.id = id, .kind = "k", .payload = ""});
  EXPECT_EQ(*queue().EnqueueMany(jobs), 2);
  EXPECT_EQ(*queue().EnqueueMany({}), 0);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-b", "op-c", "op-a"));
}

TEST_P(QueueContract, LargerPriorityFirstThenFirstComeFirstServed) {
  Add("mid-1");
  Add("low-1", Job::kMinPriority);
  Add("high-1", Job::kMaxPriority);
  Add("mid-2");
  Add("high-2", Job::kMaxPriority);
  EXPECT_THAT(AcquireIds(3), testing::ElementsAre("high-1", "high-2", "mid-1"));
  Add("high-3", 1);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("high-3", "mid-2", "low-1"));
}

TEST_P(QueueContract, DelayedJobsComeWhenTheyAreDue) {
  Add("later", 9, kLong);
  Add("soon", 0, kShort);
  Add("now", -9);
  EXPECT_EQ(AcquireOne().job.id.substr(0, 1) == "l", false);
  harness_->Pass(kShort);
  AcquireIds(10);
  EXPECT_EQ(queue().Stats()->active, 2);
  EXPECT_EQ(queue().Stats()->delayed, 1);
  EXPECT_TRUE(Known("later"));
}

TEST_P(QueueContract, ALeasedJobIsNobodyElses) {
  Add("op-a");
  AcquireOne();
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  EXPECT_EQ(*queue().RecoverExpired(), 0);
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
}

TEST_P(QueueContract, AnExpiredLeaseGoesToTheNextAndTheOldOneIsOver) {
  Add("op-a");
  const Lease old = AcquireOne(kShort);
  harness_->Pass(kShort);
  const Lease next = AcquireOne();
  EXPECT_EQ(next.job.id, "op-a");
  EXPECT_EQ(next.job.payload, "payload of op-a");
  EXPECT_GT(next.token, old.token);
  EXPECT_EQ(next.attempt, 2);
  ExpectOver(old);
  EXPECT_EQ(RenewOne(next), RenewOutcome::kHeld);
  EXPECT_TRUE(*queue().Complete(next));
  EXPECT_FALSE(Known("op-a"));
}

TEST_P(QueueContract, RenewingKeepsTheLease) {
  Add("op-a");
  const Lease lease = AcquireOne(kShort);
  EXPECT_EQ(RenewOne(lease), RenewOutcome::kHeld);
  harness_->Pass(kShort);
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  EXPECT_TRUE(*queue().Complete(lease));
}

TEST_P(QueueContract, AnExpiredLeaseThatNobodyTookIsHeldAgain) {
  Add("op-a");
  const Lease lease = AcquireOne(kShort);
  harness_->Pass(kShort);
  EXPECT_EQ(*queue().RecoverExpired(), 1);
  EXPECT_EQ(RenewOne(lease), RenewOutcome::kHeld);
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  EXPECT_TRUE(*queue().Complete(lease));
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
}

TEST_P(QueueContract, WorkThatEndedAfterItsLeaseCompletesIfNobodyTookIt) {
  Add("op-a");
  const Lease lease = AcquireOne(kShort);
  harness_->Pass(kShort);
  EXPECT_EQ(*queue().RecoverExpired(), 1);
  EXPECT_TRUE(*queue().Complete(lease));
  EXPECT_FALSE(Known("op-a"));
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
}

TEST_P(QueueContract, RecoveredJobsKeepTheirPlace) {
  Add("op-a");
  AcquireOne(kShort);
  Add("op-b");
  harness_->Pass(kShort);
  EXPECT_EQ(*queue().RecoverExpired(), 1);
  EXPECT_EQ(*queue().RecoverExpired(), 0);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-a", "op-b"));
}

TEST_P(QueueContract, CompleteForgetsTheJobOnce) {
  Add("op-a");
  Add("op-b");
  const Lease a = AcquireOne();
  const Lease b = AcquireOne();
  EXPECT_EQ(*queue().CompleteMany({a, b}), (std::vector<bool>{true, true}));
  EXPECT_EQ(*queue().CompleteMany({b, a}), (std::vector<bool>{false, false}));
  EXPECT_EQ(*queue().CompleteMany({}), std::vector<bool>{});
  Add("op-a");  // the id is free again
  EXPECT_EQ(AcquireOne().attempt, 1);
}

TEST_P(QueueContract, RetryGivesBackBehindTheOthersAndEndsTheLease) {
  Add("op-a");
  Add("op-b");
  const Lease lease = AcquireOne();
  EXPECT_TRUE(*queue().Retry(lease, absl::ZeroDuration(), "the database was away"));
  ExpectOver(lease);
  const std::vector<Lease> both = *queue().Acquire(10, kLong);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].job.id, "op-b");
  EXPECT_EQ(both[1].job.id, "op-a");
  EXPECT_EQ(both[1].attempt, 2);
  EXPECT_GT(both[1].token, lease.token);
  ExpectOver(lease);
}

TEST_P(QueueContract, RetryWithADelayWaitsForIt) {
  Add("op-a");
  EXPECT_TRUE(*queue().Retry(AcquireOne(), kLong, "x"));
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  EXPECT_EQ(queue().Stats()->delayed, 1);
  Add("op-b");
  EXPECT_TRUE(*queue().Retry(AcquireOne(), kShort, "x"));
  harness_->Pass(kShort);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-b"));
}

TEST_P(QueueContract, CancelRemovesWhatNobodyWorksOnAndSignalsWhatSomebodyDoes) {
  EXPECT_EQ(*queue().RequestCancel("op-none"), CancelOutcome::kUnknown);
  Add("waiting");
  EXPECT_EQ(*queue().RequestCancel("waiting"), CancelOutcome::kRemoved);
  Add("delayed", 0, kLong);
  EXPECT_EQ(*queue().RequestCancel("delayed"), CancelOutcome::kRemoved);
  EXPECT_THAT(*queue().Missing({"waiting", "delayed"}), testing::ElementsAre("waiting", "delayed"));
  EXPECT_EQ(queue().Stats()->waiting + queue().Stats()->delayed, 0);
  Add("active");
  const Lease lease = AcquireOne();
  EXPECT_EQ(RenewOne(lease), RenewOutcome::kHeld);
  EXPECT_EQ(*queue().RequestCancel("active"), CancelOutcome::kSignalled);
  EXPECT_EQ(RenewOne(lease), RenewOutcome::kCancelRequested);
  EXPECT_TRUE(*queue().Complete(lease));
}

TEST_P(QueueContract, AQueueThatForgotEverythingSaysWhatIsMissing) {
  Add("op-a");
  Add("op-b", 0, kLong);
  EXPECT_THAT(*queue().Missing({"op-c", "op-b", "op-a", "op-d"}), testing::ElementsAre("op-c", "op-d"));
  EXPECT_THAT(*queue().Missing({}), testing::IsEmpty());
  harness_->Forget();
  EXPECT_THAT(*queue().Missing({"op-b", "op-a"}), testing::ElementsAre("op-b", "op-a"));
  Add("op-a");
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-a"));
}

TEST_P(QueueContract, RenewOfAForgottenJobMakesItKnownAndHeld) {
  Add("op-a", 4);
  const Lease lease = AcquireOne();
  harness_->Forget();
  EXPECT_EQ(RenewOne(lease), RenewOutcome::kHeld);
  EXPECT_TRUE(Known("op-a"));
  EXPECT_EQ(queue().Stats()->active, 1);
  EXPECT_FALSE(*queue().Enqueue(lease.job));
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  // And should its worker die now, the next gets it as it was.
  EXPECT_EQ(queue().Renew({lease}, kShort)->front(), RenewOutcome::kHeld);
  harness_->Pass(kShort);
  const Lease next = AcquireOne();
  EXPECT_EQ(next.job.payload, "payload of op-a");
  EXPECT_EQ(next.job.priority, 4);
  EXPECT_GT(next.token, lease.token);
  EXPECT_EQ(next.attempt, 2);
  ExpectOver(lease);
}

TEST_P(QueueContract, RenewTakesBackAForgottenJobThatWasEnqueuedAgainButNotTaken) {
  for (const absl::Duration delay : {absl::ZeroDuration(), kLong}) {
    Add("op-a");
    const Lease lease = AcquireOne();
    harness_->Forget();
    Add("op-a", 0, delay);
    EXPECT_EQ(RenewOne(lease), RenewOutcome::kHeld);
    EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
    EXPECT_EQ(queue().Stats()->active, 1);
    EXPECT_EQ(queue().Stats()->delayed, 0);
    EXPECT_TRUE(*queue().Complete(lease));
  }
}

TEST_P(QueueContract, AJobTakenBackFromADelayStandsBehindThoseThatWait) {
  Add("op-a");
  const Lease lease = AcquireOne();
  harness_->Forget();
  Add("op-a", 0, kLong);
  Add("op-b");
  EXPECT_EQ(queue().Renew({lease}, kShort)->front(), RenewOutcome::kHeld);
  harness_->Pass(kShort);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-b", "op-a"));
}

TEST_P(QueueContract, ALeaseFromBeforeTheQueueForgotNeverPassesForALaterOne) {
  Add("op-a");
  const Lease before = AcquireOne();
  harness_->Forget();
  harness_->Pass(absl::Milliseconds(1));
  Add("op-a");
  const Lease after = AcquireOne();
  EXPECT_GT(after.token, before.token);
  ExpectOver(before);
  EXPECT_TRUE(*queue().Complete(after));
}

TEST_P(QueueContract, StatsCountEveryState) {
  const QueueStats empty = *queue().Stats();
  EXPECT_EQ(empty.waiting + empty.delayed + empty.active, 0);
  EXPECT_EQ(empty.oldest_waiting, absl::ZeroDuration());
  Add("active");
  AcquireOne();
  Add("delayed", 0, kLong);
  Add("old", -5);
  harness_->Pass(kShort);
  Add("young", 5);
  const QueueStats stats = *queue().Stats();
  EXPECT_EQ(stats.waiting, 2);
  EXPECT_EQ(stats.delayed, 1);
  EXPECT_EQ(stats.active, 1);
  EXPECT_GE(stats.oldest_waiting, kShort);
  EXPECT_LT(stats.oldest_waiting, absl::Minutes(5));
}

TEST_P(QueueContract, ArgumentsOutsideTheirLimitsAreRefusedWhole) {
  const Job good{.id = "op-a", .kind = "k", .payload = ""};
  std::vector<Job> bad(7, good);
  bad[0].id = "";
  bad[1].id = std::string(Job::kMaxIdBytes + 1, 'x');
  bad[2].kind = "";
  bad[3].payload = std::string(Job::kMaxPayloadBytes + 1, 'x');
  bad[4].priority = Job::kMaxPriority + 1;
  bad[5].priority = Job::kMinPriority - 1;
  bad[6].delay = -absl::Seconds(1);
  for (const Job& job : bad) EXPECT_TRUE(absl::IsInvalidArgument(queue().EnqueueMany({good, job}).status()));
  EXPECT_FALSE(Known("op-a"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      queue().EnqueueMany(std::vector<Job>(static_cast<size_t>(Queue::kMaxBatch) + 1, good)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Acquire(0, kLong).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Acquire(Queue::kMaxBatch + 1, kLong).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Acquire(1, absl::ZeroDuration()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Acquire(1, absl::Hours(25)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Renew({}, absl::ZeroDuration()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(queue().Retry({}, -absl::Seconds(1), "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      queue().Missing(std::vector<std::string>(static_cast<size_t>(Queue::kMaxBatch) + 1, "x")).status()));
}

TEST_P(QueueContract, OneLeaseTwiceInACallCountsOnce) {
  Add("op-a");
  const Lease lease = AcquireOne();
  EXPECT_EQ(*queue().Renew({lease, lease}, kLong),
            (std::vector<RenewOutcome>{RenewOutcome::kHeld, RenewOutcome::kHeld}));
  EXPECT_EQ(*queue().CompleteMany({lease, lease}), (std::vector<bool>{true, false}));
}

TEST_P(QueueContract, OfTwoLeasesOfAForgottenJobTheFirstToRenewHasIt) {
  Add("op-a");
  const Lease first = AcquireOne(kShort);
  harness_->Pass(kShort);
  const Lease second = AcquireOne();
  harness_->Forget();
  for (const bool enqueued_again : {false, true}) {
    if (enqueued_again) Add("op-a");
    EXPECT_EQ(*queue().Renew({second, first}, kLong),
              (std::vector<RenewOutcome>{RenewOutcome::kHeld, RenewOutcome::kLost}));
    EXPECT_TRUE(*queue().Complete(second));
  }
}

TEST_P(QueueContract, WaitForWorkTellsWorkFromNone) {
  EXPECT_FALSE(*queue().WaitForWork(absl::ZeroDuration()));
  EXPECT_FALSE(*queue().WaitForWork(absl::Milliseconds(20)));
  Add("op-a");
  EXPECT_TRUE(*queue().WaitForWork(absl::Milliseconds(20)));
  AcquireOne(kShort);
  harness_->Pass(kShort);
  EXPECT_TRUE(*queue().WaitForWork(absl::Milliseconds(20)));  // the lease ran out
  EXPECT_THAT(AcquireIds(1), testing::ElementsAre("op-a"));
  Add("op-b", 0, kShort);
  harness_->Pass(kShort);
  EXPECT_TRUE(*queue().WaitForWork(absl::Milliseconds(20)));  // the delay is over
}

TEST_P(QueueContract, AWaiterIsWokenByAnotherThread) {
  std::thread adder([this] { Add("op-a"); });
  bool found = false;
  for (int i = 0; i < 4000 && !found; ++i) {
    const absl::StatusOr<bool> ready = queue().WaitForWork(absl::Seconds(10));
    ASSERT_TRUE(ready.ok()) << ready.status();
    found = *ready && AcquireIds(1).size() == 1;
  }
  adder.join();
  EXPECT_TRUE(found);
}

TEST_P(QueueContract, ManyThreadsShareTheJobsEachOnce) {
  constexpr int kJobs = 400;
  std::vector<Job> jobs;
  jobs.reserve(kJobs);
  for (int i = 0; i < kJobs; ++i) jobs.push_back({.id = absl::StrCat("op-", i), .kind = "k", .payload = ""});
  ASSERT_EQ(*queue().EnqueueMany(jobs), kJobs);
  absl::Mutex mutex;
  std::map<std::string, int> seen;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      while (true) {
        const absl::StatusOr<std::vector<Lease>> leases = queue().Acquire(7, kLong);
        ASSERT_TRUE(leases.ok()) << leases.status();
        if (leases->empty()) return;
        absl::MutexLock lock(&mutex);
        for (const Lease& lease : *leases) ++seen[lease.job.id];
        ASSERT_EQ(*queue().CompleteMany(*leases), std::vector<bool>(leases->size(), true));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), static_cast<size_t>(kJobs));
  for (const auto& [id, times] : seen) EXPECT_EQ(times, 1) << id;
  const QueueStats stats = *queue().Stats();
  EXPECT_EQ(stats.waiting + stats.active, 0);
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_QUEUE_CONTRACT_H_
