#ifndef PLUMBLINE_COMMON_JOBS_QUEUE_UPKEEP_CONTRACT_H_
#define PLUMBLINE_COMMON_JOBS_QUEUE_UPKEEP_CONTRACT_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/test_queue_harness.h"

// The part of queue_contract.h about limits, pages of ids and the audit.
namespace plumbline::jobs {

TEST_P(QueueContract, AFullQueueTakesNothingAndSaysWhenToTryAgain) {
  harness_->Limit({.max_jobs = 3});
  Add("op-a");
  Add("op-b", 0, kLong);
  const std::vector<Job> two = {{.id = "op-c", .kind = "k", .payload = ""}, {.id = "op-d", .kind = "k", .payload = ""}};
  const absl::Status full = queue().EnqueueMany(two).status();
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  const std::optional<ErrorDetail> detail = GetErrorDetail(full);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "QUEUE_FULL");
  EXPECT_GT(detail->retry_after, absl::ZeroDuration());
  EXPECT_THAT(*queue().Missing({"op-c", "op-d"}), testing::ElementsAre("op-c", "op-d"));
  // What it knows costs nothing, neither does a job named twice.
  EXPECT_EQ(*queue().EnqueueMany({two[0], two[0], {.id = "op-a", .kind = "k", .payload = ""}}), 1);
  EXPECT_EQ(*queue().EnqueueMany({two[0]}), 0);
  EXPECT_TRUE(absl::IsResourceExhausted(queue().EnqueueMany({two[1]}).status()));
  // Active jobs count, finished ones do not.
  const Lease lease = AcquireOne();
  EXPECT_TRUE(absl::IsResourceExhausted(queue().EnqueueMany({two[1]}).status()));
  EXPECT_TRUE(*queue().Complete(lease));
  EXPECT_EQ(*queue().EnqueueMany({two[1]}), 1);
  const Capacity capacity = *queue().GetCapacity();
  EXPECT_EQ(capacity.jobs, 3);
  EXPECT_EQ(capacity.max_jobs, 3);
  EXPECT_TRUE(CheckRoom(capacity, 0).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(CheckRoom(capacity, 1)));
}

TEST_P(QueueContract, NoMoreThanMaxActiveLeasesRun) {
  harness_->Limit({.max_active = 2});
  for (const char* id : {"op-a", "op-b", "op-c", "op-d", "op-e"}) Add(id);
  const std::vector<Lease> leases = *queue().Acquire(10, kLong);
  ASSERT_EQ(leases.size(), 2u);
  EXPECT_THAT(AcquireIds(1), testing::IsEmpty());
  EXPECT_FALSE(*queue().WaitForWork(absl::ZeroDuration()));  // waiting jobs are no work while nobody may take them
  EXPECT_TRUE(*queue().Complete(leases[0]));
  EXPECT_TRUE(*queue().WaitForWork(absl::Seconds(10)));
  EXPECT_THAT(AcquireIds(10, kShort), testing::ElementsAre("op-c"));
  EXPECT_TRUE(*queue().Retry(leases[1], kLong, "x"));
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-d"));
  harness_->Pass(kShort);  // a lease that ran out makes room, for its own job first
  EXPECT_TRUE(*queue().WaitForWork(absl::Seconds(10)));
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-c"));
  EXPECT_EQ(queue().Stats()->active, 2);
}

TEST_P(QueueContract, PagesNameEveryJob) {
  EXPECT_THAT(queue().ListIds("")->ids, testing::IsEmpty());
  std::set<std::string> expected;
  std::vector<Job> jobs;
  for (int i = 0; i < 900; ++i) {
    jobs.push_back(
        {.id = absl::StrCat("op-", i), .kind = "k", .payload = "", .delay = i % 3 == 0 ? kLong : absl::Duration()});
    expected.insert(jobs.back().id);
  }
  ASSERT_EQ(*queue().EnqueueMany(jobs), 900);
  ASSERT_EQ(AcquireIds(100).size(), 100u);
  std::set<std::string> seen;
  std::string from;
  do {
    const absl::StatusOr<IdPage> page = queue().ListIds(from);
    ASSERT_TRUE(page.ok()) << page.status();
    seen.insert(page->ids.begin(), page->ids.end());
    from = page->next;
  } while (!from.empty());
  EXPECT_EQ(seen, expected);
}

TEST_P(QueueContract, ASoundQueueHasNoFindings) {
  EXPECT_THAT(*queue().Audit(true), testing::IsEmpty());
  for (int i = 0; i < 60; ++i) Add(absl::StrCat("op-", i), i % 3, i % 4 == 0 ? kLong : absl::ZeroDuration());
  const std::vector<Lease> leases = *queue().Acquire(20, kLong);
  ASSERT_EQ(leases.size(), 20u);
  ASSERT_TRUE(queue().Complete(leases[0]).ok());
  ASSERT_TRUE(queue().Retry(leases[1], kLong, "x").ok());
  ASSERT_TRUE(queue().Retry(leases[2], absl::ZeroDuration(), "x").ok());
  ASSERT_TRUE(queue().RequestCancel("op-0").ok());
  EXPECT_THAT(*queue().Audit(true), testing::IsEmpty());
  EXPECT_EQ(queue().Stats()->active, 17);
}

TEST_P(QueueContract, DamageIsFoundAndMended) {
  for (const char* id : {"active", "twice", "waiting", "lost"}) Add(id);
  Add("delayed", 0, kShort);
  ASSERT_THAT(AcquireIds(2), testing::ElementsAre("active", "twice"));
  for (const char* id : {"active", "waiting", "delayed"}) harness_->LosePlace(id);
  harness_->LoseJob("lost");
  harness_->AddDelayedPlace("twice");
  for (const bool repair : {false, true}) {
    const absl::StatusOr<std::vector<QueueFinding>> findings = queue().Audit(repair);
    ASSERT_TRUE(findings.ok()) << findings.status();
    std::map<std::string, std::set<std::string>> by_id;
    for (const QueueFinding& finding : *findings) {
      by_id[finding.id].insert(finding.invariant);
      EXPECT_EQ(finding.repaired, repair);
      EXPECT_FALSE(finding.detail.empty());
    }
    EXPECT_EQ(by_id, (std::map<std::string, std::set<std::string>>{{"active", {kActiveWithoutLease}},
                                                                   {"delayed", {kJobWithoutPlace}},
                                                                   {"lost", {kPlaceWithoutJob}},
                                                                   {"twice", {kJobInTwoPlaces}},
                                                                   {"waiting", {kJobWithoutPlace}}}));
  }
  EXPECT_THAT(*queue().Audit(false), testing::IsEmpty());
  harness_->Pass(kShort);
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("active", "waiting", "delayed"));
}

TEST_P(QueueContract, AJobInTwoPlacesOrWithoutAnyIsNotHandedOutTwice) {
  Add("op-a");
  Add("lost");
  harness_->AddDelayedPlace("op-a");
  harness_->LoseJob("lost");
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("op-a"));
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  harness_->AddDelayedPlace("op-a");  // now that it is active
  EXPECT_THAT(AcquireIds(10), testing::IsEmpty());
  Add("lost");
  EXPECT_THAT(AcquireIds(10), testing::ElementsAre("lost"));
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_QUEUE_UPKEEP_CONTRACT_H_
