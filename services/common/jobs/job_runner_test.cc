#include "common/jobs/job_runner.h"

#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/job_runner_test_util.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

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

TEST_F(JobRunnerTest, AKindMayHaveARetryPolicyOfItsOwn) {
  const Handler aborts = [](JobContext&) { return absl::AbortedError("conflict"); };
  const Handler missing = [](JobContext&) { return NotFound("studies/not-yet"); };
  handlers_ = {
      {"test.once", {aborts, {.max_attempts = 1}}},
      {"test.strict", {aborts, {.non_retryable = {absl::StatusCode::kAborted}}}},
      {"test.usual", aborts},
      {"test.patient", {missing, {.base = absl::Seconds(60), .cap = absl::Minutes(9), .non_retryable = {}}}},
  };
  for (const std::string name : {"once", "strict", "usual", "patient"}) Submit("op-" + name, "test." + name);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-once").state, OperationState::kFailed);
  EXPECT_EQ(Get("op-strict").state, OperationState::kFailed);
  EXPECT_EQ(Get("op-usual").state, OperationState::kPending);
  EXPECT_EQ(Get("op-patient").state, OperationState::kPending);
  clock_.Advance(absl::Seconds(2));  // half of the worker's base
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(Get("op-usual").attempts, 2);
  EXPECT_FALSE(RunNext());
  clock_.Advance(absl::Seconds(28));  // and half of its own
  while (Get("op-patient").attempts < 2) ASSERT_TRUE(RunNext());
}

TEST_F(JobRunnerTest, AnErrorThatSaysWhenToComeAgainIsHeeded) {
  Submit("op-a");
  Handle([](JobContext&) {
    return MakeError(absl::StatusCode::kResourceExhausted, "the peer is full",
                     {.reason = "FULL", .metadata = {}, .violations = {}, .retry_after = absl::Seconds(50)});
  });
  ASSERT_TRUE(RunNext());
  clock_.Advance(absl::Seconds(49));
  EXPECT_FALSE(RunNext());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(RunNext());
}

TEST_F(JobRunnerTest, TroubleWithTheDatabaseFailsNothing) {
  options_.retry.max_attempts = 1;
  for (const char* reason : {kDatabaseUnavailable, kCommitUnknown, kDatabaseFull}) {
    const std::string id = absl::StrCat("op-", reason);
    Submit(id);
    Handle([reason](JobContext&) {
      return MakeError(absl::StatusCode::kUnavailable, "the database is not there",
                       {.reason = reason, .metadata = {}, .violations = {}, .retry_after = {}});
    });
    ASSERT_TRUE(RunNext());
    EXPECT_EQ(Get(id).state, OperationState::kPending) << reason;
    Handle([](JobContext&) { return absl::UnavailableError("a peer is not there"); });
    clock_.Advance(absl::Seconds(4));
    ASSERT_TRUE(RunNext());
    EXPECT_EQ(Get(id).state, OperationState::kFailed) << reason;
  }
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
    EXPECT_TRUE(store_.RequestCancel("op-a", clock_.Now(), "oper").ok());
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
  ASSERT_TRUE(store_.RequestCancel("op-a", clock_.Now(), "oper").ok());
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
  ASSERT_TRUE(store_.RequestCancel("op-a", clock_.Now(), "oper").ok());
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
    absl::Status status = Committing()(context);
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

TEST_F(JobRunnerTest, WhatTheQueueCouldNotBeToldItIsToldTheNextTime) {
  Submit("op-a");
  Submit("op-b");
  Handle([this](JobContext& context) {
    absl::Status status = Committing()(context);
    if (context.operation().id == "op-a") queue_.FailNext(1, absl::UnavailableError("connection cut"));
    return status;
  });
  ASSERT_TRUE(RunNext());
  EXPECT_TRUE(Known("op-a"));
  ASSERT_TRUE(RunNext());
  EXPECT_FALSE(Known("op-a"));  // long before its lease runs out
  EXPECT_FALSE(Known("op-b"));
  EXPECT_EQ(counters_.dropped, 0);
  EXPECT_EQ(effects_, 2);
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
    EXPECT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
    EXPECT_TRUE(absl::IsAborted(context.ShouldStop()));
    return context.ShouldStop();
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(counters_.leases_lost, 1);
  EXPECT_EQ(counters_.retried, 0);
  EXPECT_TRUE(Known("op-a"));  // the other's
}

}  // namespace
}  // namespace plumbline::jobs
