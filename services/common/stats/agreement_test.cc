#include "common/stats/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/stats/random.h"
#include "common/stats/stats_test_util.h"
#include "common/stats/test_agreement_tables.h"

namespace plumbline::stats {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace plumbline::stats
