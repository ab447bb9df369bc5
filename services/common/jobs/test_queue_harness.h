#ifndef PLUMBLINE_COMMON_JOBS_TEST_QUEUE_HARNESS_H_
#define PLUMBLINE_COMMON_JOBS_TEST_QUEUE_HARNESS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/jobs/queue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What the tests of queue_contract.h share.
namespace plumbline::jobs {

class QueueHarness {
 public:
  using Factory = std::function<std::unique_ptr<QueueHarness>()>;
  virtual ~QueueHarness() = default;
  virtual Queue& queue() = 0;                               // empty at first
  virtual void Limit(const QueueLimits& limits) = 0;        // the queue has these limits; before it is used
  virtual void Pass(absl::Duration duration) = 0;           // the queue's time goes on by at least this
  virtual void Forget() = 0;                                // the queue loses everything
  virtual void LosePlace(const std::string& id) = 0;        // damage: a known job is in no order any more
  virtual void LoseJob(const std::string& id) = 0;          // damage: only the places of a known job are left
  virtual void AddDelayedPlace(const std::string& id) = 0;  // damage: it stands among the delayed jobs too, as due
};

class QueueContract : public testing::TestWithParam<QueueHarness::Factory> {
 protected:
  static constexpr absl::Duration kLong = absl::Minutes(10);
  static constexpr absl::Duration kShort = absl::Milliseconds(40);

  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_NE(harness_, nullptr);
  }
  Queue& queue() { return harness_->queue(); }

  void Add(const std::string& id, int priority = 0, absl::Duration delay = absl::ZeroDuration()) {
    const absl::StatusOr<bool> added = queue().Enqueue(
        {.id = id, .kind = "test.work", .payload = "payload of " + id, .priority = priority, .delay = delay});
    ASSERT_TRUE(added.ok()) << added.status();
    ASSERT_TRUE(*added) << id;
  }
  bool Known(const std::string& id) { return queue().Missing({id})->empty(); }
  std::vector<std::string> AcquireIds(int max, absl::Duration lease = kLong) {
    const absl::StatusOr<std::vector<Lease>> leases = queue().Acquire(max, lease);
    EXPECT_TRUE(leases.ok()) << leases.status();
    std::vector<std::string> ids;
    if (leases.ok()) {
      for (const Lease& lease_of : *leases) ids.push_back(lease_of.job.id);
    }
    return ids;
  }
  Lease AcquireOne(absl::Duration lease = kLong) {
    const absl::StatusOr<std::vector<Lease>> leases = queue().Acquire(1, lease);
    EXPECT_TRUE(leases.ok()) << leases.status();
    if (!leases.ok() || leases->size() != 1) {
      ADD_FAILURE() << "no job to acquire";
      return {};
    }
    return leases->front();
  }
  RenewOutcome RenewOne(const Lease& lease) {
    const absl::StatusOr<std::vector<RenewOutcome>> outcome = queue().Renew({lease}, kLong);
    EXPECT_TRUE(outcome.ok() && outcome->size() == 1) << outcome.status();
    return outcome.ok() && outcome->size() == 1 ? outcome->front() : RenewOutcome::kLost;
  }
  // The lease speaks for nothing any more, and trying changes nothing.
  void ExpectOver(const Lease& lease) {
    const QueueStats before = *queue().Stats();
    EXPECT_EQ(RenewOne(lease), RenewOutcome::kLost);
    EXPECT_FALSE(*queue().Complete(lease));
    EXPECT_FALSE(*queue().Retry(lease, absl::ZeroDuration(), "late"));
    const QueueStats after = *queue().Stats();
    EXPECT_EQ(after.waiting, before.waiting);
    EXPECT_EQ(after.delayed, before.delayed);
    EXPECT_EQ(after.active, before.active);
  }

  std::unique_ptr<QueueHarness> harness_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_TEST_QUEUE_HARNESS_H_
