// What agreement is where the data hardly allow any.
#include "common/stats/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/stats/agreement_details.h"
#include "common/stats/stats_test_util.h"
#include "common/stats/test_agreement_tables.h"

namespace plumbline::stats {
namespace {

TEST(AgreementTest, AllCodesEqualIsLackOfVariation) {
  const CodeTable same = *CodeTableFromCategories(
      std::vector<std::vector<std::optional<int>>>{{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, std::nullopt, 1}}, 3);
  const CodeTable one_category =
      *CodeTableFromCategories(std::vector<std::vector<std::optional<int>>>{{0, 0, 0, 0}, {0, 0, 0, 0}}, 1);
  for (const Measured& m : EveryMeasure()) {
    SCOPED_TRACE(m.name);
    if (IsPlainShare(m.spec)) {
      ExpectFigure(Point(same, m.spec), 1);
      continue;
    }
    ExpectUndefined(Point(same, m.spec), Undefined::kNoVariation);
    ExpectUndefined(Point(one_category, m.spec), Undefined::kNoVariation);
    const auto bootstrap = BootstrapAgreement(same, m.spec, {.seed = 1, .replicates = 50});
    EXPECT_EQ(bootstrap->undefined_replicates, 50u);
    EXPECT_FALSE(bootstrap->interval.has_value());
    EXPECT_EQ(bootstrap->interval_reason, Undefined::kNoVariation);
    EXPECT_EQ(bootstrap->bca_reason, Undefined::kNoVariation);
  }
  EXPECT_EQ(UndefinedText(Undefined::kNoVariation), "undefined for lack of variation");
}

TEST(AgreementTest, NoPairsAndNoUnitsAreDefined) {
  const CodeTable lonely = *CodeTableFromCategories(
      std::vector<std::vector<std::optional<int>>>{{0, std::nullopt, std::nullopt, std::nullopt},
                                                   {std::nullopt, 1, std::nullopt, std::nullopt}},
      2);
  CodeTable empty;
  empty.coders = 4;
  empty.category_values = {0, 1};
  for (const Measured& m : EveryMeasure()) {
    SCOPED_TRACE(m.name);
    ExpectUndefined(Point(lonely, m.spec), Undefined::kNoPairs);
    ExpectUndefined(Point(empty, m.spec), Undefined::kNoPairs);
    const auto bootstrap = BootstrapAgreement(empty, m.spec, {.seed = 1, .replicates = 10});
    ASSERT_TRUE(bootstrap.ok()) << bootstrap.status();
    EXPECT_EQ(bootstrap->interval_reason, Undefined::kNoData);
  }
}

std::vector<std::optional<int>> Codes(std::string_view text) {
  std::vector<std::optional<int>> codes;
  for (const char c : text) codes.push_back(c == '.' ? std::nullopt : std::optional<int>(c - '0'));
  return codes;
}

CodeTable Coded(const std::vector<std::string_view>& rows, size_t categories) {
  std::vector<std::vector<std::optional<int>>> codes;
  for (const std::string_view row : rows) codes.push_back(Codes(row));
  return *CodeTableFromCategories(codes, categories);
}

TEST(DegenerateTest, OneUnitHasAValueAndNoSpread) {
  const CodeTable table = Coded({"010"}, 2);
  ExpectFigure(ComputePercentAgreement(table)->pairwise.value, 1.0 / 3);
  EXPECT_EQ(ComputePercentAgreement(table)->unanimous, 0);
  for (const auto& result : {FleissKappa(table), GeneralizedFleissKappa(table), GwetAc(table), BrennanPrediger(table),
                             KrippendorffAlpha(table)}) {
    ASSERT_TRUE(result->estimate.value.defined());
    ExpectUndefined(result->estimate.standard_error, Undefined::kTooFewValues);
    ExpectNoInterval(result->estimate, Undefined::kTooFewValues);
    EXPECT_FALSE(result->t.has_value());
  }
  // Fleiss by hand: observed 1/3, expected 5/9.
  ExpectFigure(FleissKappa(table)->estimate.value, (1.0 / 3 - 5.0 / 9) / (4.0 / 9));
  // Alpha by hand: two of three pairs differ, as in the pool.
  ExpectFigure(KrippendorffAlpha(table)->estimate.value, 0);
}

TEST(DegenerateTest, OneCoderOrNoCodesHaveNoPairs) {
  for (const CodeTable& table : {Coded({"0", "1"}, 2), Coded({"...", "..."}, 2), Coded({"0..", ".1.", "..1"}, 2)}) {
    ExpectUndefined(ComputePercentAgreement(table)->pairwise.value, Undefined::kNoPairs);
    ExpectUndefined(ComputePercentAgreement(table)->unanimous_share.value, Undefined::kNoPairs);
    ExpectNoInterval(ComputePercentAgreement(table)->unanimous_share, Undefined::kNoPairs);
    for (const auto& result : {FleissKappa(table), GeneralizedFleissKappa(table), GwetAc(table), BrennanPrediger(table),
                               KrippendorffAlpha(table), KrippendorffAlpha(table, MeasurementLevel::kOrdinal)}) {
      ExpectUndefined(result->estimate.value, Undefined::kNoPairs);
      ExpectUndefined(result->estimate.standard_error, Undefined::kNoPairs);
      ExpectNoInterval(result->estimate, Undefined::kNoPairs);
      EXPECT_EQ(result->units, 0);
      EXPECT_EQ(result->units_left_out, static_cast<int64_t>(table.units()));
    }
    ASSERT_TRUE(AgreementByCategory(table).ok());
    ASSERT_TRUE(AgreementByCoder(table).ok());
    ASSERT_TRUE(AgreementByPair(table).ok());
  }
  EXPECT_TRUE(AgreementByPair(Coded({"0", "1"}, 2))->empty());
}

TEST(DegenerateTest, ACoderWithoutCodesChangesNothingButComplete) {
  const CodeTable two = Coded({"00", "11", "01", "11"}, 2);
  const CodeTable three = Coded({"00.", "11.", "01.", "11."}, 2);
  EXPECT_EQ(KrippendorffAlpha(two)->estimate.value.value, KrippendorffAlpha(three)->estimate.value.value);
  EXPECT_EQ(GwetAc(two)->estimate.value.value, GwetAc(three)->estimate.value.value);
  EXPECT_EQ(GeneralizedFleissKappa(two)->estimate.value.value, GeneralizedFleissKappa(three)->estimate.value.value);
  ExpectUndefined(FleissKappa(three)->estimate.value, Undefined::kNoPairs);
  EXPECT_EQ(FleissKappa(three)->units_left_out, 4);
  const auto coders = AgreementByCoder(three);
  EXPECT_EQ((*coders)[2].codes, 0);
  EXPECT_EQ((*coders)[2].missing, 4);
  EXPECT_EQ((*coders)[2].units_against_majority, 0);
  ExpectUndefined((*coders)[2].percent_of_majority.value, Undefined::kNoPairs);
  ExpectUndefined((*coders)[2].cohen_with_majority.estimate.value, Undefined::kNoPairs);
  ExpectFigure((*coders)[2].alpha_change, 0);
  ExpectUndefined((*coders)[0].alpha_without, Undefined::kNoPairs);  // the coder without codes remains, with one other
}

TEST(DegenerateTest, TwoCodersWithoutACommonUnit) {
  const auto pair = AgreementOfPair(Coded({"0.1", ".10", "1.1", "..."}, 2), 0, 1);
  ASSERT_TRUE(pair.ok());
  EXPECT_EQ(pair->units, 0);
  EXPECT_EQ(pair->only_a, 2);
  EXPECT_EQ(pair->only_b, 1);
  EXPECT_EQ(pair->neither, 1);
  ExpectUndefined(pair->percent.value, Undefined::kNoPairs);
  ExpectUndefined(pair->cohen.estimate.value, Undefined::kNoPairs);
  ExpectUndefined(pair->scott.estimate.value, Undefined::kNoPairs);
  ExpectUndefined(pair->gwet.estimate.value, Undefined::kNoPairs);
  EXPECT_EQ(pair->cohen.units_left_out, 4);
}

TEST(DegenerateTest, AConstantCoderHasKappaZero) {
  // One coder always says 1: what both agree on is what chance gives, exactly.
  const auto pair = AgreementOfPair(Coded({"11", "10", "11", "10"}, 2), 0, 1);
  ExpectFigure(pair->percent.value, 0.5);
  ExpectFigure(pair->cohen.estimate.value, 0);
  // Both constant, and different: nothing expected, nothing observed.
  ExpectFigure(AgreementOfPair(Coded({"10", "10"}, 2), 0, 1)->cohen.estimate.value, 0);
  // Both constant and alike: no variation.
  ExpectUndefined(AgreementOfPair(Coded({"11", "11"}, 2), 0, 1)->cohen.estimate.value, Undefined::kNoVariation);
}

TEST(DegenerateTest, AnUnusedCategoryAndOneThatIsAlwaysUsed) {
  const auto unused = AgreementByCategory(Coded({"00", "01", "11"}, 3));
  EXPECT_EQ((*unused)[2].codes, 0);
  ExpectFigure((*unused)[2].share, 0);
  ExpectUndefined((*unused)[2].specific, Undefined::kNoData);
  ExpectUndefined((*unused)[2].fleiss.estimate.value, Undefined::kNoVariation);
  ExpectUndefined((*unused)[2].alpha.estimate.value, Undefined::kNoVariation);
  const auto always = AgreementByCategory(Coded({"00", "00"}, 2));
  ExpectFigure((*always)[0].specific, 1);
  ExpectUndefined((*always)[0].fleiss.estimate.value, Undefined::kNoVariation);
}

TEST(DegenerateTest, AnEstimateWithoutItsInterval) {
  const auto kappa = CohenKappaFromCounts(std::vector<std::vector<double>>{{20, 5}, {10, 15}});
  const Estimate without = WithoutInterval(kappa->estimate, Undefined::kNotIndependent);
  ExpectFigure(without.value, *kappa->estimate.value);
  ExpectUndefined(without.standard_error, Undefined::kNotIndependent);
  ExpectNoInterval(without, Undefined::kNotIndependent);
  const auto none = CohenKappaFromCounts(std::vector<std::vector<double>>{{20, 0}, {0, 0}});
  ExpectNoInterval(WithoutInterval(none->estimate, Undefined::kNotIndependent), Undefined::kNoVariation);
}

TEST(DegenerateTest, RepeatsThatAreMissingOrNone) {
  const auto none = IntraCoderAgreement({}, 2);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->units, 0);
  ExpectUndefined(none->percent.value, Undefined::kNoPairs);
  const auto missing = IntraCoderAgreement(std::vector<RepeatCount>{{0, std::nullopt}, {std::nullopt, 1}}, 2);
  EXPECT_EQ(missing->only_a, 1);
  EXPECT_EQ(missing->only_b, 1);
  ExpectUndefined(missing->cohen.estimate.value, Undefined::kNoPairs);
  EXPECT_FALSE(IntraCoderAgreement(std::vector<RepeatCount>{{0, 2}}, 2).ok());
  EXPECT_FALSE(IntraCoderAgreement(std::vector<RepeatCount>{{0, 1, -1}}, 2).ok());
  EXPECT_EQ(IntraCoderAgreement(std::vector<RepeatCount>{{0, 1, 0}}, 2)->units, 0);
  const auto no_categories = IntraCoderAgreement(std::vector<RepeatCount>{{std::nullopt, std::nullopt, 5}}, 0);
  ASSERT_TRUE(no_categories.ok()) << no_categories.status();
  EXPECT_EQ(no_categories->neither, 5);
}

}  // namespace
}  // namespace plumbline::stats
