#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_STORE_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_STORE_CONTRACT_H_

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/operation.h"
#include "common/jobs/operation_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every OperationStore must do, as one test suite. A test file includes this header and says
//
//   INSTANTIATE_TEST_SUITE_P(Fake, OperationStoreContract,
//                            ::testing::Values(OperationStoreHarness::Factory([] { return std::make_unique<...>();
//                            })));
//
// in namespace plumbline::jobs. Times are whole seconds, so that a store may keep them in any usual resolution.
namespace plumbline::jobs {

// One empty store, and the two things that services do to it in their own transactions.
class OperationStoreHarness {
 public:
  using Factory = std::function<std::unique_ptr<OperationStoreHarness>()>;
  virtual ~OperationStoreHarness() = default;
  virtual OperationStore& store() = 0;
  // Records a PENDING operation, as UnitOfWork::Write does.
  virtual absl::Status Create(const OperationDraft& draft, const std::string& actor, absl::Time create_time) = 0;
  // Marks a claimed operation SUCCEEDED with `result`, as UnitOfWork::Commit does.
  virtual absl::Status Commit(const Claim& claim, const std::string& result, absl::Time now) = 0;
};

class OperationStoreContract : public ::testing::TestWithParam<OperationStoreHarness::Factory> {
 protected:
  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_NE(harness_, nullptr);
  }
  OperationStore& store() { return harness_->store(); }
  static absl::Time At(int64_t second) { return absl::FromUnixSeconds(1'700'000'000 + second); }

  void Create(const std::string& id, int64_t second = 0, const std::string& target = "studies/a") {
    const absl::Status made =
        harness_->Create({.id = id, .kind = "test.work", .payload = "payload of " + id, .target = target},
                         "ann@example.org", At(second));
    ASSERT_TRUE(made.ok()) << made;
  }
  Claim MustClaim(const std::string& id, int64_t second = 1) {
    const absl::StatusOr<Operation> claimed = store().Claim(id, At(second));
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return {id, claimed.ok() ? claimed->token : -1};
  }
  Operation MustGet(const std::string& id) {
    const absl::StatusOr<Operation> operation = store().Get(id);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.value_or(Operation{});
  }
  // Every call that needs a claim refuses `claim` and leaves the operation as it is.
  void ExpectRefused(const Claim& claim) {
    const Operation before = MustGet(claim.operation_id);
    EXPECT_TRUE(IsStaleClaim(store().SetProgress(claim, {1, 2, "late"})));
    EXPECT_TRUE(IsStaleClaim(store().IsCancelRequested(claim).status()));
    EXPECT_TRUE(IsStaleClaim(store().Fail(claim, absl::InternalError("late"), At(900))));
    EXPECT_TRUE(IsStaleClaim(store().MarkCancelled(claim, At(900))));
    EXPECT_TRUE(IsStaleClaim(store().Release(claim)));
    EXPECT_TRUE(IsStaleClaim(harness_->Commit(claim, "late", At(900))));
    const Operation after = MustGet(claim.operation_id);
    EXPECT_EQ(after.state, before.state);
    EXPECT_EQ(after.token, before.token);
    EXPECT_EQ(after.progress.phase, before.progress.phase);
    EXPECT_EQ(after.result, before.result);
    EXPECT_EQ(after.error, before.error);
    EXPECT_EQ(after.end_time, before.end_time);
  }

  std::unique_ptr<OperationStoreHarness> harness_;
};

TEST_P(OperationStoreContract, NewOperationIsPendingWithAllItsFields) {
  Create("op-a", 7, "studies/x");
  const Operation operation = MustGet("op-a");
  EXPECT_EQ(operation.id, "op-a");
  EXPECT_EQ(operation.kind, "test.work");
  EXPECT_EQ(operation.payload, "payload of op-a");
  EXPECT_EQ(operation.target, "studies/x");
  EXPECT_EQ(operation.actor, "ann@example.org");
  EXPECT_EQ(operation.state, OperationState::kPending);
  EXPECT_EQ(operation.create_time, At(7));
  EXPECT_EQ(operation.attempts, 0);
  EXPECT_EQ(operation.token, 0);
  EXPECT_FALSE(operation.cancel_requested);
  EXPECT_TRUE(operation.error.ok());
  EXPECT_EQ(operation.start_time, absl::InfinitePast());
  EXPECT_EQ(operation.end_time, absl::InfinitePast());
}

TEST_P(OperationStoreContract, PayloadAndResultAreAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_TRUE(harness_->Create({.id = "op-a", .kind = "k", .payload = bytes, .target = ""}, "ann", At(0)).ok());
  EXPECT_EQ(MustGet("op-a").payload, bytes);
  ASSERT_TRUE(harness_->Commit(MustClaim("op-a"), bytes, At(2)).ok());
  EXPECT_EQ(MustGet("op-a").result, bytes);
}

TEST_P(OperationStoreContract, UnknownIdIsNotFoundEverywhere) {
  const Claim claim{"op-none", 1};
  EXPECT_TRUE(absl::IsNotFound(store().Get("op-none").status()));
  EXPECT_TRUE(absl::IsNotFound(store().RequestCancel("op-none", At(1), "oper").status()));
  EXPECT_TRUE(absl::IsNotFound(store().Claim("op-none", At(1)).status()));
  EXPECT_TRUE(absl::IsNotFound(store().SetProgress(claim, {})));
  EXPECT_TRUE(absl::IsNotFound(store().IsCancelRequested(claim).status()));
  EXPECT_TRUE(absl::IsNotFound(store().Fail(claim, absl::InternalError("x"), At(1))));
  EXPECT_TRUE(absl::IsNotFound(store().MarkCancelled(claim, At(1))));
  EXPECT_TRUE(absl::IsNotFound(store().Release(claim)));
}

TEST_P(OperationStoreContract, ClaimRunsTheOperationAndCountsUp) {
  Create("op-a");
  const absl::StatusOr<Operation> first = store().Claim("op-a", At(5));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->state, OperationState::kRunning);
  EXPECT_EQ(first->attempts, 1);
  EXPECT_EQ(first->token, 1);
  EXPECT_EQ(first->start_time, At(5));
  EXPECT_EQ(first->payload, "payload of op-a");
  const absl::StatusOr<Operation> second = store().Claim("op-a", At(9));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->attempts, 2);
  EXPECT_GT(second->token, first->token);
  EXPECT_EQ(MustGet("op-a").start_time, At(9));
}

TEST_P(OperationStoreContract, CommitUnderTheClaimFinishesOnce) {
  Create("op-a");
  const Claim claim = MustClaim("op-a");
  ASSERT_TRUE(harness_->Commit(claim, "answer", At(3)).ok());
  const Operation done = MustGet("op-a");
  EXPECT_EQ(done.state, OperationState::kSucceeded);
  EXPECT_EQ(done.result, "answer");
  EXPECT_EQ(done.end_time, At(3));
  ExpectRefused(claim);
  EXPECT_TRUE(absl::IsFailedPrecondition(store().Claim("op-a", At(4)).status()));
}

TEST_P(OperationStoreContract, AnOlderClaimIsRefusedAndTheNewerStands) {
  Create("op-a");
  const Claim older = MustClaim("op-a", 1);
  const Claim newer = MustClaim("op-a", 2);
  ExpectRefused(older);
  EXPECT_TRUE(store().SetProgress(newer, {3, 10, "scoring"}).ok());
  EXPECT_TRUE(harness_->Commit(newer, "answer", At(3)).ok());
  EXPECT_EQ(MustGet("op-a").result, "answer");
}

TEST_P(OperationStoreContract, ATokenNobodyWasGivenIsRefused) {
  Create("op-a");
  ExpectRefused({"op-a", 0});
  ExpectRefused({"op-a", 1});
  MustClaim("op-a");
  ExpectRefused({"op-a", 0});
  ExpectRefused({"op-a", 2});
}

TEST_P(OperationStoreContract, ReleaseGivesBackAndEndsTheClaim) {
  Create("op-a");
  const Claim claim = MustClaim("op-a");
  ASSERT_TRUE(store().Release(claim).ok());
  EXPECT_EQ(MustGet("op-a").state, OperationState::kPending);
  ExpectRefused(claim);
  EXPECT_GT(MustClaim("op-a").token, claim.token);
  EXPECT_EQ(MustGet("op-a").attempts, 2);
}

TEST_P(OperationStoreContract, FailKeepsTheErrorWithItsDetail) {
  Create("op-a");
  Violations violations;
  violations.Add("row 3, column code", "7", "must be 0 or 1");
  const absl::Status error = violations.ToStatus();
  const Claim claim = MustClaim("op-a");
  ASSERT_TRUE(store().Fail(claim, error, At(8)).ok());
  const Operation failed = MustGet("op-a");
  EXPECT_EQ(failed.state, OperationState::kFailed);
  EXPECT_EQ(failed.end_time, At(8));
  EXPECT_EQ(failed.error.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(failed.error.message(), error.message());
  const std::optional<ErrorDetail> detail = GetErrorDetail(failed.error);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, GetErrorDetail(error)->reason);
  ASSERT_EQ(detail->violations.size(), 1u);
  EXPECT_EQ(detail->violations[0].field, "row 3, column code");
  ExpectRefused(claim);
}

TEST_P(OperationStoreContract, ProgressShows) {
  Create("op-a");
  const Claim claim = MustClaim("op-a");
  ASSERT_TRUE(store().SetProgress(claim, {40, 100, "scoring responses"}).ok());
  const Operation operation = MustGet("op-a");
  EXPECT_EQ(operation.progress.done, 40);
  EXPECT_EQ(operation.progress.total, 100);
  EXPECT_EQ(operation.progress.phase, "scoring responses");
}

TEST_P(OperationStoreContract, CancellingAPendingOperationFinishesIt) {
  Create("op-a");
  const absl::StatusOr<Operation> cancelled = store().RequestCancel("op-a", At(4), "oper");
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state, OperationState::kCancelled);
  EXPECT_EQ(cancelled->end_time, At(4));
  EXPECT_TRUE(absl::IsFailedPrecondition(store().Claim("op-a", At(5)).status()));
}

TEST_P(OperationStoreContract, CancellingARunningOperationAsksItsHandler) {
  Create("op-a");
  const Claim claim = MustClaim("op-a");
  EXPECT_FALSE(store().IsCancelRequested(claim).value_or(true));
  const absl::StatusOr<Operation> asked = store().RequestCancel("op-a", At(4), "oper");
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->state, OperationState::kRunning);
  EXPECT_TRUE(asked->cancel_requested);
  EXPECT_TRUE(store().IsCancelRequested(claim).value_or(false));
  ASSERT_TRUE(store().MarkCancelled(claim, At(6)).ok());
  EXPECT_EQ(MustGet("op-a").state, OperationState::kCancelled);
  EXPECT_EQ(MustGet("op-a").end_time, At(6));
  ExpectRefused(claim);
}

TEST_P(OperationStoreContract, TheWishToCancelOutlivesAClaim) {
  Create("op-a");
  MustClaim("op-a", 1);
  ASSERT_TRUE(store().RequestCancel("op-a", At(2), "oper").ok());
  const absl::StatusOr<Operation> next = store().Claim("op-a", At(3));
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_TRUE(next->cancel_requested);
}

TEST_P(OperationStoreContract, CancellingAFinishedOperationChangesNothing) {
  Create("op-a");
  ASSERT_TRUE(harness_->Commit(MustClaim("op-a"), "answer", At(3)).ok());
  const absl::StatusOr<Operation> late = store().RequestCancel("op-a", At(4), "oper");
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_EQ(late->state, OperationState::kSucceeded);
  EXPECT_FALSE(late->cancel_requested);
  EXPECT_EQ(late->result, "answer");
}

TEST_P(OperationStoreContract, ListPagesNewestFirstEachOnce) {
  // Two share each second: the order among them is the store's, but no page may lose or repeat one.
  for (int i = 0; i < 10; ++i) Create(absl::StrCat("op-", i), i / 2);
  std::vector<std::string> seen;
  std::string token;
  absl::Time previous = absl::InfiniteFuture();
  do {
    const absl::StatusOr<OperationStore::Page> page = store().List("", 3, token);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->operations.size(), 3u);
    ASSERT_FALSE(page->operations.empty());
    for (const Operation& operation : page->operations) {
      EXPECT_LE(operation.create_time, previous);
      previous = operation.create_time;
      EXPECT_TRUE(operation.payload.empty());
      EXPECT_TRUE(operation.result.empty());
      seen.push_back(operation.id);
    }
    token = page->next_page_token;
  } while (!token.empty() && seen.size() < 100);
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre("op-0", "op-1", "op-2", "op-3", "op-4", "op-5", "op-6", "op-7",
                                                    "op-8", "op-9"));
}

TEST_P(OperationStoreContract, ListOfAFullLastPageHasNoNextOne) {
  for (int i = 0; i < 4; ++i) Create(absl::StrCat("op-", i), i);
  const absl::StatusOr<OperationStore::Page> page = store().List("", 4, "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->operations.size(), 4u);
  EXPECT_EQ(page->next_page_token, "");
}

TEST_P(OperationStoreContract, ListByTarget) {
  Create("op-a", 1, "studies/a");
  Create("op-b", 2, "studies/b");
  Create("op-c", 3, "studies/a");
  Create("op-d", 4, "");
  const absl::StatusOr<OperationStore::Page> page = store().List("studies/a", 10, "");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->operations.size(), 2u);
  EXPECT_EQ(page->operations[0].id, "op-c");
  EXPECT_EQ(page->operations[1].id, "op-a");
  EXPECT_EQ(store().List("", 10, "")->operations.size(), 4u);
  EXPECT_TRUE(store().List("studies/none", 10, "")->operations.empty());
}

TEST_P(OperationStoreContract, ListRefusesATokenThatIsNotItsOwn) {
  Create("op-a");
  EXPECT_TRUE(absl::IsInvalidArgument(store().List("", 10, "' OR 1=1 --").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store().List("", 10, "\xff").status()));
}

TEST_P(OperationStoreContract, ListUnfinishedPagesByIdAndLeavesOutTheNewAndTheFinished) {
  for (int i = 0; i < 9; ++i) Create(absl::StrCat("op-", i), 100 - i);  // ids and times run against each other
  Create("op-new", 500);
  ASSERT_TRUE(harness_->Commit(MustClaim("op-3"), "", At(200)).ok());
  ASSERT_TRUE(store().Fail(MustClaim("op-4"), absl::InternalError("x"), At(200)).ok());
  ASSERT_TRUE(store().RequestCancel("op-5", At(200), "oper").ok());
  MustClaim("op-6");  // running counts as unfinished
  std::vector<std::string> seen;
  std::string after;
  while (true) {
    const auto page = store().ListUnfinished(At(400), after, 2);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->size(), 2u);
    for (const OperationStore::Unfinished& operation : *page) {
      seen.push_back(operation.id);
      EXPECT_EQ(operation.kind, "test.work");
    }
    if (page->size() < 2) break;
    after = page->back().id;
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("op-0", "op-1", "op-2", "op-6", "op-7", "op-8"));
  EXPECT_TRUE(store().ListUnfinished(At(50), "", 10)->empty());
  // `before` leaves out an operation of that very instant.
  EXPECT_EQ(store().ListUnfinished(At(93), "", 10)->size(), 1u);
}

TEST_P(OperationStoreContract, ManyThreadsClaimingGetDistinctTokensAndOneCommits) {
  Create("op-a");
  constexpr int kThreads = 4;
  constexpr int kClaims = 8;
  std::vector<std::vector<Claim>> claims(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kClaims; ++i) claims[static_cast<size_t>(t)].push_back(MustClaim("op-a", i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<int64_t> tokens;
  for (const auto& of_thread : claims) {
    for (const Claim& claim : of_thread) tokens.insert(claim.token);
  }
  EXPECT_EQ(tokens.size(), static_cast<size_t>(kThreads * kClaims));
  EXPECT_EQ(MustGet("op-a").attempts, kThreads * kClaims);
  int committed = 0;
  for (const auto& of_thread : claims) {
    for (const Claim& claim : of_thread) committed += harness_->Commit(claim, "x", At(60)).ok() ? 1 : 0;
  }
  EXPECT_EQ(committed, 1);
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_STORE_CONTRACT_H_
