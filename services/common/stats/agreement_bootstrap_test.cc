#include "common/stats/agreement_bootstrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/stats/binomial.h"
#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"
#include "common/stats/test_agreement_tables.h"

namespace plumbline::stats {
namespace {

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

// Three coders who mostly agree, two categories, some codes missing: few distinct rows among many units.
CodeTable ManyUnits(size_t units) {
  CodeTable table;
  table.coders = 3;
  table.category_values = {0, 1};
  RandomStream random(3, 1, 0);
  for (size_t unit = 0; unit < units; ++unit) {
    const auto answer = static_cast<int32_t>(random.UniformU32(4) == 0);
    for (int coder = 0; coder < 3; ++coder) {
      const int32_t code = random.UniformU32(8) == 0 ? 1 - answer : answer;
      table.codes.push_back(random.UniformU32(30) == 0 ? CodeTable::kMissing : code);
    }
  }
  return table;
}

TEST(BootstrapAgreementTest, CountsDrawnAtOnceAreTheCountsOfASample) {
  // The replicate is the measure of the table in which row k of the distinct rows stands as often as the sampler says.
  const CodeTable table = ManyUnits(2000);
  const DistinctRows rows = FoldRows(table);
  const MultinomialSampler sampler(rows.units);
  for (const Measured& m : EveryMeasure()) {
    if (m.spec.a > 2 || m.spec.b > 2) continue;
    SCOPED_TRACE(m.name);
    const auto bootstrap = AgreementBootstrap::Create(table, std::vector<AgreementSpec>{m.spec});
    ASSERT_TRUE(bootstrap.ok()) << bootstrap.status();
    ASSERT_TRUE(bootstrap->draws_counts());
    const auto replicates = *bootstrap->Replicates(11, 4, 20, 3, 1);
    for (uint32_t r = 0; r < 3; ++r) {
      RandomStream random(11, 4, 20 + r);
      std::vector<double> drawn(rows.rows());
      sampler.Draw(random, drawn);
      CodeTable sample;
      sample.coders = 3;
      sample.category_values = table.category_values;
      for (size_t row = 0; row < rows.rows(); ++row) {
        for (int i = 0; i < static_cast<int>(drawn[row]); ++i) {
          for (size_t c = 0; c < 3; ++c) sample.codes.push_back(rows.code(row, c));
        }
      }
      ASSERT_EQ(sample.units(), table.units());
      ExpectNearRel(*replicates[0][r], *Point(sample, m.spec), 1e-12);
    }
  }
}

TEST(BootstrapAgreementTest, CountsDrawnAtOnceSpreadAsUnitsDrawnOneByOne) {
  // The same units resampled by index (bootstrap.h): mean, standard error and limits must agree within their own error.
  const CodeTable table = ManyUnits(1600);
  const DistinctRows rows = FoldRows(table);
  const AgreementSpec spec;
  const uint32_t count = 4000;
  const auto at_once = BootstrapAgreement(table, spec, {.seed = 5, .stream = 1, .replicates = count, .threads = 2});
  const auto one_by_one = BootstrapPercentile(
      table.units(),
      [&](std::span<const uint32_t> indices) {
        return KrippendorffAlpha(Pick(table, {indices.begin(), indices.end()}))->estimate.value.value;
      },
      {.seed = 6, .stream = 2, .replicates = count, .threads = 2});
  ASSERT_TRUE(one_by_one.ok()) << one_by_one.status();
  const double se = *one_by_one->standard_error;
  const double root = std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(*at_once->mean, *one_by_one->mean, 4 * se * std::sqrt(2.0) / root);
  EXPECT_NEAR(*at_once->standard_error, se, 4 * se / root);  // relative error of a standard deviation: 1/sqrt(2 B)
  // A 2.5 % quantile of a normal variable has standard error 2.67 sd / sqrt(B).
  EXPECT_NEAR(at_once->interval->lower, one_by_one->interval->lower, 4 * 2.67 * std::sqrt(2.0) * se / root);
  EXPECT_NEAR(at_once->interval->upper, one_by_one->interval->upper, 4 * 2.67 * std::sqrt(2.0) * se / root);
  // And as the linearised standard error says.
  EXPECT_NEAR(*at_once->standard_error, *KrippendorffAlpha(table)->estimate.standard_error, 0.05 * se);
}

TEST(BootstrapAgreementTest, CountsDrawnAtOnceAreBitIdenticalHoweverSplit) {
  const CodeTable table = ManyUnits(3000);
  const std::vector<AgreementSpec> specs = {
      {}, {.measure = AgreementMeasure::kGwetAc}, {.measure = AgreementMeasure::kFleissKappa}};
  const auto bootstrap = AgreementBootstrap::Create(table, specs);
  ASSERT_TRUE(bootstrap->draws_counts());
  const auto one = *bootstrap->Replicates(1, 2, 0, 500, 1);
  for (const unsigned threads : {2u, 7u}) EXPECT_EQ(*bootstrap->Replicates(1, 2, 0, 500, threads), one);
  // In chunks; with one measure alone; and with the units in another order.
  for (size_t spec = 0; spec < specs.size(); ++spec) {
    std::vector<std::optional<double>> joined;
    for (const auto& [first, count] : std::vector<std::pair<uint32_t, uint32_t>>{{0, 77}, {77, 420}, {497, 3}}) {
      const auto chunk = *bootstrap->Replicates(1, 2, first, count, 2);
      joined.insert(joined.end(), chunk[spec].begin(), chunk[spec].end());
    }
    EXPECT_EQ(joined, one[spec]);
    EXPECT_EQ(*BootstrapAgreementReplicates(table, specs[spec], 1, 2, 0, 500, 3), one[spec]);
    EXPECT_EQ(*BootstrapAgreementReplicates(Pick(table, Permutation(3000, 8, 8)), specs[spec], 1, 2, 0, 500, 1),
              one[spec]);
  }
  EXPECT_NE(*BootstrapAgreementReplicates(table, specs[0], 2, 2, 0, 500, 1), one[0]);
}

TEST(BootstrapAgreementTest, BcaOfAShareIsNearTheExactInterval) {
  // The share of unanimous units is a proportion: BCa must lie between percentile and the exact (Clopper-Pearson)
  // limits in the direction that skewness asks for, and the percentile interval is symmetric in probability.
  const auto table = CodeTableFromCategories(
      [] {
        std::vector<std::vector<std::optional<int>>> rows;
        for (int i = 0; i < 200; ++i) rows.push_back({i % 2, i < 20 ? 1 - i % 2 : i % 2});
        return rows;
      }(),
      2);
  const AgreementSpec spec{.measure = AgreementMeasure::kUnanimousShare};
  const auto result = BootstrapAgreement(*table, spec, {.seed = 2, .replicates = 20'000, .threads = 2});
  ASSERT_TRUE(result->bca.has_value()) << UndefinedText(result->bca_reason);
  // Left-skewed: both limits move down.
  EXPECT_LE(result->bca->lower, result->interval->lower);
  EXPECT_LE(result->bca->upper, result->interval->upper);
  EXPECT_NEAR(result->bca->lower, 0.8494, 0.01);  // R: binom.test(180, 200)$conf.int, 0.8497 to 0.9378
  EXPECT_NEAR(result->bca->upper, 0.9378, 0.01);
}

TEST(BootstrapAgreementTest, RefusesWhatItCannotMeasure) {
  const CodeTable table = DataC();
  EXPECT_FALSE(AgreementBootstrap::Create(table, {}).ok());
  EXPECT_FALSE(BootstrapAgreement(table, {.measure = AgreementMeasure::kCohenKappa, .a = 0, .b = 4}, {}).ok());
  EXPECT_FALSE(BootstrapAgreement(table, {}, {.replicates = 0}).ok());
  EXPECT_FALSE(BootstrapAgreement(table, {}, {.confidence = 1}).ok());
  const auto bootstrap = AgreementBootstrap::Create(table, std::vector<AgreementSpec>(1));
  EXPECT_FALSE(bootstrap->Summarise(1, {}, 0.95).ok());
  EXPECT_FALSE(bootstrap->Replicates(1, 1, kMaxReplicates, 1, 1).ok());
}

}  // namespace
}  // namespace plumbline::stats
