#include "common/jobs/job_metrics.h"

#include <algorithm>
#include <map>
#include <string>

#include "common/jobs/job_runner_test_util.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

TEST(HistogramTest, AValueCountsUnderTheFirstLimitNotBelowIt) {
  Histogram histogram({1.0, 2.0, 5.0});
  for (const double value : {0.0, 1.0, 1.5, 5.0, 5.5, 100.0}) histogram.Observe(value);
  const Histogram::Snapshot taken = histogram.Take();
  EXPECT_THAT(taken.limits, testing::ElementsAre(1.0, 2.0, 5.0));
  EXPECT_THAT(taken.counts, testing::ElementsAre(2, 1, 1, 2));
  EXPECT_EQ(taken.count, 6);
  EXPECT_DOUBLE_EQ(taken.sum, 113.0);
}

TEST(HistogramTest, LimitsGrow) {
  for (const std::vector<double>& limits : {Histogram::SecondsLimits(), Histogram::AttemptsLimits()}) {
    EXPECT_TRUE(std::is_sorted(limits.begin(), limits.end()));
    EXPECT_EQ(std::adjacent_find(limits.begin(), limits.end()), limits.end());
  }
}

class JobMetricsTest : public JobRunnerTest {};

TEST_F(JobMetricsTest, WaitRunAndAttemptsAreCountedByKind) {
  Submit("op-a");
  Submit("op-b", "test.unknown");
  clock_.Advance(absl::Seconds(3));
  int runs = 0;
  Handle([&](JobContext& context) -> absl::Status {
    clock_.Advance(absl::Seconds(7));
    if (++runs == 1) return absl::UnavailableError("a peer is down");
    return Committing()(context);
  });
  while (RunNext()) {
  }
  clock_.Advance(absl::Minutes(1));
  while (RunNext()) {
  }
  const KindHistograms& work = counters_.Of("test.work");
  EXPECT_EQ(work.queue_wait_seconds.Take().count, 1);  // of the first claim only
  EXPECT_DOUBLE_EQ(work.queue_wait_seconds.Take().sum, 3.0);
  EXPECT_EQ(work.run_seconds.Take().count, 2);
  EXPECT_DOUBLE_EQ(work.run_seconds.Take().sum, 14.0);
  EXPECT_EQ(work.attempts.Take().count, 1);
  EXPECT_DOUBLE_EQ(work.attempts.Take().sum, 2.0);
  // A kind nobody handles has no name of its own: the record may hold any number of them.
  EXPECT_THAT(counters_.kinds(), testing::ElementsAre(testing::Key("test.work"), testing::Key("unknown")));
  EXPECT_EQ(counters_.Of("unknown").attempts.Take().count, 1);
}

TEST_F(JobMetricsTest, OneCallCollectsEverything) {
  Submit("op-a");
  Submit("op-b");
  Handle(Committing());
  ASSERT_TRUE(RunNext());
  clock_.Advance(absl::Seconds(4));
  const JobMetrics metrics = CollectJobMetrics(queue_, store_, counters_);
  ASSERT_TRUE(metrics.queue.has_value());
  EXPECT_EQ(metrics.queue->waiting, 1);
  EXPECT_EQ(metrics.queue->oldest_waiting, absl::Seconds(4));
  ASSERT_TRUE(metrics.capacity.has_value());
  EXPECT_EQ(metrics.capacity->jobs, 1);
  ASSERT_TRUE(metrics.operations.has_value());
  EXPECT_EQ(metrics.operations->pending, 1);
  std::map<std::string, int64_t> counts;
  for (const JobMetrics::Count& count : metrics.counters) {
    EXPECT_STRNE(count.help, "");
    EXPECT_TRUE(counts.emplace(count.name, count.value).second) << count.name;
  }
  EXPECT_EQ(counts.at("claimed"), 1);
  EXPECT_EQ(counts.at("succeeded"), 1);
  EXPECT_EQ(counts.at("failed"), 0);
  ASSERT_THAT(metrics.kinds, testing::ElementsAre(testing::Key("test.work")));
  EXPECT_EQ(metrics.kinds.at("test.work").attempts.count, 1);
}

TEST_F(JobMetricsTest, WhatCannotBeAskedIsMissingAndNotZero) {
  queue_.FailNext(2, absl::UnavailableError("queue away"));
  store_.FailNext(1, absl::UnavailableError("database away"));
  const JobMetrics metrics = CollectJobMetrics(queue_, store_, counters_);
  EXPECT_FALSE(metrics.queue.has_value());
  EXPECT_FALSE(metrics.capacity.has_value());
  EXPECT_FALSE(metrics.operations.has_value());
  EXPECT_FALSE(metrics.counters.empty());
}

}  // namespace
}  // namespace plumbline::jobs
