#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_UPKEEP_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_UPKEEP_CONTRACT_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jobs/operation_family_contract.h"

// Unique keys, order, dead letters, counting and retention: the rest of what every record of operations does. To
// instantiate as unit_of_work_contract.h says.
namespace plumbline::jobs {

class OperationUpkeepContract : public OperationFamilyContract {
 protected:
  static OperationDraft Keyed(const std::string& id, const std::string& key, const std::string& kind = "test.kind") {
    return {.id = id, .kind = kind, .payload = "", .target = "", .unique_key = key};
  }
  // Sets "a" as well, to show that a refusal undoes it.
  absl::Status TryRecord(const std::vector<OperationDraft>& drafts) {
    return unit()
        .Write(MutationOf(""),
               [&](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
                 ASSIGN_OR_RETURN(const int64_t before, writer.Get("a"));
                 RETURN_IF_ERROR(writer.Set("a", before + 1));
                 return WriteResult{"", {}, drafts};
               })
        .status();
  }
  void ExpectHeldBy(const std::string& id, const absl::Status& status) {
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    const ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
    EXPECT_EQ(detail.reason, "OPERATION_IN_PROGRESS");
    EXPECT_EQ(detail.metadata, (std::map<std::string, std::string>{{"operation", id}}));
  }
  void MakeDead(const std::string& id, int64_t second = 0) {
    Record({Draft(id)}, second);
    ASSERT_TRUE(operations().Fail(MustClaim(id), absl::InternalError("broken"), At(second + 1)).ok());
  }
  // Finished at `second`, of 100 bytes in all.
  void MakeFinished(const std::string& id, int64_t second) {
    OperationDraft draft = Draft(id);
    draft.payload = std::string(40, 'p');
    Record({draft});
    const absl::Status status = unit().Commit(MustClaim(id), At(second), [](NumberWriter&) {
      return absl::StatusOr<WriteResult>(WriteResult{std::string(60, 'r'), {}, {}});
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  int64_t Retire(int64_t max_bytes, int64_t now, absl::Duration min_age = absl::ZeroDuration()) {
    const auto retired = operations().Retire(max_bytes, min_age, At(now));
    EXPECT_TRUE(retired.ok()) << retired.status();
    return retired.value_or(-1);
  }
  bool Exists(const std::string& id) { return operations().Get(id).ok(); }
};

TEST_P(OperationUpkeepContract, AUniqueKeyIsHeldUntilItsOperationIsFinished) {
  ASSERT_TRUE(TryRecord({Keyed("op-a", "study 1")}).ok());
  ExpectHeldBy("op-a", TryRecord({Keyed("op-b", "study 1")}));
  const Claim claim = MustClaim("op-a");
  ExpectHeldBy("op-a", TryRecord({Keyed("op-b", "study 1")}));
  ASSERT_TRUE(operations().Release(claim).ok());
  ExpectHeldBy("op-a", TryRecord({Keyed("op-b", "study 1")}));
  EXPECT_EQ(Number("a"), 1);
  EXPECT_EQ(OperationCount(), 1u);
  ASSERT_TRUE(CommitChild(MustClaim("op-a")).ok());
  EXPECT_TRUE(TryRecord({Keyed("op-b", "study 1")}).ok());
  EXPECT_EQ(MustGet("op-b").unique_key, "study 1");
}

TEST_P(OperationUpkeepContract, AUniqueKeyIsFreeAgainAfterAFailureAndACancellation) {
  ASSERT_TRUE(TryRecord({Keyed("op-a", "k")}).ok());
  ASSERT_TRUE(operations().Fail(MustClaim("op-a"), absl::InternalError("x"), At(3)).ok());
  ASSERT_TRUE(TryRecord({Keyed("op-b", "k")}).ok());
  ASSERT_TRUE(operations().RequestCancel("op-b", At(3), "oper").ok());
  EXPECT_TRUE(TryRecord({Keyed("op-c", "k")}).ok());
}

TEST_P(OperationUpkeepContract, UniqueKeysOfOtherKindsAndEmptyOnesDoNotMeet) {
  ASSERT_TRUE(TryRecord({Keyed("op-a", "k"), Keyed("op-b", "k", "other.kind"), Keyed("op-c", "other key")}).ok());
  EXPECT_TRUE(TryRecord({Keyed("op-d", ""), Keyed("op-e", "")}).ok());
}

TEST_P(OperationUpkeepContract, OneWriteCannotTakeAKeyTwice) {
  ExpectHeldBy("op-a", TryRecord({Keyed("op-a", "k"), Keyed("op-b", "k")}));
  EXPECT_EQ(OperationCount(), 0u);
  EXPECT_EQ(Number("a"), 0);
}

TEST_P(OperationUpkeepContract, AWaitingParentHoldsItsKey) {
  ASSERT_TRUE(TryRecord({Keyed("op-a", "k")}).ok());
  ASSERT_TRUE(unit().FanOut(MustClaim("op-a"), At(2), Recording({Draft("op-a-0")})).ok());
  ExpectHeldBy("op-a", TryRecord({Keyed("op-b", "k")}));
}

TEST_P(OperationUpkeepContract, OfManyWritesWithOneKeyAtOnceOneIsRecorded) {
  constexpr size_t kWriters = 6;
  std::vector<absl::Status> outcomes(kWriters);
  RunAtOnce(kWriters, [&](size_t k) {
    outcomes[k] = unit().Write(MutationOf(""), Recording({Keyed(absl::StrCat("op-", k), "k")})).status();
  });
  const auto page = operations().List("", 10, "");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->operations.size(), 1u);
  int recorded = 0;
  for (const absl::Status& outcome : outcomes) {
    if (outcome.ok()) {
      ++recorded;
    } else {
      ExpectHeldBy(page->operations[0].id, outcome);
    }
  }
  EXPECT_EQ(recorded, 1);
}

TEST_P(OperationUpkeepContract, PriorityAndTimeAreKeptAndListed) {
  OperationDraft draft = Draft("op-a");
  draft.priority = -9;
  draft.not_before = At(90);
  Record({draft, Draft("op-b")});
  EXPECT_EQ(MustGet("op-a").priority, -9);
  EXPECT_EQ(MustGet("op-a").not_before, At(90));
  EXPECT_EQ(MustGet("op-b").priority, 0);
  EXPECT_EQ(MustGet("op-b").not_before, absl::InfinitePast());
  const auto unfinished = operations().ListUnfinished(At(10), "", 10);
  ASSERT_TRUE(unfinished.ok()) << unfinished.status();
  ASSERT_EQ(unfinished->size(), 2u);
  EXPECT_EQ(unfinished->at(0).priority, -9);
  EXPECT_EQ(unfinished->at(0).not_before, At(90));
  EXPECT_EQ(unfinished->at(1).priority, 0);
  EXPECT_EQ(unfinished->at(1).not_before, absl::InfinitePast());
}

TEST_P(OperationUpkeepContract, ManyOperationsAreRecordedInOneStep) {
  std::vector<OperationDraft> drafts;
  for (int i = 0; i < 50; ++i) {
    drafts.push_back(Draft(absl::StrCat("op-", 100 + i)));
    drafts.back().priority = i % 3;
    drafts.back().not_before = i % 2 == 0 ? absl::InfinitePast() : At(i);
  }
  Record(drafts);
  EXPECT_EQ(OperationCount(), 50u);
  EXPECT_EQ(MustGet("op-149").priority, 49 % 3);
  EXPECT_EQ(MustGet("op-149").not_before, At(49));
  EXPECT_EQ(MustGet("op-148").not_before, absl::InfinitePast());
  EXPECT_EQ(MustGet("op-148").payload, "payload of op-148");
}

TEST_P(OperationUpkeepContract, DraftsOutsideTheirLimitsAreRefusedWhole) {
  OperationDraft urgent = Draft("op-b");
  urgent.priority = 10;
  OperationDraft lowest = Draft("op-b");
  lowest.priority = -10;
  for (const OperationDraft& bad : {urgent, lowest, Keyed("op-b", std::string(201, 'k'))}) {
    EXPECT_TRUE(absl::IsInvalidArgument(TryRecord({Draft("op-a"), bad})));
  }
  EXPECT_EQ(OperationCount(), 0u);
  EXPECT_EQ(Number("a"), 0);
  EXPECT_TRUE(TryRecord({Keyed("op-b", std::string(200, 'k'))}).ok());
}

TEST_P(OperationUpkeepContract, DeadLettersAreListedNewestFirst) {
  for (int i = 0; i < 5; ++i) MakeDead(absl::StrCat("op-", i), 10 * i);
  Record({Draft("op-pending")}, 100);
  MakeFinished("op-done", 100);
  MakeFamily(1);
  ASSERT_TRUE(operations().Fail(MustClaim(ChildId(0)), absl::InternalError("broken"), At(200)).ok());
  std::vector<std::string> dead;
  std::string token;
  do {
    const auto page = operations().ListDead(2, token);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->operations.size(), 2u);
    for (const Operation& operation : page->operations) {
      EXPECT_EQ(operation.state, OperationState::kFailed);
      EXPECT_FALSE(operation.error.ok());
      EXPECT_TRUE(operation.payload.empty());
      dead.push_back(operation.id);
    }
    token = page->next_page_token;
  } while (!token.empty() && dead.size() < 100);
  // The parent was recorded at the time of op-0; of one instant the larger id is first. Its child is not listed.
  EXPECT_THAT(dead, ::testing::ElementsAre("op-4", "op-3", "op-2", "op-1", "op-parent", "op-0"));
  EXPECT_TRUE(absl::IsInvalidArgument(operations().ListDead(2, "not ours").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(operations().ListDead(0, "").status()));
}

TEST_P(OperationUpkeepContract, ARequeuedOperationIsAsNewButKeepsItsToken) {
  MakeDead("op-a");
  const auto requeued = operations().Requeue("op-a", At(50), "oper@example.org");
  ASSERT_TRUE(requeued.ok()) << requeued.status();
  EXPECT_EQ(requeued->state, OperationState::kPending);
  const Operation operation = MustGet("op-a");
  EXPECT_EQ(operation.state, OperationState::kPending);
  EXPECT_EQ(operation.attempts, 0);
  EXPECT_EQ(operation.token, 1);
  EXPECT_TRUE(operation.error.ok());
  EXPECT_FALSE(operation.cancel_requested);
  EXPECT_EQ(operation.end_time, absl::InfinitePast());
  EXPECT_EQ(operation.payload, "payload of op-a");
  EXPECT_EQ(operation.actor, "ann");
  EXPECT_THAT(harness_->Audit(),
              ::testing::ElementsAre("oper@example.org plumbline.common.v1.OperationsService/RequeueOperation "
                                     "operation.requeue operations/op-a kind=test.kind attempts=1 children=0"));
  EXPECT_THAT(UnfinishedIds(), ::testing::ElementsAre("op-a"));
  EXPECT_TRUE(operations().ListDead(10, "")->operations.empty());
  EXPECT_TRUE(IsStaleClaim(CommitChild({"op-a", 1})));
  const Claim claim = MustClaim("op-a");
  EXPECT_GT(claim.token, 1);
  EXPECT_TRUE(CommitChild(claim).ok());
}

TEST_P(OperationUpkeepContract, ARequeueForgetsTheWishToCancelAndTheProgress) {
  Record({Draft("op-a")});
  const Claim claim = MustClaim("op-a");
  ASSERT_TRUE(operations().SetProgress(claim, {3, 10, "scoring"}).ok());
  ASSERT_TRUE(operations().RequestCancel("op-a", At(2), "oper").ok());
  ASSERT_TRUE(operations().Fail(claim, absl::InternalError("broken"), At(3)).ok());
  ASSERT_TRUE(operations().Requeue("op-a", At(4), "oper").ok());
  EXPECT_FALSE(MustGet("op-a").cancel_requested);
  EXPECT_EQ(MustGet("op-a").progress.done, 0);
  EXPECT_EQ(MustGet("op-a").progress.phase, "");
}

TEST_P(OperationUpkeepContract, ACancellationIsOnTheAuditLogOnceAndOnlyWhenItChangedSomething) {
  const std::string method = "oper plumbline.common.v1.OperationsService/CancelOperation operation.cancel operations/";
  Record({Draft("op-pending"), Draft("op-running"), Draft("op-done")});
  const Claim running = MustClaim("op-running");
  ASSERT_TRUE(CommitChild(MustClaim("op-done")).ok());
  MakeDead("op-dead");
  for (int time = 0; time < 2; ++time) {  // the second time there is nothing left to change
    for (const std::string id : {"op-pending", "op-running", "op-done", "op-dead"}) {
      ASSERT_TRUE(operations().RequestCancel(id, At(6), "oper").ok());
    }
    EXPECT_TRUE(absl::IsNotFound(operations().RequestCancel("op-none", At(6), "oper").status()));
  }
  std::vector<std::string> expected = {method + "op-pending kind=test.kind state=PENDING",
                                       method + "op-running kind=test.kind state=RUNNING"};
  EXPECT_EQ(harness_->Audit(), expected);
  // Given back by its worker it is cancelled in the record by the next call, which is a change.
  ASSERT_TRUE(operations().Release(running).ok());
  ASSERT_TRUE(operations().RequestCancel("op-running", At(7), "oper").ok());
  EXPECT_EQ(StateOf("op-running"), OperationState::kCancelled);
  expected.push_back(method + "op-running kind=test.kind state=PENDING");
  MakeFamily(2);
  ASSERT_TRUE(operations().RequestCancel(ChildId(0), At(8), "oper").ok());
  ASSERT_TRUE(operations().RequestCancel("op-parent", At(9), "oper").ok());  // it ended with its child
  expected.push_back(method + ChildId(0) + " kind=test.kind state=PENDING parent=operations/op-parent");
  EXPECT_EQ(harness_->Audit(), expected);
}

TEST_P(OperationUpkeepContract, OnlyADeadLetterIsRequeued) {
  Record({Draft("op-a")});
  EXPECT_EQ(ReasonOf(operations().Requeue("op-a", At(5), "oper").status()), "OPERATION_NOT_FAILED");
  const Claim claim = MustClaim("op-a");
  EXPECT_EQ(ReasonOf(operations().Requeue("op-a", At(5), "oper").status()), "OPERATION_NOT_FAILED");
  ASSERT_TRUE(CommitChild(claim).ok());
  EXPECT_EQ(ReasonOf(operations().Requeue("op-a", At(5), "oper").status()), "OPERATION_NOT_FAILED");
  Record({Draft("op-b")});
  ASSERT_TRUE(operations().RequestCancel("op-b", At(5), "oper").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(operations().Requeue("op-b", At(5), "oper").status()));
  EXPECT_TRUE(absl::IsNotFound(operations().Requeue("op-none", At(5), "oper").status()));
  EXPECT_EQ(harness_->Audit().size(), 1u);  // of the cancellation
}

TEST_P(OperationUpkeepContract, ARequeueWaitsForTheHolderOfItsKey) {
  ASSERT_TRUE(TryRecord({Keyed("op-a", "k")}).ok());
  ASSERT_TRUE(operations().Fail(MustClaim("op-a"), absl::InternalError("x"), At(3)).ok());
  ASSERT_TRUE(TryRecord({Keyed("op-b", "k")}).ok());
  ExpectHeldBy("op-b", operations().Requeue("op-a", At(5), "oper").status());
  EXPECT_EQ(StateOf("op-a"), OperationState::kFailed);
  ASSERT_TRUE(CommitChild(MustClaim("op-b")).ok());
  ASSERT_TRUE(operations().Requeue("op-a", At(6), "oper").ok());
  ExpectHeldBy("op-a", TryRecord({Keyed("op-c", "k")}));
}

TEST_P(OperationUpkeepContract, RequeuesOfOneOperationAtOnceCountOnce) {
  MakeDead("op-a");
  constexpr size_t kCallers = 5;
  std::vector<absl::Status> outcomes(kCallers);
  RunAtOnce(kCallers, [&](size_t k) { outcomes[k] = operations().Requeue("op-a", At(5), "oper").status(); });
  int requeued = 0;
  for (const absl::Status& outcome : outcomes) {
    requeued += outcome.ok() ? 1 : 0;
    EXPECT_TRUE(outcome.ok() || ReasonOf(outcome) == "OPERATION_NOT_FAILED") << outcome;
  }
  EXPECT_EQ(requeued, 1);
  EXPECT_EQ(harness_->Audit().size(), 1u);
}

TEST_P(OperationUpkeepContract, CountsSayHowManyAreInEachState) {
  EXPECT_EQ(operations().CountByState()->pending, 0);
  Record({Draft("op-a"), Draft("op-b"), Draft("op-c")});
  MustClaim("op-a");
  MakeDead("op-dead");
  MakeFinished("op-done", 3);
  MakeFamily(2);
  auto counts = operations().CountByState();
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->pending, 4);
  EXPECT_EQ(counts->running, 1);
  EXPECT_EQ(counts->waiting, 1);
  EXPECT_EQ(counts->failed, 1);
  ASSERT_TRUE(operations().Fail(MustClaim(ChildId(0)), absl::InternalError("broken"), At(5)).ok());
  counts = operations().CountByState();
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->pending, 2);
  EXPECT_EQ(counts->waiting, 0);
  EXPECT_EQ(counts->failed, 2);  // the parent, not the child
}

TEST_P(OperationUpkeepContract, RetirementDeletesTheOldestUntilTheRestFits) {
  for (int i = 0; i < 5; ++i) MakeFinished(absl::StrCat("op-", i), 100 - i);  // op-4 finished first
  Record({Draft("op-unfinished")});
  EXPECT_EQ(Retire(500, 1000), 0);
  EXPECT_EQ(Retire(499, 1000), 1);
  EXPECT_FALSE(Exists("op-4"));
  EXPECT_EQ(Retire(250, 1000), 2);
  EXPECT_FALSE(Exists("op-3"));
  EXPECT_FALSE(Exists("op-2"));
  EXPECT_TRUE(Exists("op-1"));
  EXPECT_EQ(Retire(0, 1000), 2);
  EXPECT_TRUE(Exists("op-unfinished"));
  EXPECT_EQ(Retire(0, 1000), 0);
}

TEST_P(OperationUpkeepContract, RetirementSparesTheYoung) {
  MakeFinished("op-old", 100);
  MakeFinished("op-young", 101);
  EXPECT_EQ(Retire(0, 160, absl::Seconds(60)), 1);
  EXPECT_FALSE(Exists("op-old"));
  EXPECT_TRUE(Exists("op-young"));
}

TEST_P(OperationUpkeepContract, RetirementCountsFailedAndCancelledOnesToo) {
  MakeDead("op-dead");
  Record({Draft("op-cancelled")});
  ASSERT_TRUE(operations().RequestCancel("op-cancelled", At(5), "oper").ok());
  EXPECT_EQ(Retire(0, 1000), 2);
  EXPECT_EQ(OperationCount(), 0u);
}

TEST_P(OperationUpkeepContract, AFamilyIsRetiredAsAWhole) {
  MakeFamily(3);
  for (const Claim& claim : ClaimChildren(3)) ASSERT_TRUE(CommitChild(claim).ok());
  EXPECT_EQ(Retire(0, 1000), 0);  // children of an unfinished parent are needed for its join
  ASSERT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  ASSERT_TRUE(CommitChild(MustClaim("op-parent")).ok());
  MakeFinished("op-later", 50);
  // 4 payloads "payload of op-parent[-n]" and 4 results "result of op-parent[-n]" are larger than 100 bytes together.
  EXPECT_EQ(Retire(100, 1000), 4);
  EXPECT_EQ(OperationCount(), 1u);
  EXPECT_TRUE(Exists("op-later"));
  EXPECT_TRUE(operations().ListChildren("op-parent", 10, "")->operations.empty());
}

TEST_P(OperationUpkeepContract, ChildrenOfAFinishedParentCountWithIt) {
  MakeFamily(1);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  ASSERT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  ASSERT_TRUE(CommitChild(MustClaim("op-parent")).ok());
  const auto bytes = static_cast<int64_t>(std::string("payload of op-parent-0result of op-parent-0"
                                                      "payload of op-parentresult of op-parent")
                                              .size());
  EXPECT_EQ(Retire(bytes, 1000), 0);
  EXPECT_EQ(Retire(bytes - 1, 1000), 2);
}

TEST_P(OperationUpkeepContract, AParentStaysWhileAChildOfItStillRuns) {
  MakeFamily(2);
  const Claim running = MustClaim(ChildId(0));
  ASSERT_TRUE(operations().RequestCancel("op-parent", At(5), "oper").ok());
  EXPECT_EQ(Retire(0, 1000), 0);
  ASSERT_TRUE(operations().MarkCancelled(running, At(6)).ok());
  EXPECT_EQ(Retire(0, 1000), 3);
}

TEST_P(OperationUpkeepContract, MoreThanOneBatchIsRetired) {
  std::vector<OperationDraft> drafts;
  for (int i = 0; i < 120; ++i) drafts.push_back(Draft(absl::StrCat("op-", 1000 + i)));
  Record(drafts);
  for (const OperationDraft& draft : drafts) ASSERT_TRUE(operations().RequestCancel(draft.id, At(5), "oper").ok());
  EXPECT_EQ(Retire(0, 1000), 120);
}

TEST_P(OperationUpkeepContract, PrunedAnswersAreForgotten) {
  Mutation first = MutationOf("r1");
  Mutation second = MutationOf("r2");
  second.now = At(10);
  ASSERT_TRUE(unit().Write(first, Recording({})).ok());
  ASSERT_TRUE(unit().Write(second, Recording({})).ok());
  EXPECT_EQ(operations().PruneAnswers(At(1)).value_or(-1), 0);
  EXPECT_EQ(operations().PruneAnswers(At(10)).value_or(-1), 1);
  EXPECT_FALSE(unit().Write(first, Recording({}))->replayed);
  EXPECT_TRUE(unit().Write(second, Recording({}))->replayed);
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_UPKEEP_CONTRACT_H_
