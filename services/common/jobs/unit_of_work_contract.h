#ifndef PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_CONTRACT_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/error.h"
#include "common/base/mutation.h"
#include "common/base/status_macros.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/unit_of_work.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every UnitOfWork must do, as one test suite over the smallest data there is: named numbers. A test file says
//
//   INSTANTIATE_TEST_SUITE_P(Fake, UnitOfWorkContract, ::testing::Values(UnitOfWorkHarness::Factory([] { ... })));
//
// in namespace plumbline::jobs. A factory that answers nullptr fails its tests.
namespace plumbline::jobs {

// A service's views of its data, as small as they get.
class NumberReader {
 public:
  virtual ~NumberReader() = default;
  virtual absl::StatusOr<int64_t> Get(const std::string& name) = 0;  // 0 for a name that was never set
};
class NumberWriter : public NumberReader {
 public:
  virtual absl::Status Set(const std::string& name, int64_t number) = 0;
};
using NumberUnitOfWork = UnitOfWork<NumberReader, NumberWriter>;

class UnitOfWorkHarness {
 public:
  using Factory = std::function<std::unique_ptr<UnitOfWorkHarness>()>;
  virtual ~UnitOfWorkHarness() = default;
  virtual NumberUnitOfWork& unit() = 0;
  virtual OperationStore& operations() = 0;
  // "actor method action resource detail" of every audit line, oldest first.
  virtual std::vector<std::string> Audit() = 0;
};

class UnitOfWorkContract : public ::testing::TestWithParam<UnitOfWorkHarness::Factory> {
 protected:
  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_NE(harness_, nullptr);
  }
  NumberUnitOfWork& unit() { return harness_->unit(); }
  OperationStore& operations() { return harness_->operations(); }
  static absl::Time At(int64_t second) { return absl::FromUnixSeconds(1'700'000'000 + second); }

  static Mutation MutationOf(const std::string& request_id, const std::string& digest = "digest") {
    return {"ann", "S/Set", request_id, digest, At(1)};
  }
  // Sets `name`, with one audit line and one operation "op-<name>".
  static NumberUnitOfWork::WriteBody Setting(const std::string& name, int64_t number) {
    return [=](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
      RETURN_IF_ERROR(writer.Set(name, number));
      WriteResult result;
      result.response = std::string("set\0", 4) + name;
      result.audit = {{"number.set", "numbers/" + name, "n=" + std::to_string(number)}};
      result.operations = {{"op-" + name, "test.kind", std::string("\0\xff", 2), "numbers/" + name}};
      return result;
    };
  }
  int64_t Number(const std::string& name) {
    int64_t number = -1;
    const absl::Status status = unit().Read([&](NumberReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(number, reader.Get(name));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return number;
  }
  size_t OperationCount() { return operations().List("", 100, "")->operations.size(); }

  std::unique_ptr<UnitOfWorkHarness> harness_;
};

TEST_P(UnitOfWorkContract, AWriteCommitsChangeAuditAndOperation) {
  const auto outcome = unit().Write(MutationOf("r1"), Setting("a", 7));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->replayed);
  EXPECT_EQ(outcome->response, std::string("set\0a", 5));
  ASSERT_EQ(outcome->operations.size(), 1u);
  EXPECT_EQ(outcome->operations[0].id, "op-a");
  EXPECT_EQ(Number("a"), 7);
  EXPECT_THAT(harness_->Audit(), ::testing::ElementsAre("ann S/Set number.set numbers/a n=7"));
  const auto operation = operations().Get("op-a");
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_EQ(operation->state, OperationState::kPending);
  EXPECT_EQ(operation->kind, "test.kind");
  EXPECT_EQ(operation->payload, std::string("\0\xff", 2));
  EXPECT_EQ(operation->target, "numbers/a");
  EXPECT_EQ(operation->actor, "ann");
  EXPECT_EQ(operation->create_time, At(1));
}

TEST_P(UnitOfWorkContract, AReplayGetsTheFirstAnswerAndDoesNothing) {
  const auto first = unit().Write(MutationOf("r1"), Setting("a", 7));
  ASSERT_TRUE(first.ok()) << first.status();
  bool ran = false;
  const auto second = unit().Write(MutationOf("r1"), [&](NumberWriter& writer) {
    ran = true;
    return Setting("b", 8)(writer);
  });
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(ran);
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->response, first->response);
  EXPECT_TRUE(second->operations.empty());
  EXPECT_EQ(Number("b"), 0);
  EXPECT_EQ(harness_->Audit().size(), 1u);
  EXPECT_EQ(OperationCount(), 1u);
}

TEST_P(UnitOfWorkContract, AReusedIdIsRefused) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  Mutation other_method = MutationOf("r1");
  other_method.method = "S/Delete";
  for (const Mutation& mutation : {MutationOf("r1", "another digest"), other_method}) {
    const absl::Status status = unit().Write(mutation, Setting("b", 8)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_EQ(GetErrorDetail(status).value_or(ErrorDetail{}).reason, "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(Number("b"), 0);
  EXPECT_EQ(harness_->Audit().size(), 1u);
}

TEST_P(UnitOfWorkContract, IdsOfAnotherActorDoNotMeet) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  Mutation bobs = MutationOf("r1", "another digest");
  bobs.actor = "bob";
  const auto outcome = unit().Write(bobs, Setting("b", 8));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->replayed);
  EXPECT_EQ(Number("b"), 8);
}

TEST_P(UnitOfWorkContract, WithoutAnIdEveryWriteRuns) {
  ASSERT_TRUE(unit().Write(MutationOf(""), Setting("a", 7)).ok());
  const auto second = unit().Write(MutationOf(""), Setting("b", 8));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->replayed);
  EXPECT_EQ(Number("b"), 8);
}

TEST_P(UnitOfWorkContract, AFailingBodyChangesNothingAndMayBeRepeated) {
  const auto failing = [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
    RETURN_IF_ERROR(Setting("a", 7)(writer).status());
    return StaleEtag("numbers/a");
  };
  const absl::Status status = unit().Write(MutationOf("r1"), failing).status();
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_EQ(Number("a"), 0);
  EXPECT_TRUE(harness_->Audit().empty());
  EXPECT_EQ(OperationCount(), 0u);
  const auto repeated = unit().Write(MutationOf("r1"), Setting("a", 7));
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_FALSE(repeated->replayed);
  EXPECT_EQ(Number("a"), 7);
}

TEST_P(UnitOfWorkContract, ATakenOperationIdUndoesTheWholeWrite) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  const absl::Status status = unit()
                                  .Write(MutationOf("r2"),
                                         [](NumberWriter& writer) {
                                           auto result = Setting("b", 8)(writer);
                                           result->operations.push_back({"op-a", "test.kind", "", ""});
                                           return result;
                                         })
                                  .status();
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_EQ(Number("b"), 0);
  EXPECT_EQ(harness_->Audit().size(), 1u);
  EXPECT_EQ(OperationCount(), 1u);
}

TEST_P(UnitOfWorkContract, ABodySeesItsOwnChanges) {
  const auto outcome = unit().Write(MutationOf(""), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
    RETURN_IF_ERROR(writer.Set("a", 7));
    ASSIGN_OR_RETURN(const int64_t seen, writer.Get("a"));
    RETURN_IF_ERROR(writer.Set("b", seen + 1));
    return WriteResult{};
  });
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(Number("b"), 8);
}

TEST_P(UnitOfWorkContract, ACommitTakesEffectAndFinishesTheOperation) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  const int64_t token = operations().Claim("op-a", At(2))->token;
  const absl::Status status = unit().Commit({"op-a", token}, At(3), Setting("b", 8));
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Number("b"), 8);
  const auto operation = operations().Get("op-a");
  EXPECT_EQ(operation->state, OperationState::kSucceeded);
  EXPECT_EQ(operation->result, std::string("set\0b", 5));
  EXPECT_EQ(operation->end_time, At(3));
  EXPECT_THAT(harness_->Audit(),
              ::testing::ElementsAre("ann S/Set number.set numbers/a n=7", "ann test.kind number.set numbers/b n=8"));
  const auto next = operations().Get("op-b");
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->state, OperationState::kPending);
  EXPECT_EQ(next->actor, "ann");
}

TEST_P(UnitOfWorkContract, ACommitUnderALostClaimChangesNothing) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  const int64_t stale = operations().Claim("op-a", At(2))->token;
  const int64_t current = operations().Claim("op-a", At(3))->token;
  const absl::Status status = unit().Commit({"op-a", stale}, At(4), Setting("b", 8));
  EXPECT_TRUE(IsStaleClaim(status)) << status;
  EXPECT_EQ(Number("b"), 0);
  EXPECT_EQ(harness_->Audit().size(), 1u);
  EXPECT_EQ(OperationCount(), 1u);
  EXPECT_EQ(operations().Get("op-a")->state, OperationState::kRunning);
  ASSERT_TRUE(unit().Commit({"op-a", current}, At(5), Setting("b", 9)).ok());
  EXPECT_EQ(Number("b"), 9);
  // The same claim again: its work is done, so it is over.
  EXPECT_TRUE(IsStaleClaim(unit().Commit({"op-a", current}, At(6), Setting("c", 1))));
  EXPECT_EQ(Number("c"), 0);
  EXPECT_TRUE(absl::IsNotFound(unit().Commit({"op-none", 1}, At(6), Setting("c", 1))));
}

TEST_P(UnitOfWorkContract, PartsAreCommittedUnderTheClaimAndTheOperationGoesOn) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  const int64_t stale = operations().Claim("op-a", At(2))->token;
  const auto add = [](NumberWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t number, writer.Get("a"));
    return writer.Set("a", number + 1);
  };
  ASSERT_TRUE(unit().CommitPart({"op-a", stale}, add).ok());
  ASSERT_TRUE(unit().CommitPart({"op-a", stale}, add).ok());
  EXPECT_EQ(Number("a"), 9);
  EXPECT_EQ(operations().Get("op-a")->state, OperationState::kRunning);
  // A part that fails changes nothing and ends nothing.
  const absl::Status failed = unit().CommitPart({"op-a", stale}, [&](NumberWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(add(writer));
    return absl::UnavailableError("a peer is down");
  });
  EXPECT_TRUE(absl::IsUnavailable(failed)) << failed;
  EXPECT_EQ(Number("a"), 9);
  const int64_t current = operations().Claim("op-a", At(3))->token;
  EXPECT_TRUE(IsStaleClaim(unit().CommitPart({"op-a", stale}, add)));
  EXPECT_EQ(Number("a"), 9);
  ASSERT_TRUE(unit().CommitPart({"op-a", current}, add).ok());
  ASSERT_TRUE(unit().Commit({"op-a", current}, At(4), Setting("b", 1)).ok());
  EXPECT_EQ(Number("a"), 10);
  EXPECT_TRUE(IsStaleClaim(unit().CommitPart({"op-a", current}, add)));
  EXPECT_TRUE(absl::IsNotFound(unit().CommitPart({"op-none", 1}, add)));
  EXPECT_EQ(harness_->Audit().size(), 2u);
}

TEST_P(UnitOfWorkContract, AFailingBodyLeavesTheClaimAsItWas) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  const int64_t token = operations().Claim("op-a", At(2))->token;
  const absl::Status status =
      unit().Commit({"op-a", token}, At(3), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
        RETURN_IF_ERROR(Setting("b", 8)(writer).status());
        return absl::UnavailableError("a peer is down");
      });
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(Number("b"), 0);
  EXPECT_EQ(harness_->Audit().size(), 1u);
  EXPECT_EQ(operations().Get("op-a")->state, OperationState::kRunning);
  EXPECT_TRUE(unit().Commit({"op-a", token}, At(4), Setting("b", 8)).ok());
}

TEST_P(UnitOfWorkContract, ConcurrentWritesLoseNoIncrement) {
  constexpr int kThreads = 8;
  constexpr int kEach = 10;
  std::vector<std::thread> threads;
  std::vector<absl::Status> outcomes(kThreads);
  for (size_t k = 0; k < kThreads; ++k) {
    threads.emplace_back([&, k] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = "r-" + std::to_string(k) + "-" + std::to_string(i);
        const auto outcome = unit().Write(MutationOf(id), [](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
          ASSIGN_OR_RETURN(const int64_t number, writer.Get("n"));
          RETURN_IF_ERROR(writer.Set("n", number + 1));
          return WriteResult{"", {{"number.add", "numbers/n", ""}}, {}};
        });
        if (!outcome.ok()) outcomes[k] = outcome.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) EXPECT_TRUE(outcome.ok()) << outcome;
  EXPECT_EQ(Number("n"), kThreads * kEach);
  EXPECT_EQ(harness_->Audit().size(), static_cast<size_t>(kThreads * kEach));
}

TEST_P(UnitOfWorkContract, CopiesOfOneRequestAtOnceRunOnce) {
  constexpr int kCopies = 6;
  std::vector<absl::StatusOr<WriteOutcome>> outcomes(kCopies);
  std::vector<std::thread> threads;
  for (size_t k = 0; k < kCopies; ++k) {
    threads.emplace_back([&, k] { outcomes[k] = unit().Write(MutationOf("r1"), Setting("a", 7)); });
  }
  for (std::thread& thread : threads) thread.join();
  int ran = 0;
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->response, std::string("set\0a", 5));
    ran += outcome->replayed ? 0 : 1;
  }
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(harness_->Audit().size(), 1u);
}

// Of many claims that try to commit at once, the one that holds the newest token has the effect, once.
TEST_P(UnitOfWorkContract, OfManyClaimsCommittingAtOnceOneTakesEffect) {
  ASSERT_TRUE(unit().Write(MutationOf("r1"), Setting("a", 7)).ok());
  constexpr int kClaims = 4;
  std::vector<int64_t> tokens;
  for (int i = 0; i < kClaims; ++i) tokens.push_back(operations().Claim("op-a", At(2))->token);
  std::vector<absl::Status> outcomes(kClaims);
  std::vector<std::thread> threads;
  for (size_t k = 0; k < kClaims; ++k) {
    threads.emplace_back([&, k] {
      outcomes[k] = unit().Commit({"op-a", tokens[k]}, At(3), [k](NumberWriter& writer) -> absl::StatusOr<WriteResult> {
        ASSIGN_OR_RETURN(const int64_t number, writer.Get("n"));
        RETURN_IF_ERROR(writer.Set("n", number + 100 + static_cast<int64_t>(k)));
        return WriteResult{};
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t k = 0; k + 1 < kClaims; ++k) EXPECT_TRUE(IsStaleClaim(outcomes[k])) << outcomes[k];
  EXPECT_TRUE(outcomes[kClaims - 1].ok()) << outcomes[kClaims - 1];
  EXPECT_EQ(Number("n"), 100 + kClaims - 1);
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_CONTRACT_H_
