#include "common/stats/clustered_share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/stats/intervals.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::HasSubstr;

// Outcomes-focused questions by session: ten real conversations (106 questions), by majority of three coders.
const std::vector<ClusterCount> kSessions = {{3, 3}, {1, 3}, {2, 4},   {2, 2},  {1, 5},
                                             {0, 3}, {1, 7}, {11, 18}, {8, 28}, {5, 33}};

TEST(ClusteredShareTest, MatchesSurveyAndSandwich) {
  // reference/expected.txt: sandwich's vcovCL and survey's svymean agree on the standard error.
  const auto result = ComputeClusteredShare(kSessions);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->clusters, 10);
  EXPECT_EQ(result->successes, 34);
  EXPECT_EQ(result->trials, 106);
  ExpectFigure(result->share.value, 34.0 / 106);
  ExpectFigure(result->share.standard_error, 0.0824977574211441, 1e-10);
  EXPECT_EQ(*result->share.degrees_of_freedom, 9);
  ExpectInterval(result->share, 0.134131824116102, 0.507377609846162, 1e-10);
  ExpectNearRel(result->logit_interval->lower, 0.167022196652205, 1e-10);
  ExpectNearRel(result->logit_interval->upper, 0.526542298097457, 1e-10);
  ExpectFigure(result->design_effect, 3.2800004420897366, 1e-10);
  ExpectFigure(result->icc, 0.20178591999368, 1e-10);
}

// The same sessions, their questions drawn from more: N/n is the weight.
std::vector<ClusterCount> Drawn() {
  const std::vector<int64_t> in_all = {3, 6, 10, 2, 20, 9, 7, 40, 35, 99};
  std::vector<ClusterCount> clusters = kSessions;
  for (size_t i = 0; i < clusters.size(); ++i) {
    clusters[i].weight = static_cast<double>(in_all[i]) / static_cast<double>(clusters[i].trials);
  }
  return clusters;
}

TEST(ClusteredShareTest, WeightsStandForWhatWasNotDrawn) {
  // reference/expected_weighted_share.txt, computed trial by trial.
  const auto result = ComputeClusteredShare(Drawn());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->weighted);
  EXPECT_EQ(result->successes, 34);
  EXPECT_EQ(result->trials, 106);
  ExpectFigure(result->share.value, 0.287638287638288, 1e-12);
  ExpectFigure(result->share.standard_error, 0.0878941293848629, 1e-12);
  EXPECT_EQ(*result->share.degrees_of_freedom, 9);
  ExpectInterval(result->share, 0.0888079532824078, 0.486468621994168, 1e-10);
  ExpectNearRel(result->logit_interval->lower, 0.132705336324104, 1e-10);
  ExpectNearRel(result->logit_interval->upper, 0.51586554953666, 1e-10);
  ExpectFigure(result->design_effect, 3.95878369259244, 1e-10);
  // The questions that were coded are as alike as before.
  const auto plain = ComputeClusteredShare(kSessions);
  EXPECT_FALSE(plain->weighted);
  EXPECT_EQ(*result->icc, *plain->icc);
}

TEST(ClusteredShareTest, OneWeightForAllChangesNothing) {
  std::vector<ClusterCount> clusters = kSessions;
  for (ClusterCount& cluster : clusters) cluster.weight = 7.0 / 3;
  const auto weighted = ComputeClusteredShare(clusters);
  const auto plain = ComputeClusteredShare(kSessions);
  ExpectFigure(weighted->share.value, *plain->share.value);
  ExpectFigure(weighted->share.standard_error, *plain->share.standard_error);
  ExpectFigure(weighted->design_effect, *plain->design_effect);
}

TEST(ClusteredShareTest, OneTrialInEachClusterIsTheMeanOfNumbers) {
  // Second route: without clustering the ratio estimator is a mean, with its t interval and a design effect of 1.
  std::vector<ClusterCount> clusters;
  std::vector<double> values;
  for (int i = 0; i < 30; ++i) {
    clusters.push_back({i % 3 == 0 ? 1 : 0, 1});
    values.push_back(i % 3 == 0 ? 1 : 0);
  }
  const auto result = ComputeClusteredShare(clusters);
  const auto mean = MeanEstimate(values);
  ExpectFigure(result->share.value, *mean->value);
  ExpectFigure(result->share.standard_error, *mean->standard_error);
  ExpectInterval(result->share, mean->interval->lower, mean->interval->upper);
  ExpectFigure(result->design_effect, 1);
  ExpectUndefined(result->icc, Undefined::kTooFewValues);
}

TEST(ClusteredShareTest, WholeClustersAlikeAreWorthOneTrialEach) {
  // Every question of a session coded alike: 12 sessions of 5 say as much as 12 questions.
  std::vector<ClusterCount> alike;
  std::vector<ClusterCount> single;
  for (int i = 0; i < 12; ++i) {
    alike.push_back({i < 5 ? 5 : 0, 5});
    single.push_back({i < 5 ? 1 : 0, 1});
  }
  const auto clustered = ComputeClusteredShare(alike);
  const auto plain = ComputeClusteredShare(single);
  ExpectFigure(clustered->share.standard_error, *plain->share.standard_error);
  ExpectFigure(clustered->icc, 1);
  ExpectFigure(clustered->design_effect, 59.0 / 11, 1e-12);  // (n - 1)/(m - 1) with equal sizes
}

TEST(ClusteredShareTest, TheIntervalOnTheLogitScaleStaysInside) {
  const auto result = ComputeClusteredShare(std::vector<ClusterCount>{{0, 10}, {1, 10}, {0, 10}, {0, 10}});
  EXPECT_LT(result->share.interval->lower, 0);
  EXPECT_GT(result->logit_interval->lower, 0);
  EXPECT_LT(result->logit_interval->lower, 0.025);
  EXPECT_GT(result->logit_interval->upper, 0.025);
  EXPECT_LT(result->logit_interval->upper, 1);
}

TEST(ClusteredShareTest, DegenerateInput) {
  const auto none = ComputeClusteredShare({});
  ExpectUndefined(none->share.value, Undefined::kNoData);
  ExpectUndefined(none->icc, Undefined::kNoData);
  EXPECT_EQ(none->logit_reason, Undefined::kNoData);
  const auto empty = ComputeClusteredShare(std::vector<ClusterCount>{{0, 0}, {0, 0}});
  ExpectUndefined(empty->share.value, Undefined::kNoData);
  EXPECT_EQ(empty->clusters_left_out, 2);
  const auto one = ComputeClusteredShare(std::vector<ClusterCount>{{2, 5}, {0, 0}});
  ExpectFigure(one->share.value, 0.4);
  ExpectUndefined(one->share.standard_error, Undefined::kTooFewValues);
  ExpectNoInterval(one->share, Undefined::kTooFewValues);
  ExpectUndefined(one->design_effect, Undefined::kTooFewValues);
  EXPECT_EQ(one->clusters_left_out, 1);
  for (const bool yes : {false, true}) {
    const auto alike = ComputeClusteredShare(std::vector<ClusterCount>{{yes ? 4 : 0, 4}, {yes ? 9 : 0, 9}});
    ExpectFigure(alike->share.value, yes ? 1 : 0);
    ExpectNoInterval(alike->share, Undefined::kNoVariation);
    EXPECT_FALSE(alike->logit_interval.has_value());
    EXPECT_EQ(alike->logit_reason, Undefined::kNoVariation);
    ExpectUndefined(alike->icc, Undefined::kNoVariation);
  }
  const auto equal = ComputeClusteredShare(std::vector<ClusterCount>{{1, 3}, {2, 6}, {3, 9}});
  ExpectFigure(equal->share.value, 1.0 / 3);
  ExpectUndefined(equal->share.standard_error, Undefined::kNoVariation);
  ExpectFigure(equal->design_effect, 0);
  EXPECT_LT(*equal->icc, 0);
  EXPECT_THAT(std::string(ComputeClusteredShare(std::vector<ClusterCount>{{1, 1}, {3, 2}}).status().message()),
              HasSubstr("clusters[1].successes"));
  EXPECT_FALSE(ComputeClusteredShare(std::vector<ClusterCount>{{-1, 2}}).ok());
  EXPECT_FALSE(ComputeClusteredShare(std::vector<ClusterCount>{{0, int64_t{1} << 53}}).ok());
  EXPECT_FALSE(ComputeClusteredShare(kSessions, 0).ok());
  // Equal shares are seen through weights whose sums are rounded.
  const auto weighted = ComputeClusteredShare(std::vector<ClusterCount>{{1, 3, 1.1}, {2, 6, 0.7}, {3, 9, 13.0 / 9}});
  ExpectFigure(weighted->share.value, 1.0 / 3);
  ExpectNoInterval(weighted->share, Undefined::kNoVariation);
  ExpectFigure(weighted->design_effect, 0);
  const auto alike = ComputeClusteredShare(std::vector<ClusterCount>{{4, 4, 2.5}, {9, 9, 1.1}});
  ExpectFigure(alike->share.value, 1);
  ExpectNoInterval(alike->share, Undefined::kNoVariation);
  for (const double weight : {0.0, -1.0, kNaN, kInf, 1.1e9}) {
    EXPECT_THAT(
        std::string(ComputeClusteredShare(std::vector<ClusterCount>{{1, 1}, {0, 2, weight}}).status().message()),
        HasSubstr("clusters[1].weight"));
  }
}

TEST(BootstrapClusteredShareTest, AgreesWithTheRobustStandardErrorAndIsReproducible) {
  // Many clusters from a beta-binomial-like mix, so that the two estimate the same thing.
  std::vector<ClusterCount> clusters;
  RandomStream random(4, 4, 4);
  for (int i = 0; i < 300; ++i) {
    const double own = 0.1 + 0.8 * random.UniformDouble();
    ClusterCount cluster{0, 2 + random.UniformU32(20)};
    for (int64_t t = 0; t < cluster.trials; ++t) cluster.successes += random.UniformDouble() < own ? 1 : 0;
    clusters.push_back(cluster);
  }
  const auto robust = ComputeClusteredShare(clusters);
  const auto one = BootstrapClusteredShare(clusters, {.seed = 3, .replicates = 4000, .threads = 1});
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_NEAR(*one->standard_error / *robust->share.standard_error, 1, 0.05);
  EXPECT_NEAR(one->interval->lower, robust->share.interval->lower, 0.1 * *robust->share.standard_error * 3);
  ASSERT_TRUE(one->bca.has_value());
  EXPECT_NEAR(one->bca->lower, one->interval->lower, *robust->share.standard_error);
  for (const unsigned threads : {2u, 7u}) {
    const auto many = BootstrapClusteredShare(clusters, {.seed = 3, .replicates = 4000, .threads = threads});
    EXPECT_EQ(many->interval->lower, one->interval->lower);
    EXPECT_EQ(many->bca->upper, one->bca->upper);
    EXPECT_EQ(many->standard_error.value, one->standard_error.value);
  }
  // The questions of a session are alike, so taking them one by one would make it too sure.
  EXPECT_GT(*robust->design_effect, 2);
  EXPECT_GT(*robust->icc, 0.1);
}

TEST(BootstrapClusteredShareTest, WeightsAreDrawnWithTheirClusters) {
  const auto robust = ComputeClusteredShare(Drawn());
  const auto one = BootstrapClusteredShare(Drawn(), {.seed = 3, .replicates = 4000, .threads = 1});
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_NEAR(*one->mean, *robust->share.value, 0.03);
  EXPECT_NEAR(*one->standard_error / *robust->share.standard_error, 1, 0.2);
  EXPECT_TRUE(one->bca.has_value());
  const auto many = BootstrapClusteredShare(Drawn(), {.seed = 3, .replicates = 4000, .threads = 7});
  EXPECT_EQ(many->interval->lower, one->interval->lower);
}

TEST(BootstrapClusteredShareTest, DegenerateInput) {
  EXPECT_EQ(BootstrapClusteredShare({}, {})->interval_reason, Undefined::kNoData);
  EXPECT_EQ(BootstrapClusteredShare(std::vector<ClusterCount>{{1, 2}}, {})->interval_reason, Undefined::kTooFewValues);
  EXPECT_EQ(BootstrapClusteredShare(std::vector<ClusterCount>{{2, 2}, {3, 3}}, {})->bca_reason,
            Undefined::kNoVariation);
  EXPECT_FALSE(BootstrapClusteredShare(kSessions, {.replicates = 0}).ok());
  EXPECT_FALSE(BootstrapClusteredShare(std::vector<ClusterCount>{{2, 1}}, {}).ok());
}

}  // namespace
}  // namespace plumbline::stats
