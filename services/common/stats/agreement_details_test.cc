#include "common/stats/agreement_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/stats/stats_test_util.h"
#include "common/stats/test_agreement_tables.h"

namespace plumbline::stats {
namespace {

using ::testing::ElementsAre;

TEST(AgreementByCategoryTest, MatchesIrrOnFleiss1971) {
  // irr, kappam.fleiss(diagnoses, detail = TRUE) prints kappa and z to three decimals; further digits:
  // reference/expected.txt. Specific agreement: Fleiss (1971), his p_j bar.
  const auto categories = AgreementByCategory(FromDistribution(kFleiss1971, 30));
  ASSERT_TRUE(categories.ok()) << categories.status();
  const double kappas[] = {0.245, 0.245, 0.520, 0.471, 0.566};
  const double z[] = {5.192, 5.192, 11.031, 9.994, 12.009};
  const double more[] = {0.244755244755245, 0.244755244755245, 0.520000000000000, 0.471127272727273, 0.566117806823969};
  const int64_t codes[] = {26, 26, 30, 55, 43};
  for (size_t i = 0; i < 5; ++i) {
    const CategoryAgreement& category = (*categories)[i];
    EXPECT_EQ(category.category, i);
    ExpectPrinted(category.fleiss.estimate.value, kappas[i], 3);
    ExpectFigure(category.fleiss.estimate.value, more[i], 1e-12);
    ExpectPrinted(Figure::Of(*category.fleiss.z), z[i], 3);
    ExpectNearRel(*category.fleiss.null_standard_error, std::sqrt(2.0 / (30 * 6 * 5)), 1e-12);
    EXPECT_EQ(category.codes, codes[i]);
    ExpectFigure(category.share, static_cast<double>(codes[i]) / 180);
    // Second route: kappa_j = (specific - share) / (1 - share).
    ExpectFigure(category.fleiss.estimate.value, (*category.specific - *category.share) / (1 - *category.share), 1e-12);
  }
  // Fleiss' kappa is the mean of the categories' kappas weighted by p(1 - p) (Fleiss 1971).
  double sum = 0;
  double weights = 0;
  for (const CategoryAgreement& category : *categories) {
    const double weight = *category.share * (1 - *category.share);
    sum += weight * *category.fleiss.estimate.value;
    weights += weight;
  }
  ExpectFigure(FleissKappa(FromDistribution(kFleiss1971, 30))->estimate.value, sum / weights, 1e-12);
}

TEST(AgreementByCategoryTest, AlphaOfACategoryIsAlphaOfTheTableSplitInTwo) {
  const CodeTable table = DataC();
  const auto categories = AgreementByCategory(table, 0.9);
  for (size_t c = 0; c < 5; ++c) {
    CodeTable split = table;
    split.category_values = {0, 1};
    for (int32_t& code : split.codes) {
      if (code != CodeTable::kMissing) code = code == static_cast<int32_t>(c) ? 1 : 0;
    }
    const auto alpha = KrippendorffAlpha(split, MeasurementLevel::kNominal, 0.9);
    ExpectFigure((*categories)[c].alpha.estimate.value, *alpha->estimate.value, 1e-12);
    EXPECT_EQ((*categories)[c].alpha.estimate.interval_reason, alpha->estimate.interval_reason);
    if (c == 4) {  // all who could say 5 did: perfect
      EXPECT_EQ(alpha->estimate.interval_reason, Undefined::kAtLimit);
    } else {
      ExpectFigure((*categories)[c].alpha.estimate.standard_error, *alpha->estimate.standard_error, 1e-12);
      ExpectNearRel((*categories)[c].alpha.estimate.interval->lower, alpha->estimate.interval->lower, 1e-10);
    }
    EXPECT_EQ((*categories)[c].alpha.units, 11);
    EXPECT_EQ((*categories)[c].fleiss.units, 8);
    EXPECT_EQ((*categories)[c].fleiss.units_left_out, 4);
  }
}

TEST(AgreementByPairTest, EveryPairIsItsOwnTable) {
  const CodeTable table = DataC();
  const auto pairs = AgreementByPair(table, AgreementWeights::kLinear);
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  ASSERT_EQ(pairs->size(), 6u);
  for (const PairAgreement& pair : *pairs) {
    ASSERT_LT(pair.a, pair.b);
    const auto cohen = CohenKappa(table, pair.a, pair.b, AgreementWeights::kLinear);
    EXPECT_EQ(pair.cohen.estimate.value.value, cohen->estimate.value.value);
    EXPECT_EQ(pair.cohen.estimate.standard_error.value, cohen->estimate.standard_error.value);
    EXPECT_EQ(pair.cohen.units_left_out, cohen->units_left_out);
    const auto scott = ScottPi(table, pair.a, pair.b, AgreementWeights::kLinear);
    EXPECT_EQ(pair.scott.estimate.value.value, scott->estimate.value.value);
    // A table of these two columns alone, written out.
    CodeTable two;
    two.coders = 2;
    two.category_values = table.category_values;
    int64_t equal = 0;
    int64_t both = 0;
    for (size_t unit = 0; unit < table.units(); ++unit) {
      const int32_t a = table.code(unit, pair.a);
      const int32_t b = table.code(unit, pair.b);
      if (a == CodeTable::kMissing || b == CodeTable::kMissing) continue;
      two.codes.insert(two.codes.end(), {a, b});
      ++both;
      equal += a == b ? 1 : 0;
    }
    EXPECT_EQ(pair.units, both);
    EXPECT_EQ(pair.units + pair.only_a + pair.only_b + pair.neither, 12);
    ExpectFigure(pair.percent.value, static_cast<double>(equal) / static_cast<double>(both));
    const auto ac2 = GwetAc(two, AgreementWeights::kLinear);
    ExpectFigure(pair.gwet.estimate.value, *ac2->estimate.value);
    ExpectFigure(pair.gwet.estimate.standard_error, *ac2->estimate.standard_error);
    // Two coders without missing codes: Gwet's Fleiss, Fleiss and Scott are one.
    ExpectFigure(pair.scott.estimate.value, *GeneralizedFleissKappa(two, AgreementWeights::kLinear)->estimate.value);
  }
  EXPECT_FALSE(AgreementOfPair(table, 0, 4).ok());
  EXPECT_FALSE(AgreementOfPair(table, 2, 2).ok());
}

TEST(AgreementByPairTest, ConfusionIsTheCrossTable) {
  const std::vector<std::vector<double>> counts = {{13, 0, 0}, {0, 20, 7}, {0, 4, 56}};
  const auto pair = AgreementOfPair(FromCrossTable(counts), 0, 1);
  EXPECT_THAT(pair->confusion, ElementsAre(ElementsAre(13, 0, 0), ElementsAre(0, 20, 7), ElementsAre(0, 4, 56)));
  ExpectFigure(pair->percent.value, 0.89);
  ExpectPrinted(pair->cohen.estimate.value, 0.7964094, 7);  // irrCAC README
  const auto turned = AgreementOfPair(FromCrossTable(counts), 1, 0);
  EXPECT_THAT(turned->confusion, ElementsAre(ElementsAre(13, 0, 0), ElementsAre(0, 20, 4), ElementsAre(0, 7, 56)));
}

TEST(AgreementByCoderTest, LeavesEachCoderOutInTurn) {
  const CodeTable table = DataC();
  const double all = *KrippendorffAlpha(table, MeasurementLevel::kOrdinal)->estimate.value;
  const auto coders = AgreementByCoder(table, MeasurementLevel::kOrdinal);
  ASSERT_TRUE(coders.ok()) << coders.status();
  ASSERT_EQ(coders->size(), 4u);
  for (const CoderAgreement& coder : *coders) {
    CodeTable others;
    others.coders = 3;
    others.category_values = table.category_values;
    for (size_t unit = 0; unit < table.units(); ++unit) {
      for (size_t c = 0; c < 4; ++c) {
        if (c != coder.coder) others.codes.push_back(table.code(unit, c));
      }
    }
    const double without = *KrippendorffAlpha(others, MeasurementLevel::kOrdinal)->estimate.value;
    ExpectFigure(coder.alpha_without, without);
    ExpectNearRel(*coder.alpha_change, all - without, 1e-10);
    EXPECT_EQ(coder.codes + coder.missing, 12);
  }
  EXPECT_THAT((*coders)[0].by_category, ElementsAre(3, 3, 2, 1, 0));
}

TEST(AgreementByCoderTest, ComparesWithTheMajorityOfTheOthers) {
  // By hand. Coder 0 against the majority of 1 and 2:
  //   0|00 -> 0,0   1|00 -> 1,0   1|01 -> no majority   .|11 -> not coded   1|1. -> 1,1 (one other is a majority)
  const auto table = CodeTableFromCategories(
      std::vector<std::vector<std::optional<int>>>{
          {0, 0, 0}, {1, 0, 0}, {1, 0, 1}, {std::nullopt, 1, 1}, {1, 1, std::nullopt}},
      2);
  const auto coders = AgreementByCoder(*table);
  const CoderAgreement& first = (*coders)[0];
  EXPECT_EQ(first.codes, 4);
  EXPECT_EQ(first.missing, 1);
  EXPECT_EQ(first.units_against_majority, 3);
  EXPECT_EQ(first.units_without_majority, 1);
  ExpectFigure(first.percent_of_majority.value, 2.0 / 3);
  // Cross table {{1, 0}, {1, 1}}: observed 2/3, expected 4/9.
  ExpectFigure(first.cohen_with_majority.estimate.value, (2.0 / 3 - 4.0 / 9) / (5.0 / 9));
}

TEST(IntraCoderAgreementTest, IsTheAgreementOfTwoPasses) {
  // The pair (0, 0) in two parts.
  const std::vector<RepeatCount> repeats = {{0, 0, 19}, {0, 1, 5}, {1, 0, 10}, {1, 1, 15}, {0, 0}, {1, std::nullopt}};
  const auto intra = IntraCoderAgreement(repeats, 2);
  ASSERT_TRUE(intra.ok()) << intra.status();
  EXPECT_EQ(intra->units, 50);
  EXPECT_EQ(intra->only_a, 1);
  ExpectFigure(intra->percent.value, 0.7);
  ExpectFigure(intra->cohen.estimate.value, 0.4);  // by hand: (0.7 - 0.5) / (1 - 0.5)
  // AC1 by hand: shares (25 + 30)/100 and 45/100; pe = 2 * .55 * .45.
  ExpectFigure(intra->gwet.estimate.value, (0.7 - 0.495) / (1 - 0.495));
  EXPECT_THAT(intra->confusion, ElementsAre(ElementsAre(20, 5), ElementsAre(10, 15)));
  EXPECT_EQ(intra->a, 0u);
  EXPECT_EQ(intra->b, 1u);
  EXPECT_EQ(intra->cohen.units_left_out, 1);
}

// A table of the two passes, by the function for two coders.
TEST(IntraCoderAgreementTest, EqualsThePairOfATable) {
  const std::vector<std::vector<std::optional<int>>> rows = {
      {0, 0}, {0, 1}, {1, 3}, {2, 2}, {3, 2}, {3, 3}, {1, 1}, {2, std::nullopt}, {std::nullopt, std::nullopt}};
  std::vector<RepeatCount> repeats;
  for (const auto& row : rows) repeats.push_back({row[0], row[1]});
  const auto table = CodeTableFromCategories(rows, 4);
  for (const AgreementWeights weights : {AgreementWeights::kNone, AgreementWeights::kLinear}) {
    const auto pair = AgreementOfPair(*table, 0, 1, weights);
    const auto intra = IntraCoderAgreement(repeats, 4, weights);
    ASSERT_TRUE(pair.ok() && intra.ok()) << pair.status() << intra.status();
    EXPECT_EQ(intra->confusion, pair->confusion);
    EXPECT_EQ(intra->neither, pair->neither);
    EXPECT_EQ(*intra->cohen.estimate.value, *pair->cohen.estimate.value);
    EXPECT_EQ(intra->cohen.estimate.interval->lower, pair->cohen.estimate.interval->lower);
    EXPECT_EQ(*intra->scott.estimate.value, *pair->scott.estimate.value);
    EXPECT_EQ(*intra->gwet.estimate.value, *pair->gwet.estimate.value);
  }
}

TEST(IntraCoderAgreementTest, TooManyCategoriesLeaveTheShareOfEqualOnes) {
  const size_t categories = CodeTable::kMaxCategories + 1;
  const std::vector<RepeatCount> repeats = {{0, 0, 3}, {7, 1000, 1}, {std::nullopt, 1000, 2}};
  const auto intra = IntraCoderAgreement(repeats, categories);
  ASSERT_TRUE(intra.ok()) << intra.status();
  EXPECT_EQ(intra->units, 4);
  EXPECT_EQ(intra->only_b, 2);
  ExpectFigure(intra->percent.value, 0.75);
  for (const AgreementResult* result : {&intra->cohen, &intra->scott, &intra->gwet}) {
    ExpectUndefined(result->estimate.value, Undefined::kTooLarge);
    ExpectNoInterval(result->estimate, Undefined::kTooLarge);
    EXPECT_EQ(result->units_left_out, 2);
  }
  EXPECT_TRUE(intra->confusion.empty());
}

}  // namespace
}  // namespace plumbline::stats
