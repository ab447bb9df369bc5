#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/job_runner_test_util.h"
#include "common/jobs/reconciler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// A parent of many parts, from its first run to its last, through runner, queue and record.
namespace plumbline::jobs {
namespace {

class FanOutTest : public JobRunnerTest {
 protected:
  FanOutTest() {
    Handle([this](JobContext& context) { return context.operation().children_done ? Join(context) : Split(context); });
    handlers_["test.part"] = Committing();
  }
  absl::Status Split(JobContext& context) { return store_.FanOut(context.claim(), Parts(), clock_.Now()); }
  absl::Status Join(JobContext& context) {
    const std::vector<Operation> children = store_.ListChildren(context.operation().id, 100, "")->operations;
    return store_.Commit(context.claim(), absl::StrCat("joined ", children.size()), clock_.Now(),
                         [this] { ++effects_; });
  }
  std::vector<OperationDraft> Parts() const {
    std::vector<OperationDraft> drafts;
    drafts.reserve(static_cast<size_t>(parts_));
    for (int i = 0; i < parts_; ++i) {
      drafts.push_back(
          {.id = absl::StrCat("op-a-", i), .kind = "test.part", .payload = "", .target = "", .priority = 3});
    }
    return drafts;
  }
  OperationState StateOf(const std::string& id) { return Get(id).state; }
  Reconciler MakeReconciler() { return Reconciler({&queue_, &store_, &clock_, &counters_}, {}); }

  int parts_ = 5;
};

TEST_F(FanOutTest, AParentSplitsWaitsAndJoins) {
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kWaiting);
  EXPECT_FALSE(Known("op-a"));  // else it could not be enqueued again
  EXPECT_EQ(queue_.Stats()->waiting, 5);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kWaiting);
  EXPECT_FALSE(Known("op-a"));
  ASSERT_TRUE(RunNext());  // the last part brings the parent
  EXPECT_EQ(StateOf("op-a"), OperationState::kPending);
  EXPECT_TRUE(Known("op-a"));
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
  EXPECT_EQ(Get("op-a").result, "joined 5");
  EXPECT_FALSE(RunNext());
  EXPECT_EQ(effects_, 6);
  EXPECT_EQ(counters_.fanned_out, 1);
  EXPECT_EQ(counters_.joined, 1);
  EXPECT_EQ(counters_.succeeded, 6);
}

TEST_F(FanOutTest, MoreChildrenThanAPageAreAllEnqueuedWithTheirPriority) {
  parts_ = 1201;
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(queue_.Stats()->waiting, parts_);
  const std::vector<Lease> leases = *queue_.Acquire(1, kLease);
  EXPECT_EQ(leases.at(0).job.priority, 3);
  EXPECT_EQ(leases.at(0).job.kind, "test.part");
}

TEST_F(FanOutTest, AFailedPartFailsTheWholeAndTheOthersAreDropped) {
  handlers_["test.part"] = [](JobContext&) { return InvalidField("row 7", "x", "must be a number"); };
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kFailed);
  EXPECT_EQ(Get("op-a").error.code(), absl::StatusCode::kInvalidArgument);
  while (RunNext()) {
  }
  EXPECT_EQ(queue_.Stats()->waiting + queue_.Stats()->active, 0);
  EXPECT_EQ(counters_.failed, 1);
  EXPECT_EQ(counters_.dropped, 4);
  EXPECT_EQ(effects_, 0);
}

TEST_F(FanOutTest, APartWhoseWholeWasCancelledMeanwhileIsCancelledAndNotRetried) {
  handlers_["test.part"] = [this](JobContext& context) {
    // The handler does not ask; its commit is refused.
    EXPECT_TRUE(store_.RequestCancel("op-a", clock_.Now(), "oper").ok());
    return Committing()(context);
  };
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a-0"), OperationState::kCancelled);
  EXPECT_FALSE(Known("op-a-0"));
  while (RunNext()) {
  }
  EXPECT_EQ(StateOf("op-a"), OperationState::kCancelled);
  EXPECT_EQ(effects_, 0);
  EXPECT_EQ(counters_.retried, 0);
  EXPECT_EQ(counters_.cancelled, 1);
}

TEST_F(FanOutTest, AWorkerThatDiesAfterTheFanOutLeavesAJobThatBringsTheChildren) {
  Submit("op-a");
  ASSERT_EQ(queue_.Acquire(1, kLease)->size(), 1u);
  const Operation claimed = *store_.Claim("op-a", clock_.Now());
  ASSERT_TRUE(store_.FanOut({"op-a", claimed.token}, Parts(), clock_.Now()).ok());
  clock_.Advance(kLease);  // and it is dead
  ASSERT_TRUE(RunNext());  // the parent's job comes again, and nobody may claim the parent
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(queue_.Stats()->waiting, 5);
  while (RunNext()) {
  }
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
}

TEST_F(FanOutTest, AChildFasterThanTheParentsOwnCompletionDoesNotStrandIt) {
  Submit("op-a");
  queue_.before_complete = [this] {
    // Another worker had all the children already; the parent's new job is refused, since its old one is still there.
    for (const OperationDraft& part : Parts()) {
      const Operation claimed = *store_.Claim(part.id, clock_.Now());
      ASSERT_TRUE(store_.Commit({part.id, claimed.token}, "", clock_.Now()).ok());
    }
    ASSERT_TRUE(*store_.AdvanceParent("op-a", clock_.Now()));
    ASSERT_FALSE(*queue_.Enqueue({.id = "op-a", .kind = "test.work", .payload = ""}));
  };
  ASSERT_TRUE(RunNext());
  EXPECT_TRUE(Known("op-a"));
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
}

TEST_F(FanOutTest, TheReconcilerFinishesWhatAWorkerThatDiedAfterTheLastCommitDidNot) {
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  const std::vector<Lease> leases = *queue_.Acquire(5, kLease);
  for (const Lease& lease : leases) {
    const Operation claimed = *store_.Claim(lease.job.id, clock_.Now());
    ASSERT_TRUE(store_.Commit({lease.job.id, claimed.token}, "", clock_.Now()).ok());
    ASSERT_TRUE(queue_.Complete(lease).ok());
  }
  EXPECT_FALSE(RunNext());
  clock_.Advance(absl::Seconds(3));
  Reconciler reconciler = MakeReconciler();
  EXPECT_EQ(*reconciler.RunOnce(), 1);
  EXPECT_EQ(counters_.joined, 1);
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
  EXPECT_EQ(*reconciler.RunOnce(), 0);
}

TEST_F(FanOutTest, TroubleWithTheQueueLeavesTheChildrenToTheReconciler) {
  Submit("op-a");
  Handle([this](JobContext& context) {
    absl::Status status = context.operation().children_done ? Join(context) : Split(context);
    queue_.FailNext(1, absl::UnavailableError("queue away"));
    return status;
  });
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kWaiting);
  EXPECT_EQ(queue_.Stats()->waiting, 0);
  EXPECT_EQ(counters_.queue_errors, 1);
  clock_.Advance(kLease);
  Reconciler reconciler = MakeReconciler();
  EXPECT_EQ(*reconciler.RunOnce(), 5);
  while (RunNext()) {
  }
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
}

TEST_F(FanOutTest, TroubleWithTheQueueAfterTheLastPartLeavesTheParentToTheReconciler) {
  parts_ = 1;
  Submit("op-a");
  ASSERT_TRUE(RunNext());
  handlers_["test.part"] = [this](JobContext& context) {
    absl::Status status = Committing()(context);
    queue_.FailNext(1, absl::UnavailableError("queue away"));  // met by the parent's Enqueue
    return status;
  };
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kPending);
  EXPECT_FALSE(Known("op-a"));
  EXPECT_EQ(counters_.queue_errors, 1);
  clock_.Advance(absl::Seconds(3));
  EXPECT_EQ(*MakeReconciler().RunOnce(), 1);
  ASSERT_TRUE(RunNext());
  EXPECT_EQ(StateOf("op-a"), OperationState::kSucceeded);
}

}  // namespace
}  // namespace plumbline::jobs
