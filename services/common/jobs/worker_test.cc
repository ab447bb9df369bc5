#include "common/jobs/worker.h"

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/held_leases.h"
#include "common/jobs/job_runner.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/submitter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

constexpr absl::Duration kLease = absl::Seconds(15);

TEST(RetryPolicyTest, BackoffDoublesToTheCapUnderFullJitter) {
  const RetryPolicy policy{.base = absl::Seconds(1), .cap = absl::Seconds(10)};
  EXPECT_EQ(BackoffDelay(policy, 1, 0.0), absl::ZeroDuration());
  EXPECT_EQ(BackoffDelay(policy, 1, 0.5), absl::Milliseconds(500));
  EXPECT_EQ(BackoffDelay(policy, 3, 0.5), absl::Seconds(2));
  EXPECT_EQ(BackoffDelay(policy, 5, 0.5), absl::Seconds(5));
  EXPECT_EQ(BackoffDelay(policy, 1'000'000, 0.5), absl::Seconds(5));
  EXPECT_EQ(BackoffDelay(policy, 0, 0.5), absl::Milliseconds(500));
  const RandomSource random = SystemRandomSource();
  for (int i = 0; i < 1000; ++i) {
    const double uniform = random();
    ASSERT_GE(uniform, 0.0);
    ASSERT_LT(uniform, 1.0);
  }
}

// One job from lease to outcome, on one thread and a clock that stands still.
class JobRunnerTest : public testing::Test {
 protected:
  JobRunnerTest() {
    options_.retry.base = absl::Seconds(4);
    options_.retry.max_attempts = 3;
    options_.retry.max_claims = 5;
  }
  void Submit(const std::string& id, const std::string& kind = "test.work") {
    ASSERT_TRUE(store_.Create({.id = id, .kind = kind, .payload = "p", .target = ""}, "ann", clock_.Now()).ok());
    QueueSubmitter(queue_).Submit({.id = id, .kind = kind, .payload = "p", .target = ""});
  }
  void Handle(Handler handler) { handlers_["test.work"] = std::move(handler); }
  // Leases the next job and runs it; false when none is ready.
  bool RunNext() {
    const std::vector<Lease> leases = *queue_.Acquire(1, kLease);
    if (leases.empty()) return false;
    const Worker::Parts parts{&queue_, &store_, &handlers_, &clock_, &counters_, [] { return 0.5; }};
    JobRunner runner(parts, options_, held_, draining_);
    auto signals = std::make_shared<JobSignals>();
    runner.Run(leases[0], held_.Add(leases[0], signals), signals);
    EXPECT_TRUE(held_.TakeAll().empty());  // whatever happened, the lease is not renewed any more
    return true;
  }
  Operation Get(const std::string& id) { return *store_.Get(id); }
  bool Known(const std::string& id) { return queue_.Missing({id})->empty(); }
  Handler Committing() {
    return [this](JobContext& context) {
      return store_.Commit(context.claim(), "answer", clock_.Now(), [this] { ++effects_; });
    };
  }

  FakeClock clock_;
  FakeQueue queue_{clock_};
  FakeOperationStore store_;
  HandlerMap handlers_;
  JobCounters counters_;
  WorkerOptions options_;
  HeldLeases held_;
  std::atomic<bool> draining_{false};
  int effects_ = 0;
};

TEST_F(JobRunnerTest, SuccessCompletesTheJob) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    EXPECT_EQ(context.operation().payload, "p");
    return Committing()(context);
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kSucceeded);
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(effects_, 1);
  EXPECT_EQ(counters_.claimed, 1);
  EXPECT_EQ(counters_.succeeded, 1);
}

TEST_F(JobRunnerTest, ARetryableErrorComesAgainAfterItsBackoffUntilTheLimit) {
  Submit("op-a");
  Handle([](JobContext&) { return absl::ResourceExhaustedError("busy"); });
  for (const int64_t backoff_s : {2, 4}) {  // half of 4 s, of 8 s
    ASSERT_TRUE(RunNext());
    EXPECT_EQ(Get("op-a").state, OperationState::kPending);
    clock_.Advance(absl::Seconds(backoff_s) - absl::Milliseconds(1));
    EXPECT_FALSE(RunNext());
    clock_.Advance(absl::Milliseconds(1));
  }
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kFailed);
  EXPECT_EQ(Get("op-a").error.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(counters_.retried, 2);
  EXPECT_EQ(counters_.failed, 1);
}

TEST_F(JobRunnerTest, APermanentErrorFailsAtOnceWithItsDetail) {
  for (const absl::Status& error :
       {InvalidField("row 2", "x", "must be a number"), NotFound("studies/a"), absl::FailedPreconditionError("closed"),
        absl::OutOfRangeError("end"), absl::UnimplementedError("no")}) {
    const std::string id = absl::StrCat("op-", static_cast<int>(error.code()));
    Submit(id);
    Handle([&](JobContext&) { return error; });
    ASSERT_TRUE(RunNext());
    EXPECT_EQ(Get(id).state, OperationState::kFailed);
    EXPECT_EQ(Get(id).error, error);
    EXPECT_FALSE(Known(id));
  }
  EXPECT_EQ(counters_.failed, 5);
  EXPECT_EQ(counters_.retried, 0);
}

TEST_F(JobRunnerTest, AKindWithoutAHandlerFails) {
  Submit("op-a", "test.unknown");
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(GetErrorDetail(Get("op-a").error)->reason, "UNKNOWN_OPERATION_KIND");
}

TEST_F(JobRunnerTest, AHandlerThatThrowsIsRetriedAndItsTextKept) {
  Submit("op-a");
  Handle([](JobContext&) -> absl::Status { throw std::runtime_error("name of a child"); });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kPending);
  EXPECT_EQ(counters_.retried, 1);
}

TEST_F(JobRunnerTest, SuccessWithoutACommitIsAFailure) {
  Submit("op-a");
  Handle([](JobContext&) { return absl::OkStatus(); });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(GetErrorDetail(Get("op-a").error)->reason, "HANDLER_WITHOUT_COMMIT");
  EXPECT_FALSE(Known("op-a"));
}

TEST_F(JobRunnerTest, CancellationReachesTheHandlerWithinASecond) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    EXPECT_TRUE(context.ShouldStop().ok());
    EXPECT_TRUE(store_.RequestCancel("op-a", clock_.Now()).ok());
    clock_.Advance(absl::Milliseconds(999));
    EXPECT_TRUE(context.ShouldStop().ok());  // the record is asked once a second at most
    clock_.Advance(absl::Milliseconds(1));
    EXPECT_TRUE(absl::IsCancelled(context.ShouldStop()));
    return context.ShouldStop();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kCancelled);
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(counters_.cancelled, 1);
}

TEST_F(JobRunnerTest, ACancelledOperationWhoseWorkerDiedIsNotRunAgain) {
  Submit("op-a");
  ASSERT_TRUE(store_.Claim("op-a", clock_.Now()).ok());
  ASSERT_TRUE(store_.RequestCancel("op-a", clock_.Now()).ok());
  Handle([](JobContext&) -> absl::Status {
    ADD_FAILURE() << "must not run";
    return absl::OkStatus();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kCancelled);
}

TEST_F(JobRunnerTest, AStaleCommitIsRefusedCountedAndNotRetried) {
  Submit("op-a");
  Claim other;
  Handle([&](JobContext& context) {
    other = {"op-a", store_.Claim("op-a", clock_.Now())->token};  // another worker
    return Committing()(context);
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(effects_, 0);
  EXPECT_EQ(counters_.stale_commits_refused, 1);
  EXPECT_EQ(counters_.retried, 0);
  EXPECT_EQ(Get("op-a").state, OperationState::kRunning);
  ASSERT_TRUE(store_.Commit(other, "answer of the other", clock_.Now()).ok());
  clock_.Advance(kLease);
  ASSERT_TRUE(RunNext());  // delivered once more, and dropped
  EXPECT_EQ(Get("op-a").result, "answer of the other");
  EXPECT_EQ(counters_.dropped, 1);
  EXPECT_FALSE(Known("op-a"));
}

TEST_F(JobRunnerTest, JobsOfFinishedAndUnknownOperationsAreDropped) {
  Submit("op-a");
  ASSERT_TRUE(store_.RequestCancel("op-a", clock_.Now()).ok());
  ASSERT_TRUE(*queue_.Enqueue({.id = "op-none", .kind = "test.work", .payload = ""}));
  ASSERT_TRUE(RunNext());
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(counters_.dropped, 2);
  EXPECT_FALSE(Known("op-a"));
  EXPECT_FALSE(Known("op-none"));
}

TEST_F(JobRunnerTest, TroubleWithTheRecordFailsNothing) {
  Submit("op-a");
  Handle(Committing());
  store_.FailNext(1, absl::UnavailableError("database away"));
  ASSERT_TRUE(RunNext());  // cannot claim
  EXPECT_EQ(Get("op-a").state, OperationState::kPending);
  EXPECT_TRUE(Known("op-a"));
  clock_.Advance(absl::Minutes(5));
  Handle([this](JobContext&) {
    store_.FailNext(1, absl::UnavailableError("database away"));
    return absl::InvalidArgumentError("bad");  // and this cannot be recorded
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kRunning);
  EXPECT_TRUE(Known("op-a"));
  clock_.Advance(absl::Minutes(5));
  Handle(Committing());
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kSucceeded);
  EXPECT_EQ(effects_, 1);
}

TEST_F(JobRunnerTest, TroubleWithTheQueueAfterACommitDeliversAgainAndDrops) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    const absl::Status status = Committing()(context);
    queue_.FailNext(1, absl::UnavailableError("queue away"));
    return status;
  });
  ASSERT_TRUE(RunNext());
  EXPECT_TRUE(Known("op-a"));
  EXPECT_EQ(counters_.queue_errors, 1);
  clock_.Advance(kLease);
  ASSERT_TRUE(RunNext());
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(effects_, 1);
}

TEST_F(JobRunnerTest, AnOperationThatKillsItsWorkersIsGivenUp) {
  Submit("op-a");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(store_.Claim("op-a", clock_.Now()).ok());
  Handle([](JobContext&) -> absl::Status {
    ADD_FAILURE() << "must not run";
    return absl::OkStatus();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(GetErrorDetail(Get("op-a").error)->reason, "ATTEMPTS_EXHAUSTED");
}

TEST_F(JobRunnerTest, ADrainingWorkerGivesBackWithoutAPenalty) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    draining_ = true;
    return context.ShouldStop();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-a").state, OperationState::kPending);
  EXPECT_EQ(counters_.given_back, 1);
  EXPECT_EQ(queue_.Stats()->waiting, 1);  // ready for another worker at once
  ASSERT_TRUE(RunNext());                 // this one gives back without even a claim
  EXPECT_EQ(Get("op-a").attempts, 1);
}

TEST_F(JobRunnerTest, ProgressIsWrittenFourTimesASecondAtMost) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    for (int i = 0; i < 10; ++i) {
      context.ReportProgress({i, 10, "counting"});
      clock_.Advance(absl::Milliseconds(100));
    }
    EXPECT_EQ(Get("op-a").progress.done, 9);  // written at 0, 3, 6 and 9 tenths of a second
    context.ReportProgress({10, 10, "counting"});
    EXPECT_EQ(Get("op-a").progress.done, 9);
    return Committing()(context);
  });
  ASSERT_TRUE(RunNext());
}

TEST_F(JobRunnerTest, ALostLeaseStopsTheHandler) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    clock_.Advance(kLease);
    EXPECT_EQ(queue_.Acquire(1, kLease)->size(), 1u);  // another worker
    EXPECT_TRUE(held_.RenewAll(queue_, kLease, counters_).ok());
    EXPECT_TRUE(absl::IsAborted(context.ShouldStop()));
    return context.ShouldStop();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(counters_.leases_lost, 1);
  EXPECT_EQ(counters_.retried, 0);
  EXPECT_TRUE(Known("op-a"));  // the other's
}

TEST_F(JobRunnerTest, TheReconcilerBringsBackWhatTheQueueForgot) {
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

TEST_F(JobRunnerTest, TheReconcilerFreesJobsOfDeadWorkers) {
  Submit("op-a");
  ASSERT_EQ(queue_.Acquire(1, kLease)->size(), 1u);  // and then this worker dies
  clock_.Advance(kLease);
  Reconciler reconciler({&queue_, &store_, &clock_, &counters_}, {});
  EXPECT_EQ(*reconciler.RunOnce(), 0);
  EXPECT_EQ(counters_.recovered, 1);
  EXPECT_EQ(queue_.Stats()->waiting, 1);
}

// The real threads, on the real clock.
class WorkerTest : public testing::Test {
 protected:
  std::unique_ptr<Worker> Start(WorkerOptions options = {}) {
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
    const absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now(), [&] {
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
    const absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now());
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
      if (const absl::Status stop = context.ShouldStop(); !stop.ok()) return stop;
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
    const absl::Status status = store_.Commit(context.claim(), "", SystemClock().Now());
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

}  // namespace
}  // namespace plumbline::jobs
