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

TEST(BcaTest, MatchesTheFormulaStepByStep) {
  // Replicates 1..1000, estimate 450.5: 450 lie below, so z0 = Phi^-1(0.45) = -0.1256613. Delete-one values 0, 0, 3:
  // mean 1, differences 1, 1, -2: a = (1 + 1 - 8)/(6 * 6^1.5) = -0.06804138. By hand with R's qnorm and pnorm
  // (reference/expected.txt): the limits lie at the probabilities 0.005291086 and 0.9338518.
  std::vector<std::optional<double>> replicates;
  for (int i = 1; i <= 1000; ++i) replicates.push_back(i);
  const auto bca = ComputeBca(replicates, 450.5, {{0.0, 3.0}, {2, 1}}, 0.95);
  ASSERT_TRUE(bca->interval.has_value()) << UndefinedText(bca->reason);
  ExpectNearRel(bca->bias_correction, -0.1256613468550741, 1e-9);
  ExpectNearRel(bca->acceleration, -0.06804138174397717, 1e-12);
  ExpectNearRel(bca->interval->lower, 6.28579485604393451, 1e-9);
  ExpectNearRel(bca->interval->upper, 933.917927673204417, 1e-9);
}

TEST(BcaTest, WithoutBiasAndSkewItIsThePercentileInterval) {
  std::vector<std::optional<double>> replicates;
  for (int i = 0; i <= 1000; ++i) replicates.push_back(i);
  const auto bca = ComputeBca(replicates, 500, {{1.0, 2.0, 3.0}, {5, 1, 5}}, 0.9);
  const auto percentile = SummariseReplicates(replicates, 0.9);
  ExpectNearRel(bca->interval->lower, percentile->interval->lower, 1e-9);
  ExpectNearRel(bca->interval->upper, percentile->interval->upper, 1e-9);
}

TEST(BcaTest, DegenerateInput) {
  const std::vector<std::optional<double>> replicates = {1.0, 2.0, 3.0};
  const Jackknife fine{{1.0, 2.0}, {1, 1}};
  EXPECT_EQ(ComputeBca({}, 1, fine, 0.95)->reason, Undefined::kNoData);
  EXPECT_EQ(ComputeBca(replicates, 0, fine, 0.95)->reason, Undefined::kAtLimit);
  EXPECT_EQ(ComputeBca(replicates, 4, fine, 0.95)->reason, Undefined::kAtLimit);
  EXPECT_EQ(ComputeBca(replicates, 2, {{1.0, 1.0}, {1, 1}}, 0.95)->reason, Undefined::kNoVariation);
  EXPECT_EQ(ComputeBca(replicates, 2, {{1.0, std::nullopt}, {1, 1}}, 0.95)->reason, Undefined::kUnstableResamples);
  EXPECT_EQ(ComputeBca(replicates, 2, {{}, {}}, 0.95)->reason, Undefined::kNoData);
  const std::vector<std::optional<double>> none(3);
  EXPECT_EQ(ComputeBca(none, 2, fine, 0.95)->reason, Undefined::kUnstableResamples);
  EXPECT_FALSE(ComputeBca(replicates, kNaN, fine, 0.95).ok());
  EXPECT_FALSE(ComputeBca(replicates, 2, {{1.0}, {1, 1}}, 0.95).ok());
  EXPECT_FALSE(ComputeBca(replicates, 2, fine, 1).ok());
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
