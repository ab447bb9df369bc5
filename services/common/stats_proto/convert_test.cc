#include "common/stats_proto/convert.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

namespace v1 = common::v1;

TEST(StatisticToProtoTest, AValueOrTheReasonWhyThereIsNone) {
  EXPECT_EQ(ToProto(Figure::Of(0)).outcome_case(), v1::Statistic::kValue);
  EXPECT_DOUBLE_EQ(ToProto(Figure::Of(-2.5)).value(), -2.5);
  const v1::Statistic none = ToProto(Figure::None(Undefined::kNoVariation));
  EXPECT_EQ(none.undefined().reason(), v1::UNDEFINED_REASON_NO_VARIATION);
  EXPECT_EQ(none.undefined().explanation(), UndefinedText(Undefined::kNoVariation));
}

TEST(StatisticToProtoTest, EveryReasonHasOneOfItsOwnKind) {
  EXPECT_EQ(ToProto(Undefined::kNoData), v1::UNDEFINED_REASON_NO_DATA);
  for (const Undefined few :
       {Undefined::kTooFewValues, Undefined::kTooFewGroups, Undefined::kNoPairs, Undefined::kUnstableResamples}) {
    EXPECT_EQ(ToProto(few), v1::UNDEFINED_REASON_TOO_FEW) << UndefinedText(few);
  }
  EXPECT_EQ(ToProto(Undefined::kNoVariation), v1::UNDEFINED_REASON_NO_VARIATION);
  EXPECT_EQ(ToProto(Undefined::kAtLimit), v1::UNDEFINED_REASON_ZERO_DENOMINATOR);
  // No reason of the contract fits; the explanation says it.
  for (const Undefined other : {Undefined::kTooLarge, Undefined::kNotIndependent}) {
    EXPECT_EQ(ToProto(other), v1::UNDEFINED_REASON_UNSPECIFIED);
    EXPECT_FALSE(ToProto(Figure::None(other)).undefined().explanation().empty());
  }
}

TEST(EstimateToProtoTest, CarriesItsIntervalOnlyWhereThereIsOne) {
  const auto two = MeanEstimate(std::vector<double>{1, 3}, 0.9);
  ASSERT_TRUE(two.ok()) << two.status();
  const v1::Estimate with = ToProto(*two, "a method", 2);
  EXPECT_DOUBLE_EQ(with.value().value(), 2);
  // df = 1: the 0.95 quantile of Cauchy's distribution is tan(0.45 pi) = 6.313752; the standard error is 1.
  EXPECT_NEAR(with.lower(), 2 - 6.313752, 1e-6);
  EXPECT_NEAR(with.upper(), 2 + 6.313752, 1e-6);
  EXPECT_DOUBLE_EQ(with.level(), 0.9);
  EXPECT_EQ(with.method(), "a method");
  EXPECT_EQ(with.n(), 2);
  const auto one = MeanEstimate(std::vector<double>{1}, 0.9);
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_FALSE(ToProto(*one, "a method", 1).has_lower());
  EXPECT_FALSE(ToProto(*one, "a method", 1).has_upper());
}

TEST(DescriptivesToProtoTest, EachFigureIsInItsPlace) {
  const std::vector<double> values = {1, 2, 4, 9};
  const auto descriptives = Describe(values);
  const auto mean = MeanEstimate(values, 0.95);
  ASSERT_TRUE(descriptives.ok() && mean.ok());
  const v1::Descriptives out = ToProto(*descriptives, *mean, 3);
  EXPECT_EQ(out.n(), 4);
  EXPECT_EQ(out.missing(), 3);
  EXPECT_DOUBLE_EQ(out.mean().value(), 4);
  EXPECT_NEAR(out.sd().value(), 3.559026, 1e-6);  // sqrt(38 / 3)
  EXPECT_NEAR(out.se().value(), 1.779513, 1e-6);
  EXPECT_DOUBLE_EQ(out.min().value(), 1);
  EXPECT_DOUBLE_EQ(out.q1().value(), 1.75);
  EXPECT_DOUBLE_EQ(out.median().value(), 3);
  EXPECT_DOUBLE_EQ(out.q3().value(), 5.25);
  EXPECT_DOUBLE_EQ(out.max().value(), 9);
  EXPECT_EQ(out.mean_interval().method(), "mean, t interval, df = n - 1");
  EXPECT_EQ(out.mean_interval().n(), 4);
}

}  // namespace
}  // namespace plumbline::stats
