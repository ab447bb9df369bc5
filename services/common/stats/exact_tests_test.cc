#include "common/stats/exact_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "common/stats/kruskal_effect.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"
#include "common/stats/tests.h"

namespace plumbline::stats {
namespace {

using Groups = std::vector<std::vector<double>>;

const std::vector<double> kDepressionA = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
const std::vector<double> kDepressionB = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
const Groups kHollanderWolfe = {{2.9, 3.0, 2.5, 2.6, 3.2}, {3.8, 2.7, 4.0, 2.4}, {2.8, 3.4, 3.7, 2.2, 2.0}};
const std::vector<double> kRatingsA = {2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5};
const std::vector<double> kRatingsB = {2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4};

TEST(ExactMannWhitneyTest, MatchesCoinAndWilcoxTest) {
  // reference/expected.txt: two-sided, less, greater.
  struct Case {
    std::vector<double> a;
    std::vector<double> b;
    double p, less, greater;
  };
  const std::vector<Case> cases = {
      {kDepressionA, kDepressionB, 0.1299053887289181, 0.9407445495680790, 0.0649526943644591},
      {kRatingsA, kRatingsB, 0.001941482818962036, 0.999726201140915594, 0.000970741409481018},
      {{1, 2, 2}, {2, 3, 3, 5, 5, 5}, 0.0476190476190476, 0.0357142857142857, 1}};
  for (const Case& c : cases) {
    const auto result = ExactMannWhitney(c.a, c.b);
    ASSERT_TRUE(result.ok()) << result.status();
    ExpectFigure(result->p, c.p, 1e-10);
    ExpectFigure(result->p_less, c.less, 1e-10);
    ExpectFigure(result->p_greater, c.greater, 1e-10);
    EXPECT_EQ(result->w.value, MannWhitney(c.a, c.b)->w.value);
    // Turned round, less and greater change places.
    const auto turned = ExactMannWhitney(c.b, c.a);
    ExpectFigure(turned->p, *result->p, 1e-12);
    ExpectFigure(turned->p_less, *result->p_greater, 1e-12);
  }
  // Without ties: R's wilcox.test(exact = TRUE).
  const auto plain =
      ExactMannWhitney(std::vector<double>{1.1, 2.2, 0.3, 5.5}, std::vector<double>{3.3, 4.4, 6.6, 7.7, 9.9});
  ExpectFigure(plain->w, 2);
  ExpectFigure(plain->p, 0.0634920634920635, 1e-10);
}

TEST(ExactMannWhitneyTest, SmallestCasesByHand) {
  // Two against two, all of a below b: 1 of 6 arrangements at each end.
  const auto apart = ExactMannWhitney(std::vector<double>{1, 2}, std::vector<double>{3, 4});
  ExpectFigure(apart->p, 2.0 / 6);
  ExpectFigure(apart->p_less, 1.0 / 6);
  ExpectFigure(apart->p_greater, 1);
  // One against three with a tie: ranks 1, 2.5, 2.5, 4; a has 2.5, the centre.
  const auto tied = ExactMannWhitney(std::vector<double>{5}, std::vector<double>{1, 5, 9});
  ExpectFigure(tied->p, 1);
  ExpectFigure(tied->p_less, 0.75);
}

TEST(ExactMannWhitneyTest, LargeGroupsComeNearTheApproximation) {
  std::vector<double> a;
  std::vector<double> b;
  RandomStream random(6, 6, 6);
  for (int i = 0; i < 90; ++i) a.push_back(random.Normal());
  for (int i = 0; i < 110; ++i) b.push_back(random.Normal() + 0.25);
  const auto exact = ExactMannWhitney(a, b);
  const auto near = MannWhitney(a, b);
  ASSERT_TRUE(exact->p.defined());
  EXPECT_NEAR(*exact->p / *near->p, 1, 0.02);
  b.push_back(1);
  ExpectUndefined(ExactMannWhitney(a, b)->p, Undefined::kTooLarge);
}

TEST(ExactMannWhitneyTest, DegenerateInput) {
  ExpectUndefined(ExactMannWhitney({}, {})->p, Undefined::kNoData);
  ExpectUndefined(ExactMannWhitney(std::vector<double>{1}, {})->p, Undefined::kTooFewGroups);
  const auto same = ExactMannWhitney(std::vector<double>{4, 4}, std::vector<double>{4});
  ExpectUndefined(same->p, Undefined::kNoVariation);
  ExpectFigure(same->w, 1);
  EXPECT_FALSE(ExactMannWhitney(std::vector<double>{kNaN}, std::vector<double>{1}).ok());
}

TEST(ExactKruskalWallisTest, MatchesEveryArrangementWrittenDown) {
  // reference/expected.txt: arrangements and p, by a loop over all of them.
  struct Case {
    Groups groups;
    double arrangements, p;
  };
  const std::vector<Case> cases = {{{{2.9, 3.0, 2.5}, {3.8, 2.7, 4.0}, {2.8, 3.4}}, 560, 0.564285714285714},
                                   {{{1, 1, 2}, {2, 3, 3}, {3, 4, 4}}, 1680, 0.0214285714285714},
                                   {{{1, 2, 2}, {2, 3, 3, 5, 5, 5}}, 84, 0.0476190476190476}};
  for (const Case& c : cases) {
    const auto result = ExactKruskalWallis(c.groups);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->arrangements, c.arrangements);
    ExpectFigure(result->p, c.p, 1e-12);
    EXPECT_EQ(result->h.value, KruskalWallis(c.groups)->h.value);
  }
}

TEST(ExactKruskalWallisTest, PublishedAndAgainstTheRankSumTest) {
  // Three groups of three wholly apart: the largest H, 7.2, has 6 of the 1680 arrangements; the tables of Kruskal and
  // Wallis (1952) give .004.
  const auto apart = ExactKruskalWallis(Groups{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  ExpectFigure(apart->h, 7.2);
  ExpectFigure(apart->p, 6.0 / 1680);
  // With two groups it is the two-sided rank sum test, whatever the ties.
  const auto kruskal = ExactKruskalWallis(Groups{kRatingsA, {}, {2, 2, 3, 4, 4}});
  const auto ranks = ExactMannWhitney(kRatingsA, std::vector<double>{2, 2, 3, 4, 4});
  ExpectFigure(kruskal->p, *ranks->p, 1e-10);
  EXPECT_EQ(kruskal->groups_compared, 2);
  // The order of groups and of values does not matter.
  Groups turned = kHollanderWolfe;
  std::swap(turned[0], turned[2]);
  std::swap(turned[1][0], turned[1][3]);
  EXPECT_EQ(ExactKruskalWallis(turned)->p.value, ExactKruskalWallis(kHollanderWolfe)->p.value);
  EXPECT_EQ(ExactKruskalWallis(kHollanderWolfe)->arrangements, 252'252);
}

TEST(ExactKruskalWallisTest, DegenerateAndTooLargeInput) {
  ExpectUndefined(ExactKruskalWallis({})->p, Undefined::kNoData);
  ExpectUndefined(ExactKruskalWallis(Groups{{1, 2}, {}})->p, Undefined::kTooFewGroups);
  ExpectUndefined(ExactKruskalWallis(Groups{{4, 4}, {4}})->p, Undefined::kNoVariation);
  ExpectFigure(ExactKruskalWallis(Groups{{1}, {2}})->p, 1);
  Groups large(3);
  for (int i = 0; i < 30; ++i) large[static_cast<size_t>(i % 3)].push_back(i);
  const auto result = ExactKruskalWallis(large);
  ExpectUndefined(result->p, Undefined::kTooLarge);
  EXPECT_TRUE(result->h.defined());
  std::vector<double> many(kMaxExactValues);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i);
  ExpectUndefined(ExactKruskalWallis(Groups{{0.5}, many})->p, Undefined::kTooLarge);
  EXPECT_FALSE(ExactKruskalWallis(Groups{{1, kInf}}).ok());
}

TEST(KruskalEffectTest, MatchesEffectsize) {
  // reference/expected.txt: effectsize, whose eta squared is not below 0; here it is, from R's H: (0.77142857 - 2)/11.
  const auto effect = ComputeKruskalEffect(kHollanderWolfe);
  ExpectFigure(effect->epsilon_squared, 0.0593406593406594, 1e-12);
  ExpectFigure(effect->eta_squared, -0.1116883116883117, 1e-12);
  const auto sprays = ComputeKruskalEffect(Groups{{10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13},
                                                  {11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13},
                                                  {0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4},
                                                  {3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4},
                                                  {3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4},
                                                  {11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13}});
  ExpectFigure(sprays->epsilon_squared, 0.770300628484105, 1e-12);
  ExpectFigure(sprays->eta_squared, 0.752899160945022, 1e-12);
}

TEST(KruskalEffectTest, BootstrapKeepsTheGroupsAndItsDigits) {
  const Groups groups = {kRatingsA, kRatingsB};
  const auto one = BootstrapKruskalEffect(groups, {.seed = 3, .replicates = 1000, .threads = 1});
  ASSERT_TRUE(one.ok()) << one.status();
  const auto effect = ComputeKruskalEffect(groups);
  EXPECT_LT(one->epsilon_squared.interval->lower, *effect->epsilon_squared);
  EXPECT_GT(one->epsilon_squared.interval->upper, *effect->epsilon_squared);
  for (const unsigned threads : {2u, 7u}) {
    const auto many = BootstrapKruskalEffect(groups, {.seed = 3, .replicates = 1000, .threads = threads});
    EXPECT_EQ(many->epsilon_squared.interval->lower, one->epsilon_squared.interval->lower);
    EXPECT_EQ(many->eta_squared.interval->upper, one->eta_squared.interval->upper);
  }
  // On the same samples one is a straight line of the other: eta = ((N - 1) epsilon - k + 1)/(N - k).
  ExpectNearRel(one->eta_squared.interval->upper, (29 * one->epsilon_squared.interval->upper - 1) / 28, 1e-10);
}

TEST(KruskalEffectTest, DegenerateInput) {
  ExpectUndefined(ComputeKruskalEffect({})->epsilon_squared, Undefined::kNoData);
  ExpectUndefined(ComputeKruskalEffect(Groups{{1, 2}})->eta_squared, Undefined::kTooFewGroups);
  ExpectUndefined(ComputeKruskalEffect(Groups{{1}, {1}})->epsilon_squared, Undefined::kNoVariation);
  const auto single = ComputeKruskalEffect(Groups{{1}, {2}});
  ExpectFigure(single->epsilon_squared, 1);
  ExpectUndefined(single->eta_squared, Undefined::kTooFewValues);
  EXPECT_EQ(BootstrapKruskalEffect(Groups{{1}, {1}}, {.replicates = 10})->epsilon_squared.interval_reason,
            Undefined::kNoVariation);
  EXPECT_FALSE(BootstrapKruskalEffect(Groups{{1}, {2}}, {.replicates = 0}).ok());
  EXPECT_FALSE(BootstrapKruskalEffect(Groups{{kNaN}, {2}}, {.replicates = 1}).ok());
}

}  // namespace
}  // namespace plumbline::stats
