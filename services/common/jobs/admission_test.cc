#include "common/jobs/admission.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/submitter.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

class AdmissionTest : public ::testing::Test {
 protected:
  void Enqueue(int jobs) {
    for (int i = 0; i < jobs; ++i) {
      ASSERT_TRUE(queue_.Enqueue({.id = absl::StrCat("job-", next_++), .kind = "k", .payload = ""}).ok());
    }
  }

  FakeClock clock_;
  FakeQueue queue_{clock_, {.max_jobs = 10}};
  Admission admission_{queue_, clock_};
  int next_ = 0;
};

TEST_F(AdmissionTest, AdmitsWhatThereIsRoomFor) {
  Enqueue(6);
  EXPECT_TRUE(admission_.Check(4).ok());
  const absl::Status refused = admission_.Check(1);  // the four admitted count although the queue has not seen them
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  const ErrorDetail detail = GetErrorDetail(refused).value_or(ErrorDetail{});
  EXPECT_EQ(detail.reason, "QUEUE_FULL");
  EXPECT_TRUE(detail.retry_after.has_value());
}

TEST_F(AdmissionTest, ARefusedRequestTakesNoRoom) {
  EXPECT_TRUE(absl::IsResourceExhausted(admission_.Check(11)));
  EXPECT_TRUE(admission_.Check(10).ok());
}

TEST_F(AdmissionTest, AsksAgainAfterASecond) {
  Enqueue(10);
  EXPECT_FALSE(admission_.Check(1).ok());
  ASSERT_TRUE(queue_.RequestCancel("job-0").ok());
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_FALSE(admission_.Check(1).ok());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(admission_.Check(1).ok());
}

TEST_F(AdmissionTest, AFullServerRefuses) {
  queue_.SetMemoryShare(0.95);
  EXPECT_TRUE(absl::IsResourceExhausted(admission_.Check(1)));
}

TEST_F(AdmissionTest, AQueueOutOfReachRefusesNothingAndIsNotAskedForAWhile) {
  Enqueue(10);
  queue_.FailNext(1, absl::UnavailableError("down"));
  EXPECT_TRUE(admission_.Check(100).ok());
  clock_.Advance(Admission::kKeptAfterFailure - absl::Milliseconds(1));
  EXPECT_TRUE(admission_.Check(100).ok());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_FALSE(admission_.Check(1).ok());
}

// A queue that answers late: the one who asks waits, the others go by the last answer.
TEST_F(AdmissionTest, OneCallerAtATimeWaitsForTheQueue) {
  class SlowQueue : public FakeQueue {
   public:
    using FakeQueue::FakeQueue;
    absl::StatusOr<Capacity> GetCapacity() override {
      if (++asked == 2) {
        waiting.Notify();
        go_on.WaitForNotification();
      }
      return FakeQueue::GetCapacity();
    }
    std::atomic<int> asked = 0;
    absl::Notification waiting, go_on;
  };
  SlowQueue queue(clock_, {.max_jobs = 10});
  Admission admission(queue, clock_);
  ASSERT_TRUE(admission.Check(1).ok());
  clock_.Advance(absl::Seconds(2));
  std::thread first([&] { EXPECT_TRUE(admission.Check(1).ok()); });
  queue.waiting.WaitForNotification();
  EXPECT_TRUE(admission.Check(1).ok());
  EXPECT_FALSE(admission.Check(100).ok());
  EXPECT_EQ(queue.asked, 2);
  queue.go_on.Notify();
  first.join();
}

TEST_F(AdmissionTest, TheSubmitterPassesOrderAndDelayOnAndNoPayload) {
  QueueSubmitter submitter(queue_, clock_);
  OperationDraft draft{.id = "op-a", .kind = "k", .payload = "secret", .target = "studies/a"};
  draft.priority = 7;
  draft.not_before = clock_.Now() + absl::Seconds(30);
  submitter.Submit(draft);
  EXPECT_TRUE(queue_.Acquire(1, absl::Seconds(1))->empty());
  clock_.Advance(absl::Seconds(30));
  const auto leases = queue_.Acquire(1, absl::Seconds(1));
  ASSERT_TRUE(leases.ok()) << leases.status();
  ASSERT_EQ(leases->size(), 1u);
  EXPECT_EQ(leases->at(0).job.priority, 7);
  EXPECT_EQ(leases->at(0).job.payload, "");
  EXPECT_FALSE(submitter.Admit(10).ok());
  EXPECT_TRUE(submitter.Admit(9).ok());
}

}  // namespace
}  // namespace plumbline::jobs
