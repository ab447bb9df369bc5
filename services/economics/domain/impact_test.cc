#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "common/base/error.h"
#include "economics/domain/did.h"
#include "economics/domain/ledger_check.h"
#include "economics/domain/monetisation.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::HasSubstr;

// Focus on Practice, Table 8: the estimate from the printed cells, and what the rounding of the cells can reach.
struct Row {
  const char* outcome;
  GroupMeans means;
  double from_cells;
  double printed;
};

class FocusOnPractice : public ::testing::TestWithParam<Row> {};

TEST_P(FocusOnPractice, EstimateFromPrintedCells) {
  const auto did = EstimateDid(GetParam().means, /*lower_is_better=*/true);
  ASSERT_TRUE(did.ok());
  EXPECT_NEAR(did->estimate, GetParam().from_cells, 1e-9);
  EXPECT_LE(did->reachable_low, GetParam().printed + 0.05);
  EXPECT_GE(did->reachable_high, GetParam().printed - 0.05);
}

INSTANTIATE_TEST_SUITE_P(Table8, FocusOnPractice,
                         ::testing::Values(Row{"looked after", {47.7, 48.0, 51.3, 59.9, 0.1}, 8.3, 8.3},
                                           Row{"protection plans", {35.4, 22.4, 34.3, 35.2, 0.1}, 13.9, 13.9},
                                           Row{"in need", {417.7, 341.9, 323.3, 353.4, 0.1}, 105.9, 106.0},
                                           Row{"turnover", {17.9, 16.1, 16.8, 18.6, 0.1}, 3.6, 3.6},
                                           Row{"vacancy", {7.7, 9.0, 19.0, 22.8, 0.1}, 2.5, 2.5},
                                           Row{"absence", {2.9, 1.9, 2.3, 2.2, 0.1}, 0.9, 1.0},
                                           Row{"agency", {10.4, 10.6, 15.4, 24.4, 0.1}, 8.8, 8.8}));

// Card and Krueger 1994, Table 3: employment in New Jersey (treated) and Pennsylvania, where higher is better. The
// paper prints 2.76; its printed means give 2.75.
TEST(EstimateDid, CardAndKrueger) {
  const auto did = EstimateDid({20.44, 21.03, 23.33, 21.17, 0.01}, /*lower_is_better=*/false);
  ASSERT_TRUE(did.ok());
  EXPECT_NEAR(did->estimate, 2.75, 1e-9);
  EXPECT_LT(did->reachable_low, 2.76);
  EXPECT_GT(did->reachable_high, 2.76);
  EXPECT_NEAR(EstimateDid({20.44, 21.03, 23.33, 21.17, 0}, true)->estimate, -2.75, 1e-9);
  EXPECT_FALSE(EstimateDid({std::nan(""), 1, 1, 1, 0}, true).ok());
  EXPECT_FALSE(EstimateDid({1, 1, 1, 1, -1}, true).ok());
}

AuthorityRow Authority(const char* name, DidGroup group, DidPeriod period, double value, double weight) {
  return {name, group, period, value, weight};
}

std::vector<AuthorityRow> Rows() {
  using G = DidGroup;
  using T = DidPeriod;
  return {Authority("a", G::kTreated, T::kBefore, 10, 100),    Authority("a", G::kTreated, T::kAfter, 8, 200),
          Authority("b", G::kTreated, T::kBefore, 40, 300),    Authority("b", G::kTreated, T::kAfter, 32, 200),
          Authority("c", G::kComparison, T::kBefore, 30, 500), Authority("c", G::kComparison, T::kAfter, 33, 700)};
}

TEST(EstimateDidFromAuthorities, WeighsEachPeriodByItself) {
  const auto did = EstimateDidFromAuthorities(Rows(), true);
  ASSERT_TRUE(did.ok()) << did.status();
  EXPECT_DOUBLE_EQ(did->did.means.treated_before, (10 * 100 + 40 * 300) / 400.0);
  EXPECT_DOUBLE_EQ(did->did.means.treated_after, (8 * 200 + 32 * 200) / 400.0);
  EXPECT_DOUBLE_EQ(did->did.estimate, 3 - (20 - 32.5));
  EXPECT_EQ(did->treated_authorities, 2);
  EXPECT_EQ(did->comparison_authorities, 1);
}

TEST(EstimateDidFromAuthorities, OrderAndWeightScaleDoNotMatter) {
  const double expected = EstimateDidFromAuthorities(Rows(), true)->did.estimate;
  std::vector<AuthorityRow> rows = Rows();
  std::mt19937 random(3);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(rows.begin(), rows.end(), random);
    EXPECT_NEAR(EstimateDidFromAuthorities(rows, true)->did.estimate, expected, 1e-9);
  }
  for (AuthorityRow& row : rows) row.weight *= 1000;
  EXPECT_NEAR(EstimateDidFromAuthorities(rows, true)->did.estimate, expected, 1e-9);
}

TEST(EstimateDidFromAuthorities, RefusesBrokenPanels) {
  using G = DidGroup;
  using T = DidPeriod;
  const auto refused = [](std::vector<AuthorityRow> rows, const char* rule) {
    const auto did = EstimateDidFromAuthorities(rows, true);
    EXPECT_EQ(did.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(did.status().message()), HasSubstr(rule));
  };
  refused({}, "rows");
  std::vector<AuthorityRow> rows = Rows();
  rows.push_back(Authority("a", G::kTreated, T::kAfter, 8, 200));
  refused(rows, "after: value \"a\": must stand once in each period");
  rows = Rows();
  rows[1].group = G::kComparison;
  refused(rows, "rows[1].treated");
  rows = Rows();
  rows.pop_back();
  refused(rows, "period after");
  rows = Rows();
  rows.resize(4);
  refused(rows, "comparison authority");
  rows = Rows();
  rows[2].weight = 0;
  refused(rows, "rows[2].weight: value \"0\"");
  rows[2].weight = 1.0000001e12;  // not shown rounded to the limit
  refused(rows, "1000000100000");
  rows = Rows();
  rows[2].value = std::nan("");
  refused(rows, "rows[2].value");
}

// Focus on Practice, Appendix 4, with the unit values as printed there.
BenefitsInput Appendix4() {
  return {.streams = {{"looked-after", "Looked after", 8.3, 10000, 74317, 1, 188300, "Appendix 4"},
                      {"plans", "Plans", 13.9, 10000, 74317, 1, 14700, "Appendix 4"},
                      {"in-need", "In need", 106.0, 10000, 74317, 1, 1260, "Appendix 4"},
                      {"agency", "Agency", 8.8, 100, 426, 0.1, 22700, "Appendix 4"}},
          .programme_cost = 7'950'000,
          .price_year = 2019};
}

TEST(ValueBenefits, FocusOnPracticeChain) {
  const auto value = ValueBenefits(Appendix4());
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_NEAR(value->streams[0].cases_unrounded, 61.68311, 1e-5);
  EXPECT_EQ(value->streams[0].cases, 62);
  EXPECT_NEAR(value->streams[0].value, 11'674'600, 1e-3);  // printed 11.7 million
  EXPECT_EQ(value->streams[1].cases, 103);
  EXPECT_NEAR(value->streams[1].value, 1'514'100, 1e-3);  // printed 1.51 million
  EXPECT_EQ(value->streams[2].cases, 788);
  EXPECT_NEAR(value->streams[2].value, 992'880, 1e-3);  // printed 992,900
  EXPECT_NEAR(value->streams[3].cases, 37.5, 1e-9);
  EXPECT_NEAR(value->streams[3].value, 851'250, 1e-3);  // printed 852,600
  EXPECT_NEAR(value->total, 15'032'830, 1e-2);
  EXPECT_NEAR(value->ratio, 1.8909, 5e-5);
  EXPECT_NEAR(value->net, 7'082'830, 1e-2);
  EXPECT_LT(value->unrounded_total, value->total);
  double shares = 0;
  for (const StreamValue& stream : value->streams) shares += *stream.share;
  EXPECT_NEAR(shares, 1, 1e-12);
}

TEST(ValueBenefits, LedgerGivesTheSameSums) {
  const auto ledger = Ledger::Build(BenefitsLedger(Appendix4()));
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  const auto report = CheckLedger(*ledger);
  ASSERT_TRUE(report.ok());
  const auto value = ValueBenefits(Appendix4());
  EXPECT_DOUBLE_EQ(report->nodes[*ledger->Find("total_benefit")].value, value->total);
  EXPECT_DOUBLE_EQ(report->nodes[*ledger->Find("total_benefit")].unrounded, value->unrounded_total);
  EXPECT_DOUBLE_EQ(report->nodes[*ledger->Find("benefit_cost_ratio")].value, value->ratio);
  EXPECT_DOUBLE_EQ(report->nodes[*ledger->Find("cases_looked_after")].carried, 62);
}

TEST(ValueBenefits, SharesOfMixedSignsAreNotGiven) {
  BenefitsInput input = Appendix4();
  input.streams[3].difference = -8.8;
  const auto value = ValueBenefits(input);
  ASSERT_TRUE(value.ok());
  EXPECT_FALSE(value->streams[0].share.has_value());
  input = Appendix4();
  for (BenefitStream& stream : input.streams) stream.difference = 0;
  EXPECT_FALSE(ValueBenefits(input)->streams[0].share.has_value());
}

TEST(ValueBenefits, NamesEveryField) {
  BenefitsInput bad;
  bad.streams = {{"", "", std::nan(""), 0, -1, -1, -1, ""}};
  bad.price_year = 3;
  const auto detail = GetErrorDetail(ValueBenefits(bad).status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->violations.size(), 9u);
  bad = Appendix4();
  bad.streams[1].id = bad.streams[0].id;
  EXPECT_THAT(std::string(ValueBenefits(bad).status().message()), HasSubstr("once"));
}

}  // namespace
}  // namespace plumbline::economics
