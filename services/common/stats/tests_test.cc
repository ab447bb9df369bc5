#include "common/stats/tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "common/stats/distributions.h"
#include "common/stats/effect_size.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"

// Digits: reference/expected.txt (R), unless a publication is named.
namespace plumbline::stats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Hours of extra sleep (R's `sleep`, Student 1908).
const std::vector<double> kSleep1 = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> kSleep2 = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

std::vector<double> Ratings(std::vector<size_t> counts) {
  std::vector<double> values;
  for (size_t i = 0; i < counts.size(); ++i) values.insert(values.end(), counts[i], static_cast<double>(i + 1));
  return values;
}
// Focus on Practice evaluation, Table 25: collaboration and empathy-acceptance.
const std::vector<double> kRatingsA = Ratings({0, 1, 7, 6, 1});
const std::vector<double> kRatingsB = Ratings({0, 8, 6, 1, 0});

TEST(MidRanksTest, SharesRanksAmongTies) {
  const auto ranks = MidRanks(std::vector<double>{5, 1, 5, 2, 5});
  EXPECT_THAT(ranks->rank, ElementsAre(4, 1, 4, 2, 4));
  EXPECT_EQ(ranks->tie_sum, 24);
}

TEST(KruskalWallisTest, MatchesR) {
  const std::vector<std::vector<double>> sprays = {{10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13},
                                                   {11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13},
                                                   {0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4},
                                                   {3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4},
                                                   {3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4},
                                                   {11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13}};
  const auto many_ties = KruskalWallis(sprays);
  ASSERT_TRUE(many_ties.ok());
  ExpectFigure(many_ties->h, 54.6913446223714, 1e-12);
  EXPECT_EQ(many_ties->degrees_of_freedom, 5);
  ExpectFigure(many_ties->p, 1.51084443941851e-10, 1e-11);
  EXPECT_LT(many_ties->tie_correction, 1);
  // Hollander and Wolfe (1973), 116, as in R's help page: no ties.
  const auto untied = KruskalWallis(
      std::vector<std::vector<double>>{{2.9, 3.0, 2.5, 2.6, 3.2}, {3.8, 2.7, 4.0, 2.4}, {2.8, 3.4, 3.7, 2.2, 2.0}});
  ExpectFigure(untied->h, 0.771428571428572, 1e-12);
  ExpectFigure(untied->p, 0.679964773578894, 1e-12);
  EXPECT_EQ(untied->tie_correction, 1);
  EXPECT_EQ(untied->smallest_group, 4);
}

TEST(KruskalWallisTest, TwoGroupsAreTheSquaredRankSumZ) {
  // Second route: with two groups and no continuity correction, H is the square of the Mann-Whitney z.
  const auto kruskal = KruskalWallis(std::vector<std::vector<double>>{kRatingsA, kRatingsB});
  const auto mann = MannWhitney(kRatingsA, kRatingsB);
  // |z| with the 1/2 put back: z_0 = z * (d / (d - 1/2)), d the distance of W from its mean.
  const double distance = *mann->w - 15 * 15 / 2.0;
  const double plain = *mann->z * distance / (distance - 0.5);
  ExpectFigure(kruskal->h, plain * plain, 1e-12);
}

TEST(KruskalWallisTest, DegenerateInput) {
  ExpectUndefined(KruskalWallis({})->h, Undefined::kNoData);
  ExpectUndefined(KruskalWallis(std::vector<std::vector<double>>{{}, {}})->h, Undefined::kNoData);
  ExpectUndefined(KruskalWallis(std::vector<std::vector<double>>{{1, 2}})->h, Undefined::kTooFewGroups);
  ExpectUndefined(KruskalWallis(std::vector<std::vector<double>>{{1, 2}, {}})->p, Undefined::kTooFewGroups);
  ExpectUndefined(KruskalWallis(std::vector<std::vector<double>>{{4, 4}, {4}})->h, Undefined::kNoVariation);
  const auto with_empty = KruskalWallis(std::vector<std::vector<double>>{{1, 2, 3}, {}, {4, 5, 6}});
  EXPECT_EQ(with_empty->groups.size(), 3u);
  EXPECT_EQ(with_empty->groups_compared, 2);
  EXPECT_EQ(with_empty->degrees_of_freedom, 1);
  // Every mean rank equal: H is 0, not a hair below.
  ExpectFigure(KruskalWallis(std::vector<std::vector<double>>{{1, 4}, {2, 3}})->h, 0);
  const auto nan = KruskalWallis(std::vector<std::vector<double>>{{1, 2}, {3, kNaN}});
  EXPECT_THAT(std::string(nan.status().message()), HasSubstr("groups[1][1]"));
}

TEST(MannWhitneyTest, MatchesR) {
  // Hollander and Wolfe (1973), 29: depression scale (R's help page of wilcox.test).
  const std::vector<double> first = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> second = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  const auto depression = MannWhitney(first, second);
  ExpectFigure(depression->w, 58);
  ExpectFigure(depression->p, 0.132919458185319, 1e-12);
  const auto sleep = MannWhitney(kSleep1, kSleep2);
  ExpectFigure(sleep->w, 25.5);
  ExpectFigure(sleep->p, 0.0693275754336266, 1e-12);
  const auto ratings = MannWhitney(kRatingsA, kRatingsB);
  ExpectFigure(ratings->w, 183);
  ExpectFigure(ratings->p, 1.96588344057023e-03, 1e-12);
  const auto centred = MannWhitney(std::vector<double>{1, 4}, std::vector<double>{2, 3});
  ExpectFigure(centred->w, 2);
  ExpectFigure(centred->z, 0);
  ExpectFigure(centred->p, 1);
}

TEST(MannWhitneyTest, SwappingGroupsMirrorsTheStatistic) {
  const auto ab = MannWhitney(kSleep1, kSleep2);
  const auto ba = MannWhitney(kSleep2, kSleep1);
  EXPECT_EQ(*ab->w + *ba->w, 100);
  ExpectNearRel(*ab->z, -*ba->z);
  EXPECT_EQ(*ab->p, *ba->p);
}

TEST(MannWhitneyTest, DegenerateInput) {
  ExpectUndefined(MannWhitney({}, {})->w, Undefined::kNoData);
  ExpectUndefined(MannWhitney({}, kSleep1)->p, Undefined::kTooFewGroups);
  const auto tied = MannWhitney(std::vector<double>{2, 2}, std::vector<double>{2, 2, 2});
  ExpectFigure(tied->w, 3);
  ExpectUndefined(tied->p, Undefined::kNoVariation);
  EXPECT_FALSE(MannWhitney(std::vector<double>{kNaN}, kSleep1).ok());
  // A half beyond the centre after correction never turns the sign or passes p = 1.
  const auto near_centre = MannWhitney(std::vector<double>{1, 2, 5}, std::vector<double>{3, 4});
  EXPECT_LE(*near_centre->p, 1);
}

TEST(WelchTest, MatchesR) {
  // t.test(extra ~ group, data = sleep): also printed on R's help page (t = -1.8608, df = 17.776, p = 0.07939).
  const auto sleep = WelchT(kSleep1, kSleep2);
  ASSERT_TRUE(sleep.ok());
  ExpectFigure(sleep->t, -1.86081346748685, 1e-12);
  ExpectNearRel(*sleep->difference.degrees_of_freedom, 17.7764735161785, 1e-12);
  ExpectFigure(sleep->p, 0.0793941401873582, 1e-12);
  ExpectFigure(sleep->difference.standard_error, 0.849091017238762, 1e-12);
  ExpectInterval(sleep->difference, -3.3654832307117104, 0.2054832307117102, 1e-11);
  const auto ratings = WelchT(kRatingsA, kRatingsB);
  ExpectFigure(ratings->t, 3.68566933077855, 1e-12);
  ExpectNearRel(*ratings->difference.degrees_of_freedom, 27.3957414156915, 1e-12);
  ExpectFigure(ratings->p, 9.93648138146963e-04, 1e-11);
  ExpectInterval(ratings->difference, 0.414092979479702, 1.45257368718696, 1e-11);
}

TEST(WelchTest, DegenerateInput) {
  ExpectUndefined(WelchT({}, kSleep1)->t, Undefined::kNoData);
  const auto one = WelchT(std::vector<double>{1}, kSleep1);
  ExpectFigure(one->mean_a, 1);
  ExpectFigure(one->difference.value, 1 - 0.75);
  ExpectUndefined(one->p, Undefined::kTooFewValues);
  const auto constant = WelchT(std::vector<double>{5, 5, 5}, std::vector<double>{7, 7});
  ExpectFigure(constant->difference.value, -2);
  ExpectUndefined(constant->t, Undefined::kNoVariation);
  ExpectNoInterval(constant->difference, Undefined::kNoVariation);
  EXPECT_FALSE(WelchTFromSummaries({3, 1, -1}, {3, 1, 1}).ok());
  EXPECT_FALSE(WelchTFromSummaries({3, kNaN, 1}, {3, 1, 1}).ok());
}

TEST(CliffsDeltaTest, MatchesPublishedEstimateAndR) {
  // Hess and Kromrey's example, the one of effsize's cliff.delta: -0.25. reference/make_reference.R shows that the same
  // formula with t in place of z gives the interval effsize prints, -0.7265846 to 0.3890062.
  const std::vector<double> treatment = {10, 10, 20, 20, 20, 30, 30, 30, 40, 50};
  const std::vector<double> control = {10, 20, 30, 40, 40, 50};
  const auto published = CliffsDelta(treatment, control);
  ExpectFigure(published->value, -0.25);
  ExpectFigure(published->standard_error, 0.313138237134266, 1e-12);
  ExpectInterval(*published, -0.701646594089637, 0.344959312565413, 1e-12);
  const auto ratings = CliffsDelta(kRatingsA, kRatingsB);
  ExpectFigure(ratings->value, 0.626666666666667, 1e-12);
  ExpectFigure(ratings->standard_error, 0.142424742429944, 1e-12);
  ExpectInterval(*ratings, 0.283113811049734, 0.827688759794985, 1e-12);
}

TEST(CliffsDeltaTest, FollowsFromTheRankSum) {
  // Second route: delta = 2 W / (n_a n_b) - 1.
  RandomStream random(3, 1, 0);
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<double> a(5 + random.UniformU32(20));
    std::vector<double> b(5 + random.UniformU32(20));
    for (double& value : a) value = random.UniformU32(9);
    for (double& value : b) value = random.UniformU32(12);
    const double pairs = static_cast<double>(a.size() * b.size());
    ExpectNearRel(*CliffsDelta(a, b)->value + 1, 2 * *MannWhitney(a, b)->w / pairs, 1e-12);
    const auto swapped = CliffsDelta(b, a);
    ExpectNearRel(*swapped->value + 1, 1 - *CliffsDelta(a, b)->value, 1e-12);
  }
}

TEST(CliffsDeltaTest, DegenerateInput) {
  ExpectUndefined(CliffsDelta({}, kSleep1)->value, Undefined::kNoData);
  ExpectUndefined(CliffsDelta(std::vector<double>{2, 2}, std::vector<double>{2, 2})->value, Undefined::kNoVariation);
  const auto one = CliffsDelta(std::vector<double>{9}, kSleep1);
  ExpectFigure(one->value, 1);
  ExpectNoInterval(*one, Undefined::kTooFewValues);
  const auto apart = CliffsDelta(std::vector<double>{1, 2, 3}, std::vector<double>{4, 5, 6, 7});
  ExpectFigure(apart->value, -1);
  ExpectUndefined(apart->standard_error, Undefined::kAtLimit);
  const double z = NormalQuantile(.975);
  ExpectInterval(*apart, -1, -(3 - z * z) / (3 + z * z));
  EXPECT_FALSE(CliffsDelta(std::vector<double>{kInf}, kSleep1).ok());
}

TEST(HedgesGTest, MatchesR) {
  // Estimates also by effectsize::hedges_g.
  const auto ratings = HedgesG(kRatingsA, kRatingsB);
  ExpectFigure(ratings->value, 1.309387757818515, 1e-12);
  ExpectFigure(ratings->standard_error, 0.393430881358348, 1e-12);
  ExpectInterval(*ratings, 0.538277399950302, 2.080498115686728, 1e-12);
  const auto sleep = HedgesG(kSleep1, kSleep2);
  ExpectFigure(sleep->value, -0.7969352391911206, 1e-12);
  ExpectInterval(*sleep, -1.6719115015576507, 0.0780410231754094, 1e-11);
}

TEST(HedgesGTest, DoesNotChangeWithUnitOrOrigin) {
  std::vector<double> a = kSleep1;
  std::vector<double> b = kSleep2;
  for (double& value : a) value = 60 * value + 480;
  for (double& value : b) value = 60 * value + 480;
  ExpectNearRel(*HedgesG(a, b)->value, *HedgesG(kSleep1, kSleep2)->value, 1e-12);
}

TEST(HedgesGTest, DegenerateInput) {
  ExpectUndefined(HedgesG({}, kSleep1)->value, Undefined::kNoData);
  ExpectUndefined(HedgesG(std::vector<double>{1}, kSleep1)->value, Undefined::kTooFewValues);
  ExpectUndefined(HedgesG(std::vector<double>{1, 1}, std::vector<double>{2, 2})->value, Undefined::kNoVariation);
  EXPECT_FALSE(HedgesG(std::vector<double>{kNaN, 1}, kSleep1).ok());
  // A large sample: the correction tends to 1 and gamma does not overflow.
  std::vector<double> many(100'000);
  std::iota(many.begin(), many.end(), 0.0);
  std::vector<double> shifted = many;
  for (double& value : shifted) value += 1000;
  EXPECT_TRUE(HedgesG(many, shifted)->interval.has_value());
}

}  // namespace
}  // namespace plumbline::stats
