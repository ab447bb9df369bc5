#include "common/jobs/auditor.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/fake_queue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Something happens while the auditor waits between its two looks.
class BusyClock : public FakeClock {
 public:
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override {
    ++sleeps;
    if (meanwhile) meanwhile();
    return FakeClock::SleepUnless(duration, mutex, stop);
  }
  std::function<void()> meanwhile;
  int sleeps = 0;
};

// The record keeps rows that break this rule from coming about, so a test must claim that somebody made one by hand.
class StoreWithOrphans : public FakeOperationStore {
 public:
  absl::StatusOr<std::vector<std::string>> ListOrphans(int /*limit*/) override { return orphans; }
  absl::StatusOr<int> CancelOrphans(const std::vector<std::string>& ids, absl::Time /*now*/) override {
    return static_cast<int>(std::erase_if(
        orphans, [&](const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }));
  }
  std::vector<std::string> orphans;
};

class AuditorTest : public testing::Test {
 protected:
  void Record(const std::string& id, int priority = 0) {
    const OperationDraft draft{.id = id, .kind = "test.work", .payload = "", .target = "", .priority = priority};
    ASSERT_TRUE(store_.Create(draft, "ann", clock_.Now()).ok());
  }
  void Enqueue(const std::string& id) { ASSERT_TRUE(*queue_.Enqueue({.id = id, .kind = "test.work", .payload = ""})); }
  Claim Claimed(const std::string& id) { return {id, store_.Claim(id, clock_.Now())->token}; }
  // A parent that waits for `parts` children, all of them in the queue.
  void Family(const std::string& id, int parts) {
    Record(id);
    std::vector<OperationDraft> drafts;
    drafts.reserve(static_cast<size_t>(parts));
    for (int i = 0; i < parts; ++i) {
      drafts.push_back({.id = absl::StrCat(id, "-", i), .kind = "test.part", .payload = "", .target = ""});
    }
    ASSERT_TRUE(store_.FanOut(Claimed(id), drafts, clock_.Now()).ok());
    for (const OperationDraft& draft : drafts) Enqueue(draft.id);
  }
  AuditReport Run(bool repair) { return *Auditor({&queue_, &store_, &clock_}, {.page_size = 3}).Run(repair); }
  // "INVARIANT id", with "!" behind what was mended.
  static std::vector<std::string> Found(const AuditReport& report) {
    std::vector<std::string> found;
    for (const AuditFinding& finding : report.findings) {
      EXPECT_FALSE(finding.detail.empty());
      found.push_back(absl::StrCat(finding.invariant, " ", finding.id, finding.repaired ? "!" : ""));
    }
    return found;
  }
  void ExpectClean() {
    const AuditReport report = Run(false);
    EXPECT_THAT(Found(report), IsEmpty());
    EXPECT_EQ(report.leftovers, 0);
  }

  BusyClock clock_;
  FakeQueue queue_{clock_};
  StoreWithOrphans store_;
};

TEST_F(AuditorTest, ASoundSystemHasNoFindings) {
  ExpectClean();
  for (int i = 0; i < 7; ++i) {
    Record(absl::StrCat("op-", i));
    Enqueue(absl::StrCat("op-", i));
  }
  ASSERT_EQ(queue_.Acquire(2, absl::Minutes(1))->size(), 2u);
  ASSERT_TRUE(store_.Claim("op-0", clock_.Now()).ok());
  Family("op-f", 4);
  clock_.Advance(absl::Seconds(10));
  const AuditReport report = Run(true);
  EXPECT_THAT(Found(report), IsEmpty());
  EXPECT_EQ(report.operations, 12);
  EXPECT_EQ(report.jobs, 11);  // a parent that waits has none
  EXPECT_EQ(report.leftovers, 0);
  EXPECT_EQ(clock_.sleeps, 0);  // nothing was suspicious, so nothing was looked at twice
}

TEST_F(AuditorTest, AnOperationWithoutAJobIsFoundAndEnqueued) {
  Record("op-pending", 4);
  Record("op-running");
  ASSERT_TRUE(store_.Claim("op-running", clock_.Now()).ok());
  clock_.Advance(absl::Seconds(3));
  Record("op-young");
  EXPECT_THAT(Found(Run(false)), ElementsAre("OPERATION_WITHOUT_JOB op-pending", "OPERATION_WITHOUT_JOB op-running"));
  EXPECT_EQ(queue_.Stats()->waiting, 0);
  EXPECT_THAT(Found(Run(true)),
              testing::IsSupersetOf({"OPERATION_WITHOUT_JOB op-pending!", "OPERATION_WITHOUT_JOB op-running!"}));
  EXPECT_EQ(queue_.Acquire(1, absl::Seconds(9))->at(0).job.priority, 4);
  Run(true);
  ExpectClean();
}

TEST_F(AuditorTest, WhatIsRightAgainAtTheSecondLookIsNoFinding) {
  Record("op-a");
  Record("op-b");
  Enqueue("op-gone");
  clock_.Advance(absl::Seconds(3));
  clock_.meanwhile = [this] {
    Enqueue("op-a");  // enqueued by its submitter
    ASSERT_TRUE(store_.Commit(Claimed("op-b"), "", clock_.Now()).ok());
    ASSERT_TRUE(queue_.RequestCancel("op-gone").ok());
  };
  EXPECT_THAT(Found(Run(true)), IsEmpty());
  EXPECT_EQ(clock_.sleeps, 1);
}

TEST_F(AuditorTest, AJobThatTheRecordDoesNotKnowIsFoundAndRemoved) {
  Enqueue("op-none");
  Enqueue("op-held");
  ASSERT_EQ(queue_.Acquire(1, absl::Minutes(5))->at(0).job.id, "op-none");
  EXPECT_THAT(Found(Run(false)), ElementsAre("JOB_WITHOUT_OPERATION op-held", "JOB_WITHOUT_OPERATION op-none"));
  // The one a worker has is left to him: he drops it.
  EXPECT_THAT(Found(Run(true)), ElementsAre("JOB_WITHOUT_OPERATION op-held!", "JOB_WITHOUT_OPERATION op-none"));
  EXPECT_THAT(*queue_.Missing({"op-held", "op-none"}), ElementsAre("op-held"));
}

TEST_F(AuditorTest, AJobOfAFinishedOperationIsALeftoverAndNoViolation) {
  Record("op-a");
  Enqueue("op-a");
  ASSERT_TRUE(store_.RequestCancel("op-a", clock_.Now(), "oper").ok());
  const AuditReport report = Run(false);
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.leftovers, 1);
  EXPECT_THAT(*queue_.Missing({"op-a"}), IsEmpty());
  EXPECT_EQ(Run(true).leftovers, 1);
  EXPECT_THAT(*queue_.Missing({"op-a"}), ElementsAre("op-a"));
  ExpectClean();
}

TEST_F(AuditorTest, AParentWhoseChildrenAreAllDoneIsFoundAndAdvanced) {
  for (const std::string id : {"op-f", "op-g"}) Family(id, 2);
  for (const std::string id : {"op-f-0", "op-f-1"}) {
    ASSERT_TRUE(store_.Commit(Claimed(id), "", clock_.Now()).ok());
    ASSERT_TRUE(queue_.RequestCancel(id).ok());
  }
  EXPECT_THAT(Found(Run(false)), ElementsAre("PARENT_WITHOUT_LIVE_CHILD op-f"));
  EXPECT_EQ(store_.Get("op-f")->state, OperationState::kWaiting);
  EXPECT_THAT(Found(Run(true)), ElementsAre("PARENT_WITHOUT_LIVE_CHILD op-f!"));
  EXPECT_EQ(store_.Get("op-f")->state, OperationState::kPending);
  EXPECT_TRUE(store_.Get("op-f")->children_done);
  EXPECT_THAT(*queue_.Missing({"op-f"}), IsEmpty());
  ExpectClean();
}

TEST_F(AuditorTest, ChildrenOfFinishedParentsAreFoundAndCancelled) {
  store_.orphans = {"op-f-1", "op-g-2"};
  EXPECT_THAT(Found(Run(false)), ElementsAre("CHILD_OF_FINISHED_PARENT op-f-1", "CHILD_OF_FINISHED_PARENT op-g-2"));
  EXPECT_THAT(Found(Run(true)), ElementsAre("CHILD_OF_FINISHED_PARENT op-f-1!", "CHILD_OF_FINISHED_PARENT op-g-2!"));
  ExpectClean();
}

TEST_F(AuditorTest, FindingsOfTheQueueItselfAreAmongTheReports) {
  Record("op-a");
  Enqueue("op-a");
  queue_.LosePlace("op-a");
  EXPECT_THAT(Found(Run(false)), ElementsAre("JOB_WITHOUT_PLACE op-a"));
  EXPECT_THAT(Found(Run(true)), ElementsAre("JOB_WITHOUT_PLACE op-a!"));
  ExpectClean();
}

TEST_F(AuditorTest, AQueueOrRecordThatCannotBeAskedIsAnErrorAndNotACleanReport) {
  Auditor auditor({&queue_, &store_, &clock_}, {});
  queue_.FailNext(1, absl::UnavailableError("queue away"));
  EXPECT_TRUE(absl::IsUnavailable(auditor.Run(true).status()));
  store_.FailNext(1, absl::UnavailableError("database away"));
  EXPECT_TRUE(absl::IsUnavailable(auditor.Run(true).status()));
}

}  // namespace
}  // namespace plumbline::jobs
