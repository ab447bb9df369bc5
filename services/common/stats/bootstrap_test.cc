#include "common/stats/bootstrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::HasSubstr;

ResampledStatistic MeanOf(std::vector<double> values) {
  return [values = std::move(values)](std::span<const uint32_t> indices) -> std::optional<double> {
    double sum = 0;
    for (const uint32_t index : indices) sum += values[index];
    return sum / static_cast<double>(indices.size());
  };
}

TEST(BootstrapTest, FollowsTheExactBootstrapDistribution) {
  // Three items have 27 samples, which can all be written down: the share of each mean must match.
  const std::vector<double> items = {1, 2, 6};
  std::map<double, double> exact;
  for (const double a : items) {
    for (const double b : items) {
      for (const double c : items) exact[(a + b + c) / 3] += 1.0 / 27;
    }
  }
  const uint32_t count = 20'000;
  const auto replicates = BootstrapReplicates(3, MeanOf(items), 4, 1, 0, count, 2);
  std::map<double, double> seen;
  for (const auto& value : *replicates) seen[*value] += 1.0 / count;
  ASSERT_EQ(seen.size(), exact.size());
  for (const auto& [value, share] : exact) {
    EXPECT_NEAR(seen[value], share, 4 * std::sqrt(share * (1 - share) / count)) << value;
  }
  const auto summary = SummariseReplicates(*replicates, 0.95);
  // Exact standard deviation of a bootstrap mean: population sd / sqrt(n).
  ExpectFigure(summary->standard_error, std::sqrt(14.0 / 3 / 3), 0.02);
  ExpectFigure(summary->mean, 3, 0.01);
  // The exact 2.5 % and 97.5 % points: the extremes hold 1/27 each.
  EXPECT_EQ(summary->interval->lower, 1);
  EXPECT_EQ(summary->interval->upper, 6);
}

TEST(BootstrapTest, QuantilesAreType7OfTheReplicates) {
  std::vector<std::optional<double>> replicates;
  for (int i = 100; i >= 0; --i) replicates.push_back(i);
  const auto summary = SummariseReplicates(replicates, 0.9);
  ExpectNearRel(summary->interval->lower, 5);
  ExpectNearRel(summary->interval->upper, 95);
}

TEST(BootstrapTest, UndefinedReplicatesAreCountedAndVoidTheIntervalWhenMany) {
  std::vector<std::optional<double>> replicates(100, 1.0);
  for (size_t i = 0; i < 5; ++i) replicates[i] = std::nullopt;
  const auto few = SummariseReplicates(replicates, 0.95);
  EXPECT_EQ(few->undefined_replicates, 5u);
  EXPECT_TRUE(few->interval.has_value());
  replicates[5] = std::nullopt;
  const auto many = SummariseReplicates(replicates, 0.95);
  EXPECT_FALSE(many->interval.has_value());
  EXPECT_EQ(many->interval_reason, Undefined::kUnstableResamples);
  ExpectFigure(many->mean, 1);
}

TEST(BootstrapTest, SeedAndStreamChangeTheSampleAndNothingElseDoes) {
  std::vector<double> items(40);
  std::iota(items.begin(), items.end(), 0.0);
  const auto run = [&](uint64_t seed, uint64_t stream, unsigned threads) {
    return *BootstrapReplicates(40, MeanOf(items), seed, stream, 0, 500, threads);
  };
  const auto base = run(1, 1, 1);
  EXPECT_EQ(base, run(1, 1, 2));
  EXPECT_EQ(base, run(1, 1, 16));
  EXPECT_EQ(base, run(1, 1, 0));
  EXPECT_NE(base, run(2, 1, 1));
  EXPECT_NE(base, run(1, 2, 1));
}

TEST(BootstrapTest, DegenerateAndBadInput) {
  const auto none = BootstrapPercentile(0, MeanOf({}), {.seed = 1});
  ASSERT_TRUE(none.ok());
  ExpectUndefined(none->mean, Undefined::kNoData);
  EXPECT_EQ(none->interval_reason, Undefined::kNoData);
  const auto one = BootstrapPercentile(1, MeanOf({4}), {.seed = 1, .replicates = 10});
  EXPECT_EQ(one->interval->lower, 4);
  EXPECT_EQ(one->interval->upper, 4);
  EXPECT_FALSE(BootstrapPercentile(3, MeanOf({1, 2, 3}), {.seed = 1, .replicates = 0}).ok());
  EXPECT_FALSE(BootstrapPercentile(3, MeanOf({1, 2, 3}), {.seed = 1, .replicates = kMaxReplicates + 1}).ok());
  EXPECT_FALSE(BootstrapPercentile(3, MeanOf({1, 2, 3}), {.seed = 1, .confidence = 0}).ok());
  EXPECT_FALSE(BootstrapReplicates(0, MeanOf({}), 1, 1, 0, 1, 1).ok());
  EXPECT_FALSE(BootstrapReplicates(3, MeanOf({1, 2, 3}), 1, 1, kMaxReplicates, 1, 1).ok());
  // A statistic that yields NaN is a fault of the caller and is named as such, not hidden in an interval.
  const auto nan = BootstrapPercentile(2, [](std::span<const uint32_t>) -> std::optional<double> { return kNaN; },
                                       {.seed = 1, .replicates = 3});
  EXPECT_THAT(std::string(nan.status().message()), HasSubstr("finite"));
}

}  // namespace
}  // namespace plumbline::stats
