#include "common/stats/intervals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/stats/distributions.h"
#include "common/stats/stats_test_util.h"

// Digits: reference/expected.txt (R), unless a publication is named.
namespace plumbline::stats {
namespace {

using ::testing::HasSubstr;

TEST(DistributionsTest, MatchR) {
  ExpectNearRel(NormalQuantile(.975), 1.95996398454005, 1e-13);
  ExpectNearRel(NormalQuantile(.995), 2.57582930354890, 1e-13);
  ExpectNearRel(NormalQuantile(1e-10), -6.36134090240406, 1e-13);
  ExpectNearRel(NormalCdf(-8), 6.22096057427178e-16, 1e-13);
  ExpectNearRel(StudentTQuantile(.975, 1), 12.70620473617469, 1e-12);
  ExpectNearRel(StudentTQuantile(.975, 7), 2.36462425159278, 1e-12);
  ExpectNearRel(StudentTQuantile(.975, 17.7764735161785), 2.10281724156980, 1e-12);
  ExpectNearRel(StudentTQuantile(.975, 1e6), 1.95996635681411, 1e-12);
  // R 4.2: qbeta(0.3, 0.38, 2.5), qbeta(0.5, 0.19, 0.98), qbeta(0.75, 2, 5).
  ExpectNearRel(BetaQuantile(.3, .38, 2.5), 0.014192964804647901, 1e-10);
  ExpectNearRel(BetaQuantile(.5, .19, .98), 0.026803670140996987, 1e-10);
  ExpectNearRel(BetaQuantile(.75, 2, 5), 0.38947948520072451, 1e-12);
  ExpectNearRel(StudentTCdf(-2.5, 7.5), 0.0194101291368128, 1e-12);
  ExpectNearRel(ChiSquaredUpperTail(29.26658, 4), 6.90070218860289e-06, 1e-12);
  ExpectNearRel(ChiSquaredUpperTail(0.7714286, 2), 0.679964763865112, 1e-12);
  ExpectNearRel(ChiSquaredUpperTail(200, 3), 4.21854110719204e-43, 1e-11);
  // gamma(5) = 24, gamma(1/2) = sqrt(pi)
  ExpectNearRel(LogGamma(5), std::log(24.0), 1e-14);
  ExpectNearRel(LogGamma(.5), 0.5723649429247001, 1e-14);
}

TEST(MeanEstimateTest, MatchesR) {
  const std::vector<double> values = {2.1, 3.4, 3.4, 5.9, 7.7, 8.0, 12.5, 30.2};
  const auto at95 = MeanEstimate(values);
  ASSERT_TRUE(at95.ok());
  ExpectFigure(at95->value, 9.15);
  EXPECT_EQ(at95->degrees_of_freedom, 7);
  ExpectInterval(*at95, 1.51293302862835, 16.78706697137165);
  ExpectInterval(*MeanEstimate(values, .90), 3.03104740960257, 15.26895259039743);
  const auto summary = MeanEstimateFromSummary(8, 9.15, 9.13501896158795);
  ExpectInterval(*summary, 1.51293302862835, 16.78706697137165);
}

TEST(MeanEstimateTest, DegenerateInput) {
  ExpectUndefined(MeanEstimate({})->value, Undefined::kNoData);
  ExpectNoInterval(*MeanEstimate({}), Undefined::kNoData);
  const auto one = MeanEstimate(std::vector<double>{3});
  ExpectFigure(one->value, 3);
  ExpectUndefined(one->standard_error, Undefined::kTooFewValues);
  ExpectNoInterval(*one, Undefined::kTooFewValues);
  ExpectInterval(*MeanEstimate(std::vector<double>{3, 3, 3}), 3, 3);
  EXPECT_FALSE(MeanEstimate(std::vector<double>{3, kNaN}).ok());
  EXPECT_FALSE(MeanEstimate(std::vector<double>{3, 4}, 95).ok());
  EXPECT_FALSE(MeanEstimateFromSummary(0, 1, 1).ok());
  EXPECT_FALSE(MeanEstimateFromSummary(5, 1, -1).ok());
  EXPECT_FALSE(TInterval(0, 1, 0).ok());
  EXPECT_FALSE(NormalInterval(0, kNaN).ok());
}

struct WilsonCase {
  int64_t successes, trials;
  double confidence, lower, upper;
};

TEST(WilsonTest, MatchesR) {
  const std::vector<WilsonCase> cases = {{11, 18, .95, 0.386190416022379, 0.796947534278364},
                                         {0, 3, .95, 0, 0.561497031755045},
                                         {3, 3, .95, 0.438502968244955, 1},
                                         {98, 106, .95, 0.858099590074705, 0.961263162079894},
                                         {1, 1000, .95, 0.000176546370626078, 0.005642558597957934},
                                         {11, 18, .99, 0.326425410287819, 0.835945882142699}};
  for (const WilsonCase& c : cases) {
    SCOPED_TRACE(testing::Message() << c.successes << "/" << c.trials);
    const auto estimate = WilsonProportion(c.successes, c.trials, c.confidence);
    ASSERT_TRUE(estimate.ok());
    ExpectInterval(*estimate, c.lower, c.upper, 1e-12);
  }
}

TEST(WilsonTest, LimitsSolveTheScoreEquation) {
  // The definition, not the closed form: |p - limit| = z sqrt(limit (1 - limit) / n).
  for (int64_t x = 1; x < 20; ++x) {
    const auto estimate = WilsonProportion(x, 20, .9);
    const double z = NormalQuantile(.95);
    for (const double limit : {estimate->interval->lower, estimate->interval->upper}) {
      ExpectNearRel(std::fabs(*estimate->value - limit), z * std::sqrt(limit * (1 - limit) / 20), 1e-10);
    }
  }
}

TEST(WilsonTest, DegenerateAndBadInput) {
  ExpectUndefined(WilsonProportion(0, 0)->value, Undefined::kNoData);
  ExpectNoInterval(*WilsonProportion(0, 0), Undefined::kNoData);
  const auto more = WilsonProportion(4, 3);
  EXPECT_THAT(std::string(more.status().ToString()), HasSubstr("successes"));
  EXPECT_FALSE(WilsonProportion(-1, 3).ok());
  EXPECT_FALSE(WilsonProportion(0, -3).ok());
  EXPECT_FALSE(WilsonProportion(1, 3, 1).ok());
}

TEST(NewcombeTest, MatchesNewcombe1998Table2AndR) {
  // Newcombe (1998), Statistics in Medicine 17, Table II, method 10: 56/70 - 48/80 is 0.0524 to 0.3339,
  // 9/10 - 3/10 is 0.1705 to 0.8090, 5/56 - 0/29 is -0.0381 to 0.1926.
  ExpectInterval(*NewcombeDifference(56, 70, 48, 80), 0.0524314724023649, 0.3338726540369059, 1e-11);
  ExpectInterval(*NewcombeDifference(9, 10, 3, 10), 0.170522723934503, 0.809017973535488, 1e-11);
  ExpectInterval(*NewcombeDifference(5, 56, 0, 29), -0.0381371479035369, 0.1925600138551116, 1e-11);
  const auto sessions = NewcombeDifference(11, 18, 8, 28);
  ExpectFigure(sessions->value, 0.325396825396825);
  ExpectInterval(*sessions, 0.034244948696018, 0.554024420087658, 1e-11);
}

TEST(NewcombeTest, IsAntisymmetric) {
  const auto ab = NewcombeDifference(7, 19, 3, 31);
  const auto ba = NewcombeDifference(3, 31, 7, 19);
  ExpectNearRel(*ab->value, -*ba->value);
  ExpectInterval(*ab, -ba->interval->upper, -ba->interval->lower);
  ExpectUndefined(NewcombeDifference(0, 0, 1, 2)->value, Undefined::kNoData);
  EXPECT_FALSE(NewcombeDifference(3, 2, 1, 2).ok());
}

}  // namespace
}  // namespace plumbline::stats
