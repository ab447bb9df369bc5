#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_FAMILY_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_FAMILY_CONTRACT_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jobs/unit_of_work_contract.h"

// What every record of operations does with a parent and its children: fan-out, fan-in, and ending as a whole. To
// instantiate as unit_of_work_contract.h says.
namespace plumbline::jobs {

class OperationFamilyContract : public UnitOfWorkContract {
 protected:
  static OperationDraft Draft(const std::string& id) {
    return {.id = id, .kind = "test.kind", .payload = absl::StrCat("payload of ", id), .target = "numbers/x"};
  }
  static NumberUnitOfWork::WriteBody Recording(std::vector<OperationDraft> drafts) {
    return [drafts = std::move(drafts)](NumberWriter&) -> absl::StatusOr<WriteResult> {
      return WriteResult{"", {}, drafts};
    };
  }
  void Record(const std::vector<OperationDraft>& drafts, int64_t second = 0) {
    Mutation mutation = MutationOf("");
    mutation.now = At(second);
    const auto outcome = unit().Write(mutation, Recording(drafts));
    ASSERT_TRUE(outcome.ok()) << outcome.status();
  }
  Claim MustClaim(const std::string& id, int64_t second = 1) {
    const auto operation = operations().Claim(id, At(second));
    EXPECT_TRUE(operation.ok()) << operation.status();
    return {id, operation.ok() ? operation->token : -1};
  }
  Operation MustGet(const std::string& id) {
    const auto operation = operations().Get(id);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.value_or(Operation{});
  }
  OperationState StateOf(const std::string& id) { return MustGet(id).state; }

  // Adds 1 to "sum" and answers "result of <id>": the effect of a child.
  absl::Status CommitChild(const Claim& claim, int64_t second = 5) {
    return unit().Commit(claim, At(second), [&](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
      ASSIGN_OR_RETURN(const int64_t sum, writer.Get("sum"));
      RETURN_IF_ERROR(writer.Set("sum", sum + 1));
      return WriteResult{absl::StrCat("result of ", claim.operation_id), {}, {}};
    });
  }
  static std::string ChildId(int i) { return absl::StrCat("op-parent-", i); }
  // "op-parent", waiting for `children` children with numbered ids.
  void MakeFamily(int children) {
    Record({Draft("op-parent")});
    std::vector<OperationDraft> drafts;
    for (int i = 0; i < children; ++i) drafts.push_back(Draft(ChildId(i)));
    const absl::Status status = unit().FanOut(MustClaim("op-parent"), At(2), Recording(drafts));
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<Claim> ClaimChildren(int children) {
    std::vector<Claim> claims;
    for (int i = 0; i < children; ++i) claims.push_back(MustClaim(ChildId(i), 3));
    return claims;
  }
  std::vector<std::string> UnfinishedIds() {
    std::vector<std::string> ids;
    const auto unfinished = operations().ListUnfinished(At(1000), "", 100);
    EXPECT_TRUE(unfinished.ok()) << unfinished.status();
    if (!unfinished.ok()) return ids;
    for (const OperationStore::Unfinished& operation : *unfinished) ids.push_back(operation.id);
    return ids;
  }
  static std::string ReasonOf(const absl::Status& status) {
    return GetErrorDetail(status).value_or(ErrorDetail{}).reason;
  }
  static void RunAtOnce(size_t threads, const std::function<void(size_t)>& work) {
    std::vector<std::thread> running;
    for (size_t k = 0; k < threads; ++k) running.emplace_back([&work, k] { work(k); });
    for (std::thread& thread : running) thread.join();
  }
};

TEST_P(OperationFamilyContract, AFanOutRecordsChildrenAndWaits) {
  Record({Draft("op-parent")});
  const Claim claim = MustClaim("op-parent");
  const absl::Status status = unit().FanOut(claim, At(2), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
    RETURN_IF_ERROR(writer.Set("chunks", 2));
    return WriteResult{"", {{"number.split", "numbers/x", "chunks=2"}}, {Draft(ChildId(1)), Draft(ChildId(0))}};
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Number("chunks"), 2);
  EXPECT_THAT(harness_->Audit(), ::testing::ElementsAre("ann test.kind number.split numbers/x chunks=2"));
  const Operation parent = MustGet("op-parent");
  EXPECT_EQ(parent.state, OperationState::kWaiting);
  EXPECT_EQ(parent.children, 2);
  EXPECT_EQ(parent.children_finished, 0);
  EXPECT_FALSE(parent.children_done);
  const Operation child = MustGet(ChildId(0));
  EXPECT_EQ(child.state, OperationState::kPending);
  EXPECT_EQ(child.parent, "op-parent");
  EXPECT_EQ(child.actor, "ann");
  EXPECT_EQ(child.create_time, At(2));
  EXPECT_EQ(child.payload, "payload of op-parent-0");
  // The claim is over, and a waiting parent is no job.
  EXPECT_TRUE(IsStaleClaim(operations().Release(claim)));
  EXPECT_TRUE(IsStaleClaim(unit().Commit(claim, At(3), Setting("a", 1))));
  EXPECT_EQ(ReasonOf(operations().Claim("op-parent", At(3)).status()), "OPERATION_WAITING");
  EXPECT_THAT(UnfinishedIds(), ::testing::ElementsAre(ChildId(0), ChildId(1)));
}

TEST_P(OperationFamilyContract, AFanOutIsRefusedWholeWhereItMayNotBe) {
  Record({Draft("op-parent")});
  const Claim lost = MustClaim("op-parent");
  const Claim claim = MustClaim("op-parent");
  EXPECT_TRUE(IsStaleClaim(unit().FanOut(lost, At(2), Setting("a", 1))));
  EXPECT_TRUE(absl::IsNotFound(unit().FanOut({"op-none", 1}, At(2), Setting("a", 1))));
  EXPECT_TRUE(absl::IsInvalidArgument(unit().FanOut(claim, At(2), [](NumberWriter& writer) {
    return Setting("a", 1)(writer).ok() ? absl::StatusOr<WriteResult>(WriteResult{}) : absl::InternalError("set");
  })));
  EXPECT_TRUE(absl::IsUnavailable(unit().FanOut(claim, At(2), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
    RETURN_IF_ERROR(writer.Set("a", 1));
    return absl::UnavailableError("a peer is down");
  })));
  EXPECT_TRUE(
      absl::IsAlreadyExists(unit().FanOut(claim, At(2), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
        RETURN_IF_ERROR(writer.Set("a", 1));
        return WriteResult{"", {}, {Draft("op-parent")}};
      })));
  EXPECT_EQ(Number("a"), 0);
  EXPECT_EQ(StateOf("op-parent"), OperationState::kRunning);
  EXPECT_EQ(OperationCount(), 1u);
  // What is to be cancelled starts nothing more.
  Record({Draft("op-unwanted")});
  const Claim unwanted = MustClaim("op-unwanted");
  ASSERT_TRUE(operations().RequestCancel("op-unwanted", At(2), "oper").ok());
  EXPECT_EQ(ReasonOf(unit().FanOut(unwanted, At(2), Recording({Draft("op-extra")}))), "CANCEL_REQUESTED");
  EXPECT_EQ(OperationCount(), 2u);
  ASSERT_TRUE(unit().FanOut(claim, At(2), Recording({Draft(ChildId(0))})).ok());
  // One level: a child has no children, and a parent has its children once.
  const Claim child = MustClaim(ChildId(0));
  EXPECT_EQ(ReasonOf(unit().FanOut(child, At(3), Setting("a", 1))), "CHILD_FANS_OUT");
  ASSERT_TRUE(CommitChild(child).ok());
  ASSERT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  EXPECT_EQ(ReasonOf(unit().FanOut(MustClaim("op-parent"), At(7), Setting("a", 1))), "ALREADY_FANNED_OUT");
  EXPECT_EQ(Number("a"), 0);
}

TEST_P(OperationFamilyContract, TheLastChildLetsTheParentJoin) {
  constexpr int kChildren = 3;
  MakeFamily(kChildren);
  for (int i = 0; i < kChildren; ++i) {
    EXPECT_FALSE(operations().AdvanceParent("op-parent", At(4)).value_or(true));
    ASSERT_TRUE(CommitChild(MustClaim(ChildId(i))).ok());
    EXPECT_EQ(MustGet("op-parent").children_finished, i + 1);
  }
  EXPECT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  EXPECT_FALSE(operations().AdvanceParent("op-parent", At(6)).value_or(true));
  EXPECT_FALSE(operations().AdvanceParent("op-none", At(6)).value_or(true));
  EXPECT_THAT(UnfinishedIds(), ::testing::ElementsAre("op-parent"));
  const auto joining = operations().Claim("op-parent", At(7));
  ASSERT_TRUE(joining.ok()) << joining.status();
  EXPECT_TRUE(joining->children_done);
  EXPECT_EQ(joining->children, kChildren);
  EXPECT_EQ(joining->payload, "payload of op-parent");
  // A join that is given back comes again as a join.
  ASSERT_TRUE(operations().Release({"op-parent", joining->token}).ok());
  EXPECT_TRUE(MustGet("op-parent").children_done);
  ASSERT_TRUE(CommitChild(MustClaim("op-parent")).ok());
  EXPECT_EQ(StateOf("op-parent"), OperationState::kSucceeded);
  EXPECT_EQ(Number("sum"), kChildren + 1);
}

TEST_P(OperationFamilyContract, ChildrenAreListedByIdWithTheirResults) {
  constexpr int kChildren = 5;
  MakeFamily(kChildren);
  for (const Claim& claim : ClaimChildren(kChildren)) ASSERT_TRUE(CommitChild(claim).ok());
  std::vector<std::string> results;
  std::string token;
  do {
    const auto page = operations().ListChildren("op-parent", 2, token);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->operations.size(), 2u);
    for (const Operation& child : page->operations) {
      EXPECT_TRUE(child.payload.empty());
      EXPECT_EQ(child.parent, "op-parent");
      results.push_back(child.result);
    }
    token = page->next_page_token;
  } while (!token.empty() && results.size() < 100);
  EXPECT_THAT(results, ::testing::ElementsAre("result of op-parent-0", "result of op-parent-1", "result of op-parent-2",
                                              "result of op-parent-3", "result of op-parent-4"));
  EXPECT_EQ(operations().ListChildren("op-parent", kChildren, "")->next_page_token, "");
  EXPECT_TRUE(operations().ListChildren("op-none", 2, "")->operations.empty());
  EXPECT_TRUE(absl::IsInvalidArgument(operations().ListChildren("op-parent", 2, "not ours").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(operations().ListChildren("op-parent", 0, "").status()));
}

TEST_P(OperationFamilyContract, AFailingChildFailsTheWholeFamily) {
  MakeFamily(4);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  const Claim failing = MustClaim(ChildId(1));
  const Claim running = MustClaim(ChildId(2));
  ASSERT_TRUE(operations().Fail(failing, InvalidField("row 3", "7", "must be 0 or 1"), At(8)).ok());
  const Operation parent = MustGet("op-parent");
  EXPECT_EQ(parent.state, OperationState::kFailed);
  EXPECT_EQ(parent.end_time, At(8));
  EXPECT_EQ(parent.error.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(parent.error.message()), ::testing::HasSubstr("operations/op-parent-1: "));
  EXPECT_EQ(ReasonOf(parent.error), "INVALID_FIELD");
  EXPECT_EQ(GetErrorDetail(parent.error)->metadata.at("child"), ChildId(1));
  EXPECT_EQ(MustGet(ChildId(1)).error.message(), InvalidField("row 3", "7", "must be 0 or 1").message());
  EXPECT_EQ(StateOf(ChildId(0)), OperationState::kSucceeded);
  EXPECT_EQ(StateOf(ChildId(3)), OperationState::kCancelled);
  EXPECT_EQ(MustGet(ChildId(3)).end_time, At(8));
  // The running one is asked to stop, and what it does no longer counts.
  EXPECT_TRUE(operations().IsCancelRequested(running).value_or(false));
  const absl::Status late = CommitChild(running);
  EXPECT_TRUE(absl::IsCancelled(late)) << late;
  EXPECT_EQ(ReasonOf(late), "PARENT_FINISHED");
  EXPECT_EQ(StateOf(ChildId(2)), OperationState::kRunning);
  EXPECT_EQ(Number("sum"), 1);
  ASSERT_TRUE(operations().MarkCancelled(running, At(9)).ok());
  EXPECT_EQ(StateOf("op-parent"), OperationState::kFailed);
  EXPECT_FALSE(operations().AdvanceParent("op-parent", At(9)).value_or(true));
  EXPECT_EQ(MustGet("op-parent").children_finished, 4);
  EXPECT_TRUE(UnfinishedIds().empty());
}

TEST_P(OperationFamilyContract, AChildWithoutADetailStillNamesItself) {
  MakeFamily(1);
  ASSERT_TRUE(operations().Fail(MustClaim(ChildId(0)), absl::InternalError("broken"), At(8)).ok());
  const absl::Status error = MustGet("op-parent").error;
  EXPECT_EQ(ReasonOf(error), "CHILD_FAILED");
  EXPECT_EQ(error.message(), "operations/op-parent-0: broken");
}

TEST_P(OperationFamilyContract, CancellingAWaitingParentEndsItAndItsChildren) {
  MakeFamily(3);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  const Claim running = MustClaim(ChildId(1));
  const auto cancelled = operations().RequestCancel("op-parent", At(7), "oper");
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state, OperationState::kCancelled);
  EXPECT_EQ(cancelled->end_time, At(7));
  EXPECT_TRUE(cancelled->cancel_requested);
  EXPECT_EQ(StateOf(ChildId(0)), OperationState::kSucceeded);
  EXPECT_EQ(StateOf(ChildId(2)), OperationState::kCancelled);
  EXPECT_TRUE(operations().IsCancelRequested(running).value_or(false));
  EXPECT_TRUE(absl::IsCancelled(CommitChild(running)));
  EXPECT_EQ(Number("sum"), 1);
  ASSERT_TRUE(operations().MarkCancelled(running, At(8)).ok());
  EXPECT_EQ(MustGet("op-parent").end_time, At(7));
}

TEST_P(OperationFamilyContract, CancellingAPendingChildCancelsTheFamily) {
  MakeFamily(3);
  const Claim running = MustClaim(ChildId(0));
  const auto cancelled = operations().RequestCancel(ChildId(1), At(7), "oper");
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state, OperationState::kCancelled);
  EXPECT_EQ(StateOf("op-parent"), OperationState::kCancelled);
  EXPECT_EQ(StateOf(ChildId(2)), OperationState::kCancelled);
  EXPECT_TRUE(operations().IsCancelRequested(running).value_or(false));
}

TEST_P(OperationFamilyContract, ARunningChildIsAskedAndCancelsTheFamilyWhenItStops) {
  MakeFamily(2);
  const Claim running = MustClaim(ChildId(0));
  ASSERT_TRUE(operations().RequestCancel(ChildId(0), At(7), "oper").ok());
  EXPECT_EQ(StateOf("op-parent"), OperationState::kWaiting);
  ASSERT_TRUE(operations().MarkCancelled(running, At(8)).ok());
  EXPECT_EQ(StateOf("op-parent"), OperationState::kCancelled);
  EXPECT_EQ(MustGet("op-parent").end_time, At(8));
  EXPECT_EQ(StateOf(ChildId(1)), OperationState::kCancelled);
}

TEST_P(OperationFamilyContract, AParentThatMayJoinIsCancelledLikeAnyOther) {
  MakeFamily(1);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  ASSERT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  EXPECT_EQ(operations().RequestCancel("op-parent", At(7), "oper")->state, OperationState::kCancelled);
  EXPECT_EQ(StateOf(ChildId(0)), OperationState::kSucceeded);
}

// The worker of the last child dies after its commit: the sweep finds the parent, and only such parents.
TEST_P(OperationFamilyContract, TheSweepAdvancesWhatACrashLeftWaiting) {
  for (const std::string id : {"op-a", "op-b", "op-c"}) {
    Record({Draft(id)});
    ASSERT_TRUE(unit().FanOut(MustClaim(id), At(2), Recording({Draft(id + "-0"), Draft(id + "-1")})).ok());
    ASSERT_TRUE(CommitChild(MustClaim(id + "-0")).ok());
  }
  EXPECT_TRUE(operations().AdvanceParents(10, At(5))->empty());
  ASSERT_TRUE(CommitChild(MustClaim("op-a-1")).ok());
  ASSERT_TRUE(CommitChild(MustClaim("op-c-1")).ok());
  const auto first = operations().AdvanceParents(1, At(6));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->size(), 1u);
  const auto second = operations().AdvanceParents(10, At(6));
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->size(), 1u);
  EXPECT_THAT((std::vector<std::string>{first->at(0), second->at(0)}), ::testing::UnorderedElementsAre("op-a", "op-c"));
  EXPECT_TRUE(MustGet("op-a").children_done);
  EXPECT_EQ(StateOf("op-b"), OperationState::kWaiting);
  EXPECT_TRUE(operations().AdvanceParents(10, At(6))->empty());
}

TEST_P(OperationFamilyContract, ARequeuedParentStartsWithoutItsChildren) {
  MakeFamily(3);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  const Claim running = MustClaim(ChildId(1));
  ASSERT_TRUE(operations().Fail(MustClaim(ChildId(2)), absl::InternalError("broken"), At(8)).ok());
  EXPECT_EQ(ReasonOf(operations().Requeue(ChildId(2), At(9), "oper").status()), "OPERATION_IS_CHILD");
  const auto requeued = operations().Requeue("op-parent", At(9), "oper");
  ASSERT_TRUE(requeued.ok()) << requeued.status();
  EXPECT_EQ(requeued->children, 0);
  EXPECT_EQ(OperationCount(), 1u);
  EXPECT_TRUE(absl::IsNotFound(CommitChild(running)));
  // The same fan-out, with the same ids, is possible again.
  std::vector<OperationDraft> drafts = {Draft(ChildId(0)), Draft(ChildId(1))};
  ASSERT_TRUE(unit().FanOut(MustClaim("op-parent"), At(10), Recording(drafts)).ok());
  for (const Claim& claim : ClaimChildren(2)) ASSERT_TRUE(CommitChild(claim).ok());
  EXPECT_TRUE(operations().AdvanceParent("op-parent", At(11)).value_or(false));
}

TEST_P(OperationFamilyContract, AFailedJoinIsRequeuedFromTheStart) {
  MakeFamily(1);
  ASSERT_TRUE(CommitChild(MustClaim(ChildId(0))).ok());
  ASSERT_TRUE(operations().AdvanceParent("op-parent", At(6)).value_or(false));
  ASSERT_TRUE(operations().Fail(MustClaim("op-parent"), absl::InternalError("join"), At(7)).ok());
  const auto requeued = operations().Requeue("op-parent", At(8), "oper");
  ASSERT_TRUE(requeued.ok()) << requeued.status();
  EXPECT_FALSE(requeued->children_done);
  EXPECT_EQ(requeued->children, 0);
  EXPECT_EQ(OperationCount(), 1u);
}

TEST_P(OperationFamilyContract, AFamilyHasNoOrphans) {
  MakeFamily(3);
  const Claim running = MustClaim(ChildId(0));
  EXPECT_TRUE(operations().ListOrphans(10)->empty());
  EXPECT_EQ(operations().CancelOrphans({ChildId(0), ChildId(1), "op-parent", "op-none"}, At(6)).value_or(-1), 0);
  EXPECT_EQ(StateOf(ChildId(1)), OperationState::kPending);
  ASSERT_TRUE(operations().RequestCancel("op-parent", At(7), "oper").ok());
  EXPECT_TRUE(operations().ListOrphans(10)->empty());  // the running child knows that it is to stop
  EXPECT_TRUE(operations().Release(running).ok());
  EXPECT_TRUE(operations().ListOrphans(10)->empty());
}

// Children that commit at the same moment: every effect is there once, and exactly one caller is told to enqueue the
// parent.
TEST_P(OperationFamilyContract, ChildrenCommittingAtOnceAdvanceTheParentOnce) {
  constexpr int kChildren = 8;
  MakeFamily(kChildren);
  const std::vector<Claim> claims = ClaimChildren(kChildren);
  std::vector<absl::Status> commits(kChildren);
  std::atomic<int> advanced = 0;
  RunAtOnce(kChildren, [&](size_t k) {
    commits[k] = unit().Commit(claims[k], At(5), [&](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
      RETURN_IF_ERROR(writer.Set(absl::StrCat("n", k), 1));
      return WriteResult{};
    });
    if (operations().AdvanceParent("op-parent", At(6)).value_or(false)) ++advanced;
  });
  for (size_t k = 0; k < kChildren; ++k) {
    EXPECT_TRUE(commits[k].ok()) << commits[k];
    EXPECT_EQ(Number(absl::StrCat("n", k)), 1);
  }
  EXPECT_EQ(advanced, 1);
  EXPECT_EQ(StateOf("op-parent"), OperationState::kPending);
}

// Whichever comes first: a sibling's commit is wholly there or wholly refused, and the family fails.
TEST_P(OperationFamilyContract, AChildFailingWhileSiblingsCommitLeavesNoHalf) {
  constexpr int kChildren = 6;
  MakeFamily(kChildren);
  const std::vector<Claim> claims = ClaimChildren(kChildren);
  std::vector<absl::Status> outcomes(kChildren);
  RunAtOnce(kChildren, [&](size_t k) {
    outcomes[k] = k == 0 ? operations().Fail(claims[k], absl::InternalError("broken"), At(5)) : CommitChild(claims[k]);
    EXPECT_FALSE(operations().AdvanceParent("op-parent", At(6)).value_or(true));
  });
  ASSERT_TRUE(outcomes[0].ok()) << outcomes[0];
  int64_t committed = 0;
  for (size_t k = 1; k < kChildren; ++k) {
    EXPECT_TRUE(outcomes[k].ok() || absl::IsCancelled(outcomes[k])) << outcomes[k];
    committed += outcomes[k].ok() ? 1 : 0;
    const Operation child = MustGet(ChildId(static_cast<int>(k)));
    EXPECT_EQ(child.state, outcomes[k].ok() ? OperationState::kSucceeded : OperationState::kRunning);
    EXPECT_EQ(child.cancel_requested, !outcomes[k].ok());
  }
  EXPECT_EQ(Number("sum"), committed);
  EXPECT_EQ(StateOf("op-parent"), OperationState::kFailed);
}

TEST_P(OperationFamilyContract, ChildrenFailingAtOnceFailTheParentOnce) {
  constexpr int kChildren = 6;
  MakeFamily(kChildren);
  const std::vector<Claim> claims = ClaimChildren(kChildren);
  std::vector<absl::Status> outcomes(kChildren);
  RunAtOnce(kChildren, [&](size_t k) {
    outcomes[k] = operations().Fail(claims[k], absl::InternalError(absl::StrCat("broken ", k)), At(5));
  });
  const std::string blamed = GetErrorDetail(MustGet("op-parent").error).value_or(ErrorDetail{}).metadata["child"];
  for (size_t k = 0; k < kChildren; ++k) {
    EXPECT_TRUE(outcomes[k].ok()) << outcomes[k];
    const Operation child = MustGet(claims[k].operation_id);
    EXPECT_EQ(child.state, OperationState::kFailed);
    EXPECT_EQ(child.error.message(), absl::StrCat("broken ", k));
    EXPECT_EQ(child.cancel_requested, blamed != child.id);
  }
  EXPECT_EQ(StateOf("op-parent"), OperationState::kFailed);
}

TEST_P(OperationFamilyContract, CancellingTheParentWhileChildrenCommitLeavesNoHalf) {
  constexpr int kChildren = 5;
  MakeFamily(kChildren);
  const std::vector<Claim> claims = ClaimChildren(kChildren);
  std::vector<absl::Status> outcomes(kChildren);
  std::atomic<int> advanced = 0;
  RunAtOnce(kChildren + 1, [&](size_t k) {
    if (k == kChildren) {
      const auto cancelled = operations().RequestCancel("op-parent", At(5), "oper");
      ASSERT_TRUE(cancelled.ok()) << cancelled.status();
      EXPECT_EQ(cancelled->state, OperationState::kCancelled);
      return;
    }
    outcomes[k] = CommitChild(claims[k]);
    if (operations().AdvanceParent("op-parent", At(6)).value_or(false)) ++advanced;
  });
  int64_t committed = 0;
  for (const absl::Status& outcome : outcomes) {
    EXPECT_TRUE(outcome.ok() || absl::IsCancelled(outcome)) << outcome;
    committed += outcome.ok() ? 1 : 0;
  }
  EXPECT_EQ(Number("sum"), committed);
  EXPECT_EQ(StateOf("op-parent"), OperationState::kCancelled);
  EXPECT_LE(advanced, committed == kChildren ? 1 : 0);
  EXPECT_EQ(MustGet("op-parent").children_finished, committed);
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_FAMILY_CONTRACT_H_
