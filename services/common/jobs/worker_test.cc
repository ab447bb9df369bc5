#include "common/jobs/worker.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/submitter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

// The real threads, on the real clock.
class WorkerTest : public testing::Test {
 protected:
  std::unique_ptr<Worker> Start(const WorkerOptions& options = {}) {
    auto worker = std::make_unique<Worker>(
        Worker::Parts{&queue_, &store_, &handlers_, &SystemClock(), &counters_, nullptr}, options);
    worker->Start();
    return worker;
  }
  void Submit(const std::string& id) {
    ASSERT_TRUE(
        store_.Create({.id = id, .kind = "test.work", .payload = "", .target = ""}, "ann", SystemClock().Now()).ok());
    QueueSubmitter(queue_).Submit({.id = id, .kind = "test.work", .payload = "", .target = ""});
  }

  FakeQueue queue_{SystemClock()};
  FakeOperationStore store_;
  HandlerMap handlers_;
  JobCounters counters_;
};

TEST_F(WorkerTest, ManyJobsOnManyThreadsEachOnce) {
  constexpr int kJobs = 300;
  std::atomic<int> effects{0};
  absl::Notification all;
  handlers_["test.work"] = [&](JobContext& context) {
    absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now(), [&] {
      if (++effects == kJobs) all.Notify();
    });
    return status;
  };
  const std::unique_ptr<Worker> worker = Start({.threads = 4});
  for (int i = 0; i < kJobs; ++i) Submit(absl::StrCat("op-", i));
  ASSERT_TRUE(all.WaitForNotificationWithTimeout(absl::Seconds(60)));
  EXPECT_TRUE(worker->Drain(absl::Seconds(60)).ok());
  EXPECT_EQ(effects, kJobs);
  EXPECT_EQ(counters_.succeeded, kJobs);
  EXPECT_EQ(queue_.Stats()->waiting + queue_.Stats()->active, 0);
  EXPECT_GT(worker->last_contact(), absl::InfinitePast());
}

TEST_F(WorkerTest, AHandlerLongerThanItsLeaseKeepsItByRenewing) {
  absl::Notification let_go;
  absl::Notification done;
  std::atomic<int> runs{0};
  handlers_["test.work"] = [&](JobContext& context) {
    ++runs;
    let_go.WaitForNotification();
    absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now());
    done.Notify();
    return status;
  };
  const auto worker = Start({.threads = 3, .lease = absl::Milliseconds(300)});
  Submit("op-a");
  absl::Mutex mutex;
  const bool never = false;
  SystemClock().SleepUnless(absl::Milliseconds(900), mutex, never);  // three leases
  let_go.Notify();
  done.WaitForNotification();
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(counters_.succeeded, 1);
}

TEST_F(WorkerTest, DrainTellsHandlersAndGivesBack) {
  absl::Notification started;
  handlers_["test.work"] = [&](JobContext& context) {
    started.Notify();
    absl::Mutex mutex;
    const bool never = false;
    while (true) {
      if (absl::Status stop = context.ShouldStop(); !stop.ok()) return stop;
      SystemClock().SleepUnless(absl::Milliseconds(1), mutex, never);
    }
  };
  const auto worker = Start();
  Submit("op-a");
  started.WaitForNotification();
  EXPECT_TRUE(worker->Drain(absl::Seconds(5)).ok());
  EXPECT_EQ(store_.Get("op-a")->state, OperationState::kPending);
  EXPECT_EQ(queue_.Stats()->waiting, 1);
  EXPECT_EQ(counters_.given_back, 1);
  Submit("op-b");
  EXPECT_EQ(worker->running(), 0);
  EXPECT_EQ(queue_.Stats()->waiting, 2);  // a drained worker takes nothing
}

TEST_F(WorkerTest, WhatStillRunsAtTheDeadlineIsGivenBackAndItsCommitRefused) {
  absl::Notification started;
  absl::Notification let_go;
  std::atomic<int> effects{0};
  handlers_["test.work"] = [&](JobContext& context) {
    started.Notify();
    let_go.WaitForNotification();  // deaf to ShouldStop
    return store_.Commit(context.claim(), "late", SystemClock().Now(), [&] { ++effects; });
  };
  auto worker = Start();
  Submit("op-a");
  started.WaitForNotification();
  EXPECT_TRUE(absl::IsDeadlineExceeded(worker->Drain(absl::Milliseconds(50))));
  EXPECT_EQ(store_.Get("op-a")->state, OperationState::kPending);
  EXPECT_EQ(queue_.Stats()->waiting, 1);
  let_go.Notify();
  worker.reset();  // joins
  EXPECT_EQ(effects, 0);
  EXPECT_EQ(counters_.stale_commits_refused, 1);
  EXPECT_EQ(store_.Get("op-a")->state, OperationState::kPending);
  EXPECT_EQ(queue_.Stats()->waiting, 1);
}

TEST_F(WorkerTest, AWorkerWithoutItsQueueGoesOnWhenItIsBack) {
  absl::Notification done;
  handlers_["test.work"] = [&](JobContext& context) {
    absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now());
    done.Notify();
    return status;
  };
  queue_.FailNext(3, absl::UnavailableError("queue away"));
  const auto worker = Start();
  ASSERT_TRUE(
      store_.Create({.id = "op-a", .kind = "test.work", .payload = "", .target = ""}, "ann", SystemClock().Now()).ok());
  Reconciler reconciler({&queue_, &store_, &SystemClock(), &counters_},
                        {.interval = absl::Milliseconds(20), .min_age = absl::ZeroDuration()});
  reconciler.Start();
  ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_GE(counters_.queue_errors, 3);
}

TEST_F(WorkerTest, ADrainAtAnyMomentLeavesNothingBehind) {
  constexpr int kJobs = 3000;
  constexpr int kDrains = 25;
  std::atomic<int> effects{0};
  handlers_["test.work"] = [&](JobContext& context) {
    return store_.Commit(context.claim(), "", SystemClock().Now(), [&] { ++effects; });
  };
  for (int i = 0; i < kJobs; ++i) Submit(absl::StrCat("op-", i));
  for (int drain = 0; drain < kDrains; ++drain) {
    const auto worker = Start({.threads = 3});
    while (effects < kJobs * drain / (2 * kDrains)) std::this_thread::yield();
    ASSERT_TRUE(worker->Drain(absl::Seconds(30)).ok());
    // Nothing is held, what ended is complete, and everything else is there for another worker.
    ASSERT_EQ(queue_.Stats()->active, 0);
    ASSERT_EQ(queue_.Stats()->waiting, kJobs - effects);
  }
  const auto worker = Start({.threads = 3});
  while (effects < kJobs) std::this_thread::yield();
  EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  EXPECT_EQ(counters_.succeeded, kJobs);
  EXPECT_EQ(counters_.stale_commits_refused, 0);
}

TEST(WorkerLimitTest, AQueueThatLimitsItsActiveJobsIsServedToTheEnd) {
  constexpr int kJobs = 200;
  FakeQueue queue(SystemClock(), {.max_active = 2});
  FakeOperationStore store;
  JobCounters counters;
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  absl::Notification all;
  const HandlerMap handlers = {{"test.work", [&](JobContext& context) {
                                  const int now = ++running;
                                  for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
                                  }
                                  std::this_thread::yield();
                                  --running;
                                  absl::Status status = store.Commit(context.claim(), "", SystemClock().Now());
                                  if (++done == kJobs) all.Notify();
                                  return status;
                                }}};
  for (int i = 0; i < kJobs; ++i) {
    const OperationDraft draft{.id = absl::StrCat("op-", i), .kind = "test.work", .payload = "", .target = ""};
    ASSERT_TRUE(store.Create(draft, "ann", SystemClock().Now()).ok());
    QueueSubmitter(queue).Submit(draft);
  }
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 2; ++i) {
    workers.push_back(std::make_unique<Worker>(
        Worker::Parts{&queue, &store, &handlers, &SystemClock(), &counters, nullptr}, WorkerOptions{.threads = 4}));
    workers.back()->Start();
  }
  EXPECT_TRUE(all.WaitForNotificationWithTimeout(absl::Seconds(60)));
  for (const std::unique_ptr<Worker>& worker : workers) {
    EXPECT_TRUE(worker->Health().ok());
    EXPECT_TRUE(worker->Drain(absl::Seconds(30)).ok());
  }
  EXPECT_LE(most, 2);
  EXPECT_EQ(counters.succeeded, kJobs);
}

}  // namespace
}  // namespace plumbline::jobs
