#include "common/stats/descriptives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "common/stats/difference.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<double> kValues = {12.5, 3.4, 2.1, 8.0, 3.4, 30.2, 5.9, 7.7};

// Digits: reference/expected.txt (R).
TEST(DescribeTest, MatchesR) {
  const auto d = Describe(kValues);
  ASSERT_TRUE(d.ok()) << d.status();
  EXPECT_EQ(d->n, 8);
  ExpectFigure(d->mean, 9.15);
  ExpectFigure(d->sd, 9.13501896158795);
  ExpectFigure(d->variance, 83.44857142857143);
  ExpectFigure(d->standard_error, 3.22971692700327);
  ExpectFigure(d->minimum, 2.1);
  ExpectFigure(d->maximum, 30.2);
  ExpectFigure(d->median, 6.8);
  ExpectFigure(d->lower_quartile, 3.4);
  ExpectFigure(d->upper_quartile, 9.125);
  EXPECT_THAT(d->modes, ElementsAre(3.4));
}

TEST(DescribeTest, QuantilesAreType7AsInR) {
  const std::vector<std::pair<double, double>> cases = {{0, 2.1},     {.1, 3.01},  {.25, 3.4}, {.5, 6.8},
                                                        {.75, 9.125}, {.9, 17.81}, {1, 30.2}};
  for (const auto& [p, expected] : cases) ExpectFigure(Quantile(kValues, p).value(), expected);
  std::vector<double> ten(10);
  std::iota(ten.begin(), ten.end(), 1.0);
  ExpectFigure(Quantile(ten, .25).value(), 3.25);
  ExpectFigure(Quantile(ten, .5).value(), 5.5);
  ExpectFigure(Quantile(ten, .75).value(), 7.75);
  ExpectUndefined(Quantile({}, .5).value(), Undefined::kNoData);
  EXPECT_FALSE(Quantile(ten, 1.01).ok());
  EXPECT_FALSE(Quantile(ten, kNaN).ok());
}

TEST(DescribeTest, KeepsItsDigitsFarFromZero) {
  // NIST-style: a textbook one-pass variance loses every digit here.
  const std::vector<double> values = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
  ExpectFigure(Describe(values)->variance, 30, 1e-15);
  const std::vector<double> constant(7, 0.1);
  EXPECT_EQ(*Describe(constant)->mean, 0.1);
  EXPECT_EQ(*Describe(constant)->sd, 0);
}

TEST(DescribeTest, EmptyAndSingleAreDefined) {
  const auto none = Describe({});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->n, 0);
  for (const Figure& figure : {none->mean, none->sd, none->standard_error, none->minimum, none->median}) {
    ExpectUndefined(figure, Undefined::kNoData);
  }
  EXPECT_THAT(none->modes, IsEmpty());
  const auto one = Describe(std::vector<double>{4.5});
  ExpectFigure(one->mean, 4.5);
  ExpectFigure(one->upper_quartile, 4.5);
  ExpectUndefined(one->sd, Undefined::kTooFewValues);
  ExpectUndefined(one->standard_error, Undefined::kTooFewValues);
}

TEST(DescribeTest, RefusesWhatIsNotANumberByPlace) {
  const auto nan = Describe(std::vector<double>{1, 2, kNaN});
  EXPECT_EQ(nan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(nan.status().message()), HasSubstr("values[2]"));
  EXPECT_FALSE(Describe(std::vector<double>{kInf}).ok());
  const auto counts = DescribeCounts(std::vector<CountedValue>{{1, 3}, {2, -1}});
  EXPECT_THAT(std::string(counts.status().message()), HasSubstr("counts[1].count"));
  EXPECT_FALSE(DescribeCounts(std::vector<CountedValue>{{1, int64_t{1} << 52}, {2, int64_t{1} << 52}}).ok());
}

TEST(DescribeTest, CountsAndOrderDoNotChangeADigit) {
  RandomStream random(11, StreamFromName("descriptives test"), 0);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<CountedValue> counts;
    std::vector<double> written_out;
    for (int i = 0; i < 6; ++i) {
      counts.push_back({static_cast<double>(random.UniformU32(5)) / 3, random.UniformU32(4)});
      written_out.insert(written_out.begin(), static_cast<size_t>(counts.back().count), counts.back().value);
    }
    const auto a = DescribeCounts(counts);
    const auto b = Describe(written_out);
    EXPECT_EQ(a->n, b->n);
    EXPECT_EQ(a->mean.value, b->mean.value);
    EXPECT_EQ(a->variance.value, b->variance.value);
    EXPECT_EQ(a->lower_quartile.value, b->lower_quartile.value);
    EXPECT_EQ(a->modes, b->modes);
  }
}

// Focus on Practice evaluation, Appendix 7: the counts of Table 25 give the statistics printed in Table 26.
struct SkillCase {
  const char* skill;
  std::vector<int64_t> counts;  // ratings 1 to 5
  double mean, median, mode, sd, minimum, maximum;
};

TEST(DescribeTest, FocusOnPracticeTable25GivesTable26) {
  const std::vector<SkillCase> cases = {
      {"collaboration", {0, 1, 7, 6, 1}, 3.47, 3, 3, 0.743, 2, 5},
      {"empathy-acceptance", {0, 8, 6, 1, 0}, 2.53, 2, 2, 0.640, 2, 4},
      {"empathy-curiosity", {0, 0, 9, 5, 1}, 3.47, 3, 3, 0.640, 3, 5},
      {"empathy-understanding", {0, 3, 9, 3, 0}, 3.00, 3, 3, 0.655, 2, 4},
      {"purposefulness", {0, 0, 7, 8, 0}, 3.53, 4, 4, 0.516, 3, 4},
      {"clarity", {1, 0, 6, 8, 0}, 3.40, 4, 4, 0.828, 1, 4},
      {"child focus", {0, 1, 9, 5, 0}, 3.27, 3, 3, 0.594, 2, 4},
  };
  for (const SkillCase& c : cases) {
    SCOPED_TRACE(c.skill);
    std::vector<CountedValue> counts;
    for (size_t i = 0; i < c.counts.size(); ++i) counts.push_back({static_cast<double>(i + 1), c.counts[i]});
    const auto d = DescribeCounts(counts);
    ASSERT_TRUE(d.ok()) << d.status();
    EXPECT_EQ(d->n, 15);
    ExpectPrinted(d->mean, c.mean, 2);
    ExpectFigure(d->median, c.median);
    EXPECT_THAT(d->modes, ElementsAre(c.mode));
    ExpectPrinted(d->sd, c.sd, 3);
    ExpectFigure(d->minimum, c.minimum);
    ExpectFigure(d->maximum, c.maximum);
  }
}

TEST(BoxPlotTest, WhiskersStopAtTheLastValueWithinReach) {
  // Hinges 3.4 and 9.125, reach 1.5 * 5.725 = 8.5875: up to 17.7125.
  const auto plot = MakeBoxPlot(kValues);
  ASSERT_TRUE(plot.ok());
  ExpectFigure(plot->lower_hinge, 3.4);
  ExpectFigure(plot->median, 6.8);
  ExpectFigure(plot->upper_hinge, 9.125);
  ExpectFigure(plot->lower_whisker, 2.1);
  ExpectFigure(plot->upper_whisker, 12.5);
  EXPECT_THAT(plot->outliers, ElementsAre(30.2));
}

TEST(BoxPlotTest, KeepsRepeatedOutliersAndNeverEndsAWhiskerInsideTheBox) {
  const auto plot = MakeBoxPlot(std::vector<double>{9, 1, 1, 1, 1, 1, 1, 1, 1, 9, -4});
  EXPECT_THAT(plot->outliers, ElementsAre(-4, 9, 9));
  ExpectFigure(plot->upper_whisker, 1);
  // Interpolated hinge 15.25 with no value between it and the outlier: the whisker is the hinge.
  const auto gap = MakeBoxPlot(std::vector<double>{0, 0, 1, 58});
  ExpectFigure(gap->upper_hinge, 15.25);
  EXPECT_THAT(gap->outliers, ElementsAre(58));
  ExpectFigure(gap->upper_whisker, 15.25);
  EXPECT_EQ(MakeBoxPlot({})->median.reason, Undefined::kNoData);
  EXPECT_FALSE(MakeBoxPlot(std::vector<double>{kNaN}).ok());
}

TEST(WeightedMeanTest, MatchesHandComputation) {
  // (10*3 + 20*1 + 40*4) / 8
  ExpectFigure(WeightedMean(std::vector<double>{10, 20, 40}, std::vector<double>{3, 1, 4}).value(), 26.25);
  // Scale of the weights cancels; equal weights give the plain mean.
  ExpectFigure(WeightedMean(std::vector<double>{10, 20, 40}, std::vector<double>{.3, .1, .4}).value(), 26.25);
  ExpectFigure(WeightedMean(kValues, std::vector<double>(8, 17493)).value(), 9.15);
}

TEST(WeightedMeanTest, DegenerateAndBadInput) {
  ExpectUndefined(WeightedMean({}, {}).value(), Undefined::kNoData);
  ExpectUndefined(WeightedMean(std::vector<double>{1, 2}, std::vector<double>{0, 0}).value(), Undefined::kNoData);
  EXPECT_FALSE(WeightedMean(std::vector<double>{1, 2}, std::vector<double>{1}).ok());
  const auto negative = WeightedMean(std::vector<double>{1, 2}, std::vector<double>{1, -1});
  EXPECT_THAT(std::string(negative.status().message()), HasSubstr("weights[1]"));
  EXPECT_FALSE(WeightedMean(std::vector<double>{1, kNaN}, std::vector<double>{1, 1}).ok());
}

}  // namespace
}  // namespace plumbline::stats
