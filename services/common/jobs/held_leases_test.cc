#include "common/jobs/held_leases.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/jobs/fake_queue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

constexpr absl::Duration kLease = absl::Seconds(15);

// Notes what is renewed, and can hold a renewal up in the middle.
class WatchedQueue : public FakeQueue {
 public:
  explicit WatchedQueue(Clock& clock) : FakeQueue(clock) {}
  absl::StatusOr<std::vector<RenewOutcome>> Renew(const std::vector<Lease>& leases,
                                                  absl::Duration lease_duration) override {
    renewed.push_back(leases.size());
    if (hold != nullptr) {
      renewing.Notify();
      hold->WaitForNotification();
    }
    return FakeQueue::Renew(leases, lease_duration);
  }

  std::vector<size_t> renewed;  // leases of each call
  absl::Notification renewing;
  absl::Notification* hold = nullptr;
};

class HeldLeasesTest : public testing::Test {
 protected:
  Lease LeaseOf(const std::string& id) {
    EXPECT_TRUE(queue_.Enqueue({.id = id, .kind = "k", .payload = ""}).ok());
    return queue_.Acquire(1, kLease)->at(0);
  }
  uint64_t Add(const std::string& id) { return held_.Add(LeaseOf(id), std::make_shared<JobSignals>(), clock_.Now()); }
  static std::vector<std::string> Ids(const std::vector<Lease>& leases) {
    std::vector<std::string> ids;
    ids.reserve(leases.size());
    for (const Lease& lease : leases) ids.push_back(lease.job.id);
    return ids;
  }

  FakeClock clock_;
  WatchedQueue queue_{clock_};
  JobCounters counters_;
  HeldLeases held_;
};

TEST_F(HeldLeasesTest, WhatIsDoneIsHandedOutOnceInOrderAndNotRenewed) {
  const uint64_t a = Add("a");
  const uint64_t b = Add("b");
  const uint64_t c = Add("c");
  Add("d");
  EXPECT_TRUE(held_.TakeDone(10).empty());
  EXPECT_TRUE(held_.MarkDone(b));
  EXPECT_TRUE(held_.MarkDone(a));
  EXPECT_TRUE(held_.MarkDone(c));
  EXPECT_FALSE(held_.MarkDone(a));  // already
  EXPECT_FALSE(held_.Take(a));
  ASSERT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
  EXPECT_THAT(queue_.renewed, testing::ElementsAre(1));
  EXPECT_THAT(Ids(held_.TakeDone(2)), testing::ElementsAre("b", "a"));
  const std::vector<HeldLeases::Held> unfinished = held_.TakeAll();
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_EQ(unfinished[0].lease.job.id, "d");
  EXPECT_THAT(Ids(held_.TakeDone(2)), testing::ElementsAre("c"));
  EXPECT_TRUE(held_.TakeDone(2).empty());
}

TEST_F(HeldLeasesTest, WhatWasTakenIsNotDone) {
  const uint64_t a = Add("a");
  EXPECT_TRUE(held_.Take(a));
  EXPECT_FALSE(held_.MarkDone(a));
  EXPECT_TRUE(held_.TakeDone(10).empty());
}

TEST_F(HeldLeasesTest, DoneLeasesWaitForTheRenewalUnderWay) {
  const uint64_t a = Add("a");
  absl::Notification let_go;
  queue_.hold = &let_go;
  std::thread renewal([this] { EXPECT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok()); });
  queue_.renewing.WaitForNotification();
  EXPECT_TRUE(held_.MarkDone(a));  // waits for nobody
  std::vector<Lease> done;
  std::thread taking([&] {
    done = held_.TakeDone(10);
    EXPECT_TRUE(let_go.HasBeenNotified());
    // The renewal is over, so the queue does not come to know the job again.
    EXPECT_TRUE((*queue_.CompleteMany(done)).at(0));
  });
  let_go.Notify();
  renewal.join();
  taking.join();
  EXPECT_EQ(Ids(done), std::vector<std::string>{"a"});
  EXPECT_THAT(*queue_.Missing({"a"}), testing::ElementsAre("a"));
}

TEST_F(HeldLeasesTest, OnlyWhatARenewalAnsweredForHasItsTime) {
  const absl::Time start = clock_.Now();
  const uint64_t a = Add("a");
  Lease older = LeaseOf("lost");
  --older.token;
  const uint64_t lost = held_.Add(older, std::make_shared<JobSignals>(), start);
  const Lease on_its_way = LeaseOf("late");
  clock_.Advance(absl::Seconds(5));
  ASSERT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
  const uint64_t late = held_.Add(on_its_way, std::make_shared<JobSignals>(), start);
  clock_.Advance(absl::Seconds(1));
  queue_.FailNext(1, absl::UnavailableError("away"));
  ASSERT_FALSE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
  EXPECT_EQ(held_.TermBegan(a), start + absl::Seconds(5));
  EXPECT_EQ(held_.TermBegan(lost), start);
  EXPECT_EQ(held_.TermBegan(late), start);
  ASSERT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
  EXPECT_EQ(held_.TermBegan(late), start + absl::Seconds(6));
  EXPECT_TRUE(held_.Take(a));
  EXPECT_EQ(held_.TermBegan(a), absl::InfinitePast());
}

TEST_F(HeldLeasesTest, WhatIsPutBackComesFirstAndOnlySoMuchOfIt) {
  const uint64_t a = Add("a");
  const uint64_t b = Add("b");
  EXPECT_TRUE(held_.MarkDone(a));
  std::vector<Lease> done = held_.TakeDone(10);
  EXPECT_TRUE(held_.MarkDone(b));
  held_.PutBack(std::move(done));
  EXPECT_THAT(Ids(held_.TakeDone(10)), testing::ElementsAre("a", "b"));
  held_.PutBack(std::vector<Lease>(Queue::kMaxBatch + 5));
  EXPECT_EQ(held_.TakeDone(2 * Queue::kMaxBatch).size(), static_cast<size_t>(Queue::kMaxBatch));
}

TEST_F(HeldLeasesTest, MoreThanABatchIsRenewedInSeveral) {
  constexpr int kLeases = Queue::kMaxBatch + 7;
  std::vector<std::shared_ptr<JobSignals>> signals;
  for (int i = 0; i < kLeases; ++i) {
    // The queue does not know these jobs: a renewal makes it know them, as after it forgot everything.
    signals.push_back(std::make_shared<JobSignals>());
    held_.Add({{.id = absl::StrCat("op-", i), .kind = "k", .payload = ""}, /*token=*/1, /*attempt=*/1}, signals.back(),
              clock_.Now());
  }
  signals[3]->lost = true;  // somebody else has that one
  ASSERT_TRUE(held_.RenewAll(queue_, kLease, clock_.Now(), counters_).ok());
  EXPECT_THAT(queue_.renewed, testing::ElementsAre(Queue::kMaxBatch, 6));
  EXPECT_EQ(queue_.Stats()->active, kLeases - 1);
}

}  // namespace
}  // namespace plumbline::jobs
