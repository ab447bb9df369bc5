#include <limits>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/queue_contract.h"

namespace plumbline::jobs {
namespace {

class FakeQueueHarness : public QueueHarness {
 public:
  Queue& queue() override { return *queue_; }
  void Limit(const QueueLimits& limits) override { queue_ = std::make_unique<FakeQueue>(clock_, limits); }
  void Pass(absl::Duration duration) override { clock_.Advance(duration); }
  void Forget() override { queue_->Forget(); }
  void LosePlace(const std::string& id) override { queue_->LosePlace(id); }
  void LoseJob(const std::string& id) override { queue_->LoseJob(id); }
  void AddDelayedPlace(const std::string& id) override { queue_->AddDelayedPlace(id); }

 private:
  FakeClock clock_;
  std::unique_ptr<FakeQueue> queue_ = std::make_unique<FakeQueue>(clock_);
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, QueueContract,
                         testing::Values(QueueHarness::Factory([] { return std::make_unique<FakeQueueHarness>(); })));

namespace {

TEST(QueueLimitsTest, LimitsOutsideTheirRangeAreRefusedByName) {
  EXPECT_TRUE(ValidateLimits({}).ok());
  EXPECT_TRUE(ValidateLimits({.max_jobs = 1, .max_active = 1, .memory_high_water = 1.0}).ok());
  const absl::Status bad =
      ValidateLimits({.max_jobs = 0, .max_active = -1, .memory_high_water = std::numeric_limits<double>::quiet_NaN()});
  ASSERT_TRUE(absl::IsInvalidArgument(bad));
  EXPECT_EQ(GetErrorDetail(bad)->violations.size(), 3u) << bad;
  for (const double share : {0.0, 1.01, -1.0}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ValidateLimits({.memory_high_water = share}))) << share;
  }
}

TEST(FakeQueueTest, AServerShortOfMemoryTakesNothingNew) {
  FakeClock clock;
  FakeQueue queue(clock, {.memory_high_water = 0.5});
  const Job job = {.id = "op-a", .kind = "k", .payload = ""};
  queue.SetMemoryShare(0.51);
  EXPECT_TRUE(absl::IsResourceExhausted(queue.Enqueue(job).status()));
  EXPECT_EQ(queue.GetCapacity()->memory_share, 0.51);
  queue.SetMemoryShare(0.5);
  EXPECT_TRUE(*queue.Enqueue(job));
  queue.SetMemoryShare(1);
  EXPECT_FALSE(*queue.Enqueue(job));  // known: nothing to add
}

}  // namespace
}  // namespace plumbline::jobs
