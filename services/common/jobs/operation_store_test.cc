#include "common/jobs/fake_operation_store.h"
#include "common/jobs/operation_store_contract.h"

namespace plumbline::jobs {
namespace {

class FakeHarness : public OperationStoreHarness {
 public:
  OperationStore& store() override { return store_; }
  absl::Status Create(const OperationDraft& draft, const std::string& actor, absl::Time create_time) override {
    return store_.Create(draft, actor, create_time);
  }
  absl::Status Commit(const Claim& claim, const std::string& result, absl::Time now) override {
    return store_.Commit(claim, result, now);
  }

 private:
  FakeOperationStore store_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, OperationStoreContract, testing::Values(OperationStoreHarness::Factory([] {
                           return std::make_unique<FakeHarness>();
                         })));

namespace {

TEST(OperationTest, StatesSurviveTheirNames) {
  for (const OperationState state : {OperationState::kPending, OperationState::kRunning, OperationState::kSucceeded,
                                     OperationState::kFailed, OperationState::kCancelled}) {
    EXPECT_EQ(OperationStateFromString(ToString(state)), state);
  }
  EXPECT_EQ(OperationStateFromString("SOMETHING_NEW"), OperationState::kFailed);
}

TEST(OperationTest, AStaleClaimIsToldFromOtherAbortedErrors) {
  EXPECT_TRUE(IsStaleClaim(StaleClaimError({"op-a", 3})));
  EXPECT_FALSE(IsStaleClaim(absl::AbortedError("serialization failure")));
  EXPECT_FALSE(IsStaleClaim(absl::OkStatus()));
}

}  // namespace
}  // namespace plumbline::jobs
