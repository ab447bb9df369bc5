#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/submitter.h"
#include "common/jobs/worker.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

using testing::HasSubstr;

// A queue that breaks on demand and counts its calls.
class MoodyQueue : public FakeQueue {
 public:
  explicit MoodyQueue(Clock& clock) : FakeQueue(clock) {}
  absl::StatusOr<std::vector<Lease>> Acquire(int max, absl::Duration lease_duration) override {
    ++acquires;
    if (hold != nullptr && acquires > hold_after) hold->WaitForNotification();
    if (away) return absl::UnavailableError("away");
    if (stingy) return std::vector<Lease>();
    auto leases = FakeQueue::Acquire(max, lease_duration);
    if (reply_late != nullptr && leases.ok() && !leases->empty() && !leased.HasBeenNotified()) {
      leased.Notify();
      reply_late->WaitForNotification();
    }
    return leases;
  }
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases) override {
    ++completions;
    return FakeQueue::CompleteMany(leases);
  }

  std::atomic<bool> away{false};    // not reached
  std::atomic<bool> stingy{false};  // gives nothing, whatever it holds
  std::atomic<int> acquires{0};
  std::atomic<int> completions{0};
  absl::Notification* hold = nullptr;  // what each call of Acquire waits for, once there were so many of them
  std::atomic<int> hold_after{0};
  absl::Notification* reply_late = nullptr;  // what the first answer with a lease waits for, once it is given
  absl::Notification leased;
};

// The system's clock, which a test can set forward.
class JumpingClock : public Clock {
 public:
  absl::Time Now() const override { return SystemClock().Now() + absl::Seconds(ahead_s.load()); }
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override {
    ++sleeps;
    return SystemClock().SleepUnless(duration, mutex, stop);
  }
  std::atomic<int> ahead_s{0};
  std::atomic<int> sleeps{0};
};

class WorkerHealthTest : public testing::Test {
 protected:
  std::unique_ptr<Worker> Start(const WorkerOptions& options) {
    auto worker = std::make_unique<Worker>(
        Worker::Parts{&queue_, &store_, &handlers_, &SystemClock(), &counters_, nullptr}, options);
    worker->Start();
    return worker;
  }
  void Submit(const std::string& id) {
    const OperationDraft draft{.id = id, .kind = "test.work", .payload = "", .target = ""};
    ASSERT_TRUE(store_.Create(draft, "ann", SystemClock().Now()).ok());
    QueueSubmitter(queue_).Submit(draft);
  }
  void Commit() {
    handlers_["test.work"] = [this](JobContext& context) {
      return store_.Commit(context.claim(), "", SystemClock().Now(), [this] {
        absl::MutexLock lock(&mutex_);
        ++done_;
      });
    };
  }
  bool AwaitDone(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return done_ >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60));
  }
  static void Pause(absl::Duration duration) {
    absl::Mutex mutex;
    const bool never = false;
    SystemClock().SleepUnless(duration, mutex, never);
  }
  // Asks until `worker` says what is expected, or a minute is over.
  static absl::Status Await(const Worker& worker, bool ok) {
    const absl::Time end = SystemClock().Now() + absl::Minutes(1);
    while (worker.Health().ok() != ok && SystemClock().Now() < end) Pause(absl::Milliseconds(2));
    return worker.Health();
  }

  static constexpr absl::Duration kStuck = absl::Milliseconds(60);
  MoodyQueue queue_{SystemClock()};
  FakeOperationStore store_;
  HandlerMap handlers_;
  JobCounters counters_;
  absl::Mutex mutex_;
  int done_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_F(WorkerHealthTest, AQueueOutOfReachMattersWhileTheRecordHoldsWork) {
  Commit();
  queue_.away = true;
  const auto worker = Start({.stuck_after = kStuck});
  Pause(kStuck * 2);
  EXPECT_TRUE(worker->Health().ok());  // nobody waits for anything
  Submit("op-a");
  EXPECT_THAT(std::string(Await(*worker, false).message()), HasSubstr("the record holds unfinished work"));
  store_.FailNext(1, absl::UnavailableError("database away"));
  EXPECT_THAT(std::string(worker->Health().message()), HasSubstr("the record cannot be read"));
  queue_.away = false;
  EXPECT_TRUE(Await(*worker, true).ok());
  EXPECT_TRUE(AwaitDone(1));
}

TEST_F(WorkerHealthTest, ABacklogThatNobodyGetsMatters) {
  Commit();
  queue_.stingy = true;
  const auto worker = Start({.stuck_after = kStuck});
  Pause(kStuck * 2);
  EXPECT_TRUE(worker->Health().ok());  // there is nothing to give
  Submit("op-a");
  const absl::Status stuck = Await(*worker, false);
  EXPECT_TRUE(absl::IsUnavailable(stuck));
  EXPECT_THAT(std::string(stuck.message()), HasSubstr("jobs are ready and nobody has one"));
  queue_.stingy = false;
  EXPECT_TRUE(AwaitDone(1));
  EXPECT_TRUE(Await(*worker, true).ok());
}

TEST_F(WorkerHealthTest, ABacklogBehindTheJobsOfOthersIsNoTrouble) {
  Commit();
  Submit("op-other");
  ASSERT_EQ(queue_.FakeQueue::Acquire(1, absl::Minutes(5))->size(), 1u);
  queue_.stingy = true;  // as a queue that has as many active jobs as its limit allows
  Submit("op-a");
  const auto worker = Start({.stuck_after = kStuck});
  Pause(kStuck * 3);
  EXPECT_TRUE(worker->Health().ok());
}

TEST_F(WorkerHealthTest, AWorkerWithAllThreadsBusyIsHealthyAndSoIsOneThatDrains) {
  absl::Notification started;
  absl::Notification let_go;
  handlers_["test.work"] = [&](JobContext& context) {
    if (context.operation().id == "op-a") started.Notify();
    let_go.WaitForNotification();
    return store_.Commit(context.claim(), "", SystemClock().Now());
  };
  Submit("op-a");
  const auto worker = Start({.threads = 1, .stuck_after = kStuck});
  started.WaitForNotification();
  queue_.away = true;
  Submit("op-b");
  Pause(kStuck * 3);
  EXPECT_TRUE(worker->Health().ok());
  let_go.Notify();
  EXPECT_FALSE(Await(*worker, false).ok());  // now it has a free thread, and does not reach the queue
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_TRUE(worker->Health().ok());
}

TEST_F(WorkerHealthTest, ShortJobsAreLeasedAndCompletedManyAtATime) {
  constexpr int kJobs = 5000;
  Commit();
  std::vector<Job> jobs;
  for (int i = 0; i < kJobs; ++i) {
    const std::string id = absl::StrCat("op-", i);
    ASSERT_TRUE(
        store_.Create({.id = id, .kind = "test.work", .payload = "", .target = ""}, "ann", SystemClock().Now()).ok());
    jobs.push_back({.id = id, .kind = "test.work", .payload = ""});
    if (jobs.size() == 1000) {
      ASSERT_TRUE(queue_.EnqueueMany(jobs).ok());
      jobs.clear();
    }
  }
  const auto worker = Start({.threads = 2});
  ASSERT_TRUE(AwaitDone(kJobs));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_EQ(queue_.Stats()->active + queue_.Stats()->waiting, 0);
  EXPECT_EQ(counters_.succeeded, kJobs);
  // One call each would be 5000 of both.
  EXPECT_LT(queue_.acquires, kJobs / 10);
  EXPECT_LT(queue_.completions, kJobs / 10);
}

TEST_F(WorkerHealthTest, WhatWasLeasedAheadBehindLongJobsIsGivenBack) {
  absl::Notification let_go;
  std::atomic<bool> slow{false};
  handlers_["test.work"] = [&](JobContext& context) {
    if (slow) let_go.WaitForNotification();
    return store_.Commit(context.claim(), "", SystemClock().Now(), [this] {
      absl::MutexLock lock(&mutex_);
      ++done_;
    });
  };
  const auto worker = Start({.threads = 2, .lease_ahead = absl::Seconds(1)});
  for (int i = 0; i < 20; ++i) Submit(absl::StrCat("op-quick-", i));
  ASSERT_TRUE(AwaitDone(20));
  slow = true;
  for (int i = 0; i < 30; ++i) Submit(absl::StrCat("op-slow-", i));
  const absl::Time end = SystemClock().Now() + absl::Minutes(1);
  while (counters_.given_back < 28 && SystemClock().Now() < end) Pause(absl::Milliseconds(5));
  EXPECT_EQ(counters_.given_back, 28);
  EXPECT_EQ(queue_.Stats()->active, 2);  // what runs; the others are there for another worker
  let_go.Notify();
  ASSERT_TRUE(AwaitDone(50));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_EQ(counters_.succeeded, 50);
  EXPECT_EQ(counters_.retried, 0);
}

// As after SIGSTOP and SIGCONT: the process does not know that it stood still.
TEST_F(WorkerHealthTest, AWorkerThatStoodStillDoesNotClaimUnderLeasesThatRanOut) {
  JumpingClock clock;
  MoodyQueue queue(clock);
  absl::Notification started;
  absl::Notification let_go;
  absl::Notification no_more;
  handlers_["test.work"] = [&](JobContext& context) {
    if (context.operation().id == "op-long") {
      started.Notify();
      let_go.WaitForNotification();
    }
    return store_.Commit(context.claim(), "", clock.Now(), [this] {
      absl::MutexLock lock(&mutex_);
      ++done_;
    });
  };
  for (const std::string id : {"op-quick", "op-long", "op-ahead"}) {
    const OperationDraft draft{.id = id, .kind = "test.work", .payload = "", .target = ""};
    ASSERT_TRUE(store_.Create(draft, "ann", clock.Now()).ok());
    QueueSubmitter(queue).Submit(draft);
  }
  // The first Acquire gives one job for the one thread, the second, with its pace known, both of the others.
  queue.hold_after = 2;
  queue.hold = &no_more;
  Worker worker({&queue, &store_, &handlers_, &clock, &counters_, nullptr},
                {.threads = 1, .lease_ahead = absl::Seconds(1)});
  worker.Start();
  started.WaitForNotification();
  while (queue.acquires <= 2) Pause(absl::Milliseconds(1));  // the acquiring thread is held in its third call
  clock.ahead_s = 60;
  const std::vector<Lease> others = *queue.FakeQueue::Acquire(9, absl::Minutes(5));
  ASSERT_EQ(others.size(), 2u);  // both leases had run out
  const Operation theirs = *store_.Claim("op-ahead", clock.Now());
  let_go.Notify();
  ASSERT_TRUE(AwaitDone(2));
  const absl::Time end = SystemClock().Now() + absl::Minutes(1);
  while (counters_.given_back == 0 && SystemClock().Now() < end) Pause(absl::Milliseconds(1));
  EXPECT_EQ(store_.Get("op-ahead")->token, theirs.token);
  EXPECT_TRUE(store_.Commit({"op-ahead", theirs.token}, "theirs", clock.Now()).ok());
  EXPECT_EQ(counters_.stale_commits_refused, 0);
  no_more.Notify();
  EXPECT_TRUE(worker.Drain(absl::Seconds(30)).ok());
}

// The lease began before the renewal and is not part of it: the renewal's time says nothing about it.
TEST_F(WorkerHealthTest, ALeaseWhoseAnswerComesAfterARenewalIsNoFresherForIt) {
  JumpingClock clock;
  MoodyQueue queue(clock);
  absl::Notification arrives;
  queue.reply_late = &arrives;
  handlers_["test.work"] = [&](JobContext& context) { return store_.Commit(context.claim(), "", clock.Now()); };
  const OperationDraft draft{.id = "op-a", .kind = "test.work", .payload = "", .target = ""};
  ASSERT_TRUE(store_.Create(draft, "ann", clock.Now()).ok());
  QueueSubmitter(queue).Submit(draft);
  Worker worker({&queue, &store_, &handlers_, &clock, &counters_, nullptr},
                {.threads = 1, .lease = absl::Milliseconds(300)});
  worker.Start();
  queue.leased.WaitForNotification();
  clock.ahead_s = 60;
  ASSERT_EQ(queue.FakeQueue::Acquire(9, absl::Minutes(5))->size(), 1u);  // the lease had run out
  const Operation theirs = *store_.Claim("op-a", clock.Now());
  // Only the heartbeat sleeps now. Between two of its sleeps there is a whole renewal.
  const int slept = clock.sleeps;
  while (clock.sleeps < slept + 2) Pause(absl::Milliseconds(1));
  arrives.Notify();
  const absl::Time end = SystemClock().Now() + absl::Minutes(1);
  while (counters_.given_back == 0 && SystemClock().Now() < end) Pause(absl::Milliseconds(1));
  EXPECT_EQ(store_.Get("op-a")->token, theirs.token);
  EXPECT_TRUE(store_.Commit({"op-a", theirs.token}, "theirs", clock.Now()).ok());
  EXPECT_EQ(counters_.stale_commits_refused, 0);
  EXPECT_TRUE(worker.Drain(absl::Seconds(30)).ok());
}

TEST_F(WorkerHealthTest, AskingInVainSlowsDown) {
  Commit();
  queue_.stingy = true;
  Submit("op-a");
  const auto worker = Start({});
  Pause(absl::Milliseconds(600));
  // Pauses of 1, 2, 4 ... 100 ms: about 3 + 7 + 5 calls. Without them there would be thousands.
  EXPECT_LT(queue_.acquires, 40);
}

}  // namespace
}  // namespace plumbline::jobs
