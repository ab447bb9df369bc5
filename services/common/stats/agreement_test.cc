#include "common/stats/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "common/base/csv.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::HasSubstr;

constexpr std::optional<double> kNo = std::nullopt;
using Rows = std::vector<std::vector<std::optional<double>>>;

CodeTable Table(const Rows& rows) {
  auto table = CodeTableFromValues(rows);
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

// Krippendorff's "C" data: 12 units, 4 coders (Krippendorff 2011; irr's kripp.alpha, irrCAC's cac.raw4raters).
CodeTable DataC() {
  return Table({{1, 1, kNo, 1},
                {2, 2, 3, 2},
                {3, 3, 3, 3},
                {3, 3, 3, 3},
                {2, 2, 2, 2},
                {1, 2, 3, 4},
                {4, 4, 4, 4},
                {1, 1, 2, 1},
                {2, 2, 2, 2},
                {kNo, 5, 5, 5},
                {kNo, kNo, 1, 1},
                {kNo, kNo, 3, kNo}});
}

// 15 units, 3 coders: the sample of fast-krippendorff.
CodeTable DataFast() {
  return Table({{kNo, 1, kNo},
                {kNo, kNo, kNo},
                {kNo, 2, 2},
                {kNo, 1, 1},
                {kNo, 3, 3},
                {3, 3, 4},
                {4, 4, 4},
                {1, 3, kNo},
                {2, kNo, 2},
                {1, kNo, 1},
                {1, kNo, 1},
                {3, kNo, 3},
                {3, kNo, 3},
                {kNo, kNo, kNo},
                {3, kNo, 4}});
}

// Fleiss (1971): 30 patients, 6 raters; how many raters chose each of five diagnoses.
const std::vector<std::vector<int>> kFleiss1971 = {
    {0, 0, 0, 6, 0}, {0, 3, 0, 0, 3}, {0, 1, 4, 0, 1}, {0, 0, 0, 0, 6}, {0, 3, 0, 3, 0}, {2, 0, 4, 0, 0},
    {0, 0, 4, 0, 2}, {2, 0, 3, 1, 0}, {2, 0, 0, 4, 0}, {0, 0, 0, 0, 6}, {1, 0, 0, 5, 0}, {1, 1, 0, 4, 0},
    {0, 3, 3, 0, 0}, {1, 0, 0, 5, 0}, {0, 2, 0, 3, 1}, {0, 0, 5, 0, 1}, {3, 0, 0, 1, 2}, {5, 1, 0, 0, 0},
    {0, 2, 0, 4, 0}, {1, 0, 2, 0, 3}, {0, 0, 0, 0, 6}, {0, 1, 0, 5, 0}, {0, 2, 0, 1, 3}, {2, 0, 0, 4, 0},
    {1, 0, 0, 4, 1}, {0, 5, 0, 1, 0}, {4, 0, 0, 0, 2}, {0, 2, 0, 4, 0}, {1, 0, 5, 0, 0}, {0, 0, 0, 0, 6}};

CodeTable FromDistribution(const std::vector<std::vector<int>>& counts, size_t units) {
  std::vector<std::vector<std::optional<int>>> rows;
  for (size_t unit = 0; unit < units; ++unit) {
    std::vector<std::optional<int>> row;
    for (size_t category = 0; category < counts[unit].size(); ++category) {
      row.insert(row.end(), static_cast<size_t>(counts[unit][category]), static_cast<int>(category));
    }
    rows.push_back(row);
  }
  auto table = CodeTableFromCategories(rows, counts[0].size());
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

// The units of a cross table, written out.
CodeTable FromCrossTable(const std::vector<std::vector<double>>& counts) {
  std::vector<std::vector<std::optional<int>>> rows;
  for (size_t i = 0; i < counts.size(); ++i) {
    for (size_t j = 0; j < counts.size(); ++j) {
      rows.insert(rows.end(), static_cast<size_t>(counts[i][j]), {static_cast<int>(i), static_cast<int>(j)});
    }
  }
  return *CodeTableFromCategories(rows, counts.size());
}

TEST(KrippendorffAlphaTest, MatchesPublishedValues) {
  // Published .743, .815, .849, .797; further digits: reference/expected.txt, by pairs of codes.
  ExpectFigure(KrippendorffAlpha(DataC(), MeasurementLevel::kNominal)->estimate.value, 0.743421052631579);
  ExpectFigure(KrippendorffAlpha(DataC(), MeasurementLevel::kOrdinal)->estimate.value, 0.815387503754881);
  ExpectFigure(KrippendorffAlpha(DataC(), MeasurementLevel::kInterval)->estimate.value, 0.849107142857143);
  ExpectFigure(KrippendorffAlpha(DataC(), MeasurementLevel::kRatio)->estimate.value, 0.797402774711615);
  // Published 0.691358 and 0.810845.
  ExpectFigure(KrippendorffAlpha(DataFast(), MeasurementLevel::kNominal)->estimate.value, 0.691358024691358);
  ExpectFigure(KrippendorffAlpha(DataFast(), MeasurementLevel::kInterval)->estimate.value, 0.810844892812106);
  ExpectFigure(KrippendorffAlpha(DataFast(), MeasurementLevel::kOrdinal)->estimate.value, 0.806721419941315);
  ExpectFigure(KrippendorffAlpha(DataFast(), MeasurementLevel::kRatio)->estimate.value, 0.808943670784247);
  EXPECT_EQ(KrippendorffAlpha(DataC())->units, 11);
  EXPECT_EQ(KrippendorffAlpha(DataC())->units_left_out, 1);
}

TEST(KrippendorffAlphaTest, IntervalDoesNotChangeWithUnitAndOrigin) {
  CodeTable moved = DataC();
  for (double& value : moved.category_values) value = 7 * value - 100;
  ExpectFigure(KrippendorffAlpha(moved, MeasurementLevel::kInterval)->estimate.value, 0.849107142857143);
  const auto negative = KrippendorffAlpha(moved, MeasurementLevel::kRatio);
  EXPECT_THAT(std::string(negative.status().message()), HasSubstr("ratio"));
}

TEST(FleissKappaTest, MatchesFleiss1971) {
  const auto result = FleissKappa(FromDistribution(kFleiss1971, 30));
  ASSERT_TRUE(result.ok()) << result.status();
  // irr, kappam.fleiss(diagnoses): 0.4302445, z 17.65183.
  ExpectPrinted(result->estimate.value, 0.4302445, 7);
  ASSERT_TRUE(result->z.has_value());
  ExpectPrinted(Figure::Of(*result->z), 17.65183, 5);
  EXPECT_LT(*result->p, 1e-60);
  EXPECT_EQ(result->units, 30);
}

TEST(AgreementTest, MatchesIrrCacOnFleissFirst15) {
  // irrCAC README, distrib.6raters: the first 15 patients of Fleiss (1971). AC1, Fleiss, Brennan-Prediger with standard
  // errors, intervals and the parts they are made of.
  const CodeTable table = FromDistribution(kFleiss1971, 15);
  const auto ac1 = GwetAc(table);
  ExpectPrinted(ac1->estimate.value, 0.4448007, 7);
  ExpectPrinted(ac1->estimate.standard_error, 0.08418757, 8);
  ExpectPrinted(ac1->observed, 0.5511111, 7);
  ExpectPrinted(ac1->expected, 0.1914815, 7);
  ExpectPrinted(Figure::Of(ac1->estimate.interval->lower), 0.264, 3);
  ExpectPrinted(Figure::Of(ac1->estimate.interval->upper), 0.625, 3);
  const auto fleiss = FleissKappa(table);
  ExpectPrinted(fleiss->estimate.value, 0.4139265, 7);
  ExpectPrinted(fleiss->estimate.standard_error, 0.08119291, 8);
  ExpectPrinted(fleiss->expected, 0.2340741, 7);
  const auto uniform = BrennanPrediger(table);
  ExpectPrinted(uniform->estimate.value, 0.4388889, 7);
  ExpectPrinted(uniform->estimate.standard_error, 0.08312142, 8);
  ExpectPrinted(KrippendorffAlpha(table)->estimate.value, 0.4204384, 7);
}

TEST(AgreementTest, MatchesIrrCacWithMissingCodes) {
  const CodeTable table = DataC();
  const auto ac1 = GwetAc(table);
  ExpectPrinted(ac1->estimate.value, 0.77544, 5);
  ExpectPrinted(ac1->estimate.standard_error, 0.14295, 5);
  ExpectPrinted(ac1->expected, 0.1903212, 7);
  ExpectPrinted(Figure::Of(ac1->estimate.interval->lower), 0.461, 3);
  EXPECT_EQ(ac1->estimate.interval->upper, 1);
  const auto uniform = BrennanPrediger(table);
  ExpectPrinted(uniform->estimate.value, 0.77273, 5);
  ExpectPrinted(uniform->estimate.standard_error, 0.14472, 5);
  const auto percent = ComputePercentAgreement(table);
  ExpectPrinted(percent->pairwise, 0.8181818, 7);
  EXPECT_EQ(percent->units_compared, 11);
  EXPECT_EQ(percent->unanimous, 8);
  ExpectFigure(percent->unanimous_share, 8.0 / 11);
  // reference/expected.txt, by loops over pairs of coders.
  ExpectFigure(GwetAc(table, AgreementWeights::kQuadratic)->estimate.value, 0.914000723551605);
  ExpectFigure(BrennanPrediger(table, AgreementWeights::kQuadratic)->estimate.value, 0.901515151515151);
  // Fleiss needs complete rows: 8 of the 12.
  EXPECT_EQ(FleissKappa(table)->units, 8);
  EXPECT_EQ(FleissKappa(table)->units_left_out, 4);
}

TEST(AgreementTest, MatchesIrrCacOnTwoCoders) {
  // irrCAC README, cont3x3abstractors. For cross tables irrCAC divides the variance by n, for rows by n - 1 as we do.
  const auto over_n = [](const Figure& standard_error) { return Figure::Of(*standard_error * std::sqrt(99.0 / 100)); };
  const std::vector<std::vector<double>> counts = {{13, 0, 0}, {0, 20, 7}, {0, 4, 56}};
  const CodeTable table = FromCrossTable(counts);
  ExpectPrinted(CohenKappa(table, 0, 1)->estimate.value, 0.7964094, 7);
  ExpectPrinted(ScottPi(table, 0, 1)->estimate.value, 0.7962397, 7);
  ExpectPrinted(over_n(ScottPi(table, 0, 1)->estimate.standard_error), 0.05905473, 8);
  ExpectPrinted(GwetAc(table)->estimate.value, 0.8493305, 7);
  ExpectPrinted(over_n(GwetAc(table)->estimate.standard_error), 0.04321747, 8);
  ExpectPrinted(BrennanPrediger(table)->estimate.value, 0.835, 7);
  ExpectPrinted(over_n(BrennanPrediger(table)->estimate.standard_error), 0.04693346, 8);
  ExpectPrinted(KrippendorffAlpha(table)->estimate.value, 0.7972585, 7);
  ExpectPrinted(ComputePercentAgreement(table)->pairwise, 0.89, 7);
}

const std::vector<std::vector<double>> kCohenCounts = {{0, 4, 1}, {0, 8, 0}, {0, 1, 5}};

TEST(CohenKappaTest, MatchesPublishedTable) {
  // Published (vcd, Kappa): 0.4842, ASE 0.1380, 0.2137 to 0.7547; linear weights 0.4701, ASE 0.1457.
  const auto plain = CohenKappaFromCounts(kCohenCounts);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->units, 19);
  ExpectFigure(plain->estimate.value, 0.4841628959276017);
  ExpectFigure(plain->estimate.standard_error, std::sqrt(0.0190477477967752), 1e-10);  // psych, cohen.kappa
  ExpectPrinted(plain->estimate.standard_error, 0.1380, 4);
  ExpectPrinted(Figure::Of(plain->estimate.interval->lower), 0.2137, 4);
  ExpectPrinted(Figure::Of(plain->estimate.interval->upper), 0.7547, 4);
  const auto linear = CohenKappaFromCounts(kCohenCounts, AgreementWeights::kLinear);
  ExpectFigure(linear->estimate.value, 0.4701195219123507);
  ExpectPrinted(linear->estimate.standard_error, 0.1457, 4);
  const auto quadratic = CohenKappaFromCounts(kCohenCounts, AgreementWeights::kQuadratic);
  ExpectFigure(quadratic->estimate.value, 0.4501607717041802);
}

TEST(CohenKappaTest, TableOfCodesAndTableOfCountsAgree) {
  const CodeTable table = FromCrossTable(kCohenCounts);
  for (const auto weights : {AgreementWeights::kNone, AgreementWeights::kLinear, AgreementWeights::kQuadratic}) {
    const auto codes = CohenKappa(table, 0, 1, weights);
    const auto counts = CohenKappaFromCounts(kCohenCounts, weights);
    EXPECT_EQ(codes->estimate.value.value, counts->estimate.value.value);
    EXPECT_EQ(codes->estimate.standard_error.value, counts->estimate.standard_error.value);
    EXPECT_EQ(codes->p, counts->p);
    // Kappa does not depend on which coder comes first.
    ExpectNearRel(*CohenKappa(table, 1, 0, weights)->estimate.value, *codes->estimate.value, 1e-14);
  }
}

TEST(CohenKappaTest, WeightsDoNotMatterWithTwoCategories) {
  const std::vector<std::vector<double>> counts = {{20, 5}, {10, 15}};
  const auto plain = CohenKappaFromCounts(counts);
  ExpectFigure(plain->estimate.value, 0.4);  // by hand: (0.7 - 0.5) / (1 - 0.5)
  ExpectFigure(CohenKappaFromCounts(counts, AgreementWeights::kQuadratic)->estimate.value, 0.4);
  // Null standard error by hand: pe = 0.5, margins .5/.5 and .6/.4; sqrt((.5 + .25 - .5) / (50 * .25)).
  ExpectNearRel(*plain->null_standard_error, std::sqrt((0.5 + 0.25 - (0.5 * 0.6 * 1.1 + 0.5 * 0.4 * 0.9)) / 12.5),
                1e-12);
}

struct Measured {
  const char* name;
  AgreementSpec spec;
};

std::vector<Measured> EveryMeasure() {
  using M = AgreementMeasure;
  using W = AgreementWeights;
  using L = MeasurementLevel;
  return {{"percent", {M::kPairwisePercent, W::kNone, L::kNominal, 0, 1}},
          {"cohen", {M::kCohenKappa, W::kNone, L::kNominal, 1, 2}},
          {"cohen linear", {M::kCohenKappa, W::kLinear, L::kNominal, 0, 3}},
          {"scott", {M::kScottPi, W::kNone, L::kNominal, 2, 3}},
          {"fleiss", {M::kFleissKappa, W::kNone, L::kNominal, 0, 1}},
          {"ac1", {M::kGwetAc, W::kNone, L::kNominal, 0, 1}},
          {"ac2", {M::kGwetAc, W::kQuadratic, L::kNominal, 0, 1}},
          {"brennan-prediger", {M::kBrennanPrediger, W::kNone, L::kNominal, 0, 1}},
          {"alpha nominal", {M::kKrippendorffAlpha, W::kNone, L::kNominal, 0, 1}},
          {"alpha ordinal", {M::kKrippendorffAlpha, W::kNone, L::kOrdinal, 0, 1}},
          {"alpha interval", {M::kKrippendorffAlpha, W::kNone, L::kInterval, 0, 1}},
          {"alpha ratio", {M::kKrippendorffAlpha, W::kNone, L::kRatio, 0, 1}}};
}

Figure Point(const CodeTable& table, const AgreementSpec& spec) {
  switch (spec.measure) {
    case AgreementMeasure::kPairwisePercent:
      return ComputePercentAgreement(table)->pairwise;
    case AgreementMeasure::kCohenKappa:
      return CohenKappa(table, spec.a, spec.b, spec.weights)->estimate.value;
    case AgreementMeasure::kScottPi:
      return ScottPi(table, spec.a, spec.b)->estimate.value;
    case AgreementMeasure::kFleissKappa:
      return FleissKappa(table)->estimate.value;
    case AgreementMeasure::kGwetAc:
      return GwetAc(table, spec.weights)->estimate.value;
    case AgreementMeasure::kBrennanPrediger:
      return BrennanPrediger(table, spec.weights)->estimate.value;
    case AgreementMeasure::kKrippendorffAlpha:
      return KrippendorffAlpha(table, spec.level)->estimate.value;
  }
  return {};
}

// The units of `table` at `indices`, as a table of their own.
CodeTable Pick(const CodeTable& table, const std::vector<uint32_t>& indices) {
  CodeTable picked;
  picked.coders = table.coders;
  picked.category_values = table.category_values;
  for (const uint32_t unit : indices) {
    for (size_t coder = 0; coder < table.coders; ++coder) picked.codes.push_back(table.code(unit, coder));
  }
  return picked;
}

TEST(AgreementTest, AllCodesEqualIsLackOfVariation) {
  const CodeTable same = *CodeTableFromCategories(
      std::vector<std::vector<std::optional<int>>>{{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, std::nullopt, 1}}, 3);
  const CodeTable one_category =
      *CodeTableFromCategories(std::vector<std::vector<std::optional<int>>>{{0, 0, 0, 0}, {0, 0, 0, 0}}, 1);
  for (const Measured& m : EveryMeasure()) {
    SCOPED_TRACE(m.name);
    if (m.spec.measure == AgreementMeasure::kPairwisePercent) {
      ExpectFigure(Point(same, m.spec), 1);
      continue;
    }
    ExpectUndefined(Point(same, m.spec), Undefined::kNoVariation);
    ExpectUndefined(Point(one_category, m.spec), Undefined::kNoVariation);
    const auto bootstrap = BootstrapAgreement(same, m.spec, {.seed = 1, .replicates = 50});
    EXPECT_EQ(bootstrap->undefined_replicates, 50u);
    EXPECT_FALSE(bootstrap->interval.has_value());
    EXPECT_EQ(bootstrap->interval_reason, Undefined::kUnstableResamples);
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

TEST(AgreementTest, PerfectAgreementHasAValueButNoAnalyticInterval) {
  const CodeTable perfect =
      *CodeTableFromCategories(std::vector<std::vector<std::optional<int>>>{{0, 0}, {1, 1}, {0, 0}, {2, 2}}, 3);
  for (const auto& result : {CohenKappa(perfect, 0, 1), ScottPi(perfect, 0, 1), FleissKappa(perfect), GwetAc(perfect),
                             BrennanPrediger(perfect)}) {
    ExpectFigure(result->estimate.value, 1);
    ExpectUndefined(result->estimate.standard_error, Undefined::kAtLimit);
    ExpectNoInterval(result->estimate, Undefined::kAtLimit);
  }
  ExpectFigure(KrippendorffAlpha(perfect)->estimate.value, 1);
}

TEST(AgreementTest, OrderOfUnitsChangesNoDigit) {
  const CodeTable table = DataC();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const CodeTable shuffled = Pick(table, Permutation(12, seed, 0));
    for (const Measured& m : EveryMeasure()) EXPECT_EQ(Point(table, m.spec).value, Point(shuffled, m.spec).value);
  }
}

TEST(BootstrapAgreementTest, EveryReplicateIsTheMeasureOfItsOwnSample) {
  // Second route: draw the same units, write the table out, and compute the measure from nothing.
  const CodeTable table = DataC();
  for (const Measured& m : EveryMeasure()) {
    SCOPED_TRACE(m.name);
    const auto replicates = BootstrapAgreementReplicates(table, m.spec, 77, 5, 0, 60, 2);
    ASSERT_TRUE(replicates.ok()) << replicates.status();
    for (uint32_t r = 0; r < 60; ++r) {
      RandomStream random(77, 5, r);
      std::vector<uint32_t> indices(table.units());
      for (uint32_t& index : indices) index = random.UniformU32(12);
      const Figure expected = Point(Pick(table, indices), m.spec);
      ASSERT_EQ((*replicates)[r].has_value(), expected.defined()) << r;
      if (expected.defined()) ExpectNearRel(*(*replicates)[r], *expected, 1e-12);
    }
  }
}

TEST(BootstrapAgreementTest, IsBitIdenticalForAnyNumberOfThreadsAndChunks) {
  const CodeTable table = FromDistribution(kFleiss1971, 30);
  const AgreementSpec spec;
  const auto one = BootstrapAgreement(table, spec, {.seed = 9, .stream = 2, .replicates = 999, .threads = 1});
  ASSERT_TRUE(one->interval.has_value());
  for (const unsigned threads : {2u, 3u, 7u}) {
    const auto many = BootstrapAgreement(table, spec, {.seed = 9, .stream = 2, .replicates = 999, .threads = threads});
    EXPECT_EQ(many->mean.value, one->mean.value);
    EXPECT_EQ(many->standard_error.value, one->standard_error.value);
    EXPECT_EQ(many->interval->lower, one->interval->lower);
    EXPECT_EQ(many->interval->upper, one->interval->upper);
  }
  std::vector<std::optional<double>> joined;
  for (const auto& [first, count] : std::vector<std::pair<uint32_t, uint32_t>>{{0, 100}, {100, 898}, {998, 1}}) {
    const auto chunk = BootstrapAgreementReplicates(table, spec, 9, 2, first, count, 2);
    joined.insert(joined.end(), chunk->begin(), chunk->end());
  }
  const auto split = SummariseReplicates(joined, 0.95);
  EXPECT_EQ(split->interval->lower, one->interval->lower);
  EXPECT_EQ(split->mean.value, one->mean.value);
  // It describes the same spread as the analytic standard error of Fleiss' kappa on these complete data.
  EXPECT_NEAR(*one->standard_error, *FleissKappa(table)->estimate.standard_error, 0.01);
}

TEST(CodeTableTest, RefusesBadTablesByPlace) {
  const auto ragged = CodeTableFromValues(Rows{{1, 2}, {1}});
  EXPECT_THAT(std::string(ragged.status().message()), HasSubstr("codes[1]"));
  const auto nan = CodeTableFromValues(Rows{{1, 2}, {1, kNaN}});
  EXPECT_THAT(std::string(nan.status().message()), HasSubstr("codes[1][1]"));
  const auto outside = CodeTableFromCategories(std::vector<std::vector<std::optional<int>>>{{0, 2}}, 2);
  EXPECT_THAT(std::string(outside.status().message()), HasSubstr("codes[0][1]"));
  EXPECT_FALSE(CodeTableFromCategories(std::vector<std::vector<std::optional<int>>>{{-1}}, 2).ok());
  EXPECT_FALSE(CodeTableFromCategories({}, CodeTable::kMaxCategories + 1).ok());
  CodeTable table = DataC();
  EXPECT_FALSE(CohenKappa(table, 0, 4).ok());
  EXPECT_FALSE(ScottPi(table, 1, 1).ok());
  table.codes.pop_back();
  EXPECT_FALSE(KrippendorffAlpha(table).ok());
  table = DataC();
  std::swap(table.category_values[0], table.category_values[1]);
  EXPECT_FALSE(GwetAc(table).ok());
  Rows many(1, std::vector<std::optional<double>>(CodeTable::kMaxCategories + 1));
  for (size_t i = 0; i < many[0].size(); ++i) many[0][i] = static_cast<double>(i);
  EXPECT_FALSE(CodeTableFromValues(many).ok());
  EXPECT_FALSE(CohenKappaFromCounts(std::vector<std::vector<double>>{{1, 2}, {3}}).ok());
  EXPECT_FALSE(CohenKappaFromCounts(std::vector<std::vector<double>>{{1, -2}, {3, 1}}).ok());
  EXPECT_FALSE(CohenKappa(DataC(), 0, 1, AgreementWeights::kNone, 95).ok());
}

// Three independent blind codings of 106 real questions, kept outside the repository.
TEST(AgreementTest, ThreeCodingsOf106Questions) {
  const char* shared = std::getenv("PLUMBLINE_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: transcripts/codes.csv is not at hand";
  std::ifstream file(std::string(shared) + "/transcripts/codes.csv");
  if (!file) GTEST_SKIP() << "no transcripts/codes.csv under PLUMBLINE_SHARED";
  std::stringstream text;
  text << file.rdbuf();
  const auto csv = CsvTable::Parse(text.str());
  ASSERT_TRUE(csv.ok()) << csv.status();
  std::map<std::string, std::vector<std::optional<int>>> by_item;
  for (size_t row = 0; row < csv->rows(); ++row) {
    by_item[csv->Cell(row, "blind_item")].push_back(csv->Cell(row, "outcomes_focused") == "1" ? 1 : 0);
  }
  std::vector<std::vector<std::optional<int>>> rows;
  for (const auto& [item, codes] : by_item) rows.push_back(codes);
  const auto table = CodeTableFromCategories(rows, 2);
  ASSERT_TRUE(table.ok()) << table.status();
  ExpectPrinted(KrippendorffAlpha(*table)->estimate.value, 0.881006, 6);
  ExpectPrinted(FleissKappa(*table)->estimate.value, 0.880631, 6);
  const auto percent = ComputePercentAgreement(*table);
  EXPECT_EQ(percent->units_compared, 106);
  EXPECT_EQ(percent->unanimous, 98);
}

}  // namespace
}  // namespace plumbline::stats
