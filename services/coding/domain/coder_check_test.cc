#include "coding/domain/coder_check.h"

#include <string>
#include <utility>
#include <vector>

#include "common/stats/code_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

Frame FrameOf(FrameKind kind) {
  Frame frame;
  frame.kind = kind;
  frame.entries = {{"low", "Low", ""}, {"mid", "Mid", ""}, {"high", "High", ""}};
  frame.rating_min = 1;
  frame.rating_max = 5;
  return frame;
}

Code YesNo(bool yes) { return {yes, "", 1}; }
Code Category(const std::string& entry) {
  Code code;
  code.category = entry;
  return code;
}

Code Number(double value) {
  Code code;
  code.number = value;
  return code;
}

// Fleiss, Cohen and Everitt's kind of table, by hand: 20 both yes, 5 gold yes only, 10 coder yes only, 15 both no.
// Observed 35/50 = 0.7, expected (25*30 + 25*20)/2500 = 0.5, kappa 0.4.
TEST(CoderCheck, KappaOfATwoByTwoTableByHand) {
  const Frame frame = FrameOf(FrameKind::kBinary);
  CoderCheck check(frame);
  const auto add = [&](bool gold, bool given, int times) {
    for (int i = 0; i < times; ++i) check.Add(YesNo(gold), YesNo(given));
  };
  add(true, true, 20);
  add(true, false, 5);
  add(false, true, 10);
  add(false, false, 15);
  const auto figures = check.Figures();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->compared, 50);
  EXPECT_NEAR(*figures->percent, 70.0, 1e-12);
  EXPECT_NEAR(*figures->kappa.value, 0.4, 1e-12);
  EXPECT_EQ(figures->weights, stats::AgreementWeights::kNone);
  EXPECT_TRUE(figures->kappa.interval.has_value());  // an item gives one judgement
  ASSERT_EQ(figures->confusion.size(), 4u);
  EXPECT_EQ(figures->confusion[1].first, std::pair(std::string("no"), std::string("yes")));
  EXPECT_EQ(figures->confusion[1].second, 10);

  EXPECT_FALSE(Passes({}, *figures, 0));
  EXPECT_TRUE(Passes({PassingRule::Measure::kPercent, 70}, *figures, 0));
  EXPECT_FALSE(Passes({PassingRule::Measure::kPercent, 70.1}, *figures, 0));
  EXPECT_TRUE(Passes({PassingRule::Measure::kKappa, 0.39}, *figures, 0));
  EXPECT_FALSE(Passes({PassingRule::Measure::kKappa, 0.41}, *figures, 0));
  EXPECT_FALSE(Passes({PassingRule::Measure::kKappa, 0.39}, *figures, 1));  // an answer is missing
}

// Linear weights over the three entries, by hand. Pairs: low-low, low-mid, mid-high, high-high. Credit 1, 0.5, 0.5, 1:
// observed 0.75. Expected by the margins (gold low 2, mid 1, high 1; given low 1, mid 1, high 2):
// (2*(1*1 + 1*.5 + 2*0) + 1*(1*.5 + 1*1 + 2*.5) + 1*(1*0 + 1*.5 + 2*1)) / 16 = (3 + 2.5 + 2.5) / 16 = 0.5. Kappa 0.5.
TEST(CoderCheck, OrderedEntriesHaveLinearWeights) {
  const Frame frame = FrameOf(FrameKind::kOrdinal);
  CoderCheck check(frame);
  for (const auto& [gold, given] :
       {std::pair("low", "low"), std::pair("low", "mid"), std::pair("mid", "high"), std::pair("high", "high")}) {
    check.Add(Category(gold), Category(given));
  }
  const auto figures = check.Figures();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_NEAR(*figures->percent, 50.0, 1e-12);
  EXPECT_NEAR(*figures->kappa.value, 0.5, 1e-12);
  check.Add(Category("low"), Category("none such"));
  EXPECT_EQ(check.Figures().status().code(), absl::StatusCode::kInternal);
}

// reference/expected.txt. As text "100" would rank between "10" and "9".
TEST(CoderCheck, NumbersHaveLinearWeightsByRank) {
  const Frame frame = FrameOf(FrameKind::kNumeric);
  CoderCheck check(frame);
  for (const auto& [first, second] : {std::pair(9, 9), std::pair(9, 10), std::pair(10, 100), std::pair(100, 100),
                                      std::pair(100, 9), std::pair(10, 10), std::pair(9, 9)}) {
    check.Add(Number(first), Number(second));
  }
  const auto figures = check.Figures();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_NEAR(*figures->kappa.value, 0.363636363636364, 1e-12);
}

TEST(CoderCheck, JudgesEachEntryWhereTheFrameDoes) {
  const Frame domains = FrameOf(FrameKind::kDomainPresence);
  CoderCheck present(domains);
  Code gold;
  Code given;
  gold.present = {"low", "mid"};
  given.present = {"mid", "high"};
  present.Add(gold, given);
  EXPECT_EQ(present.Figures()->compared, 3);
  EXPECT_NEAR(*present.Figures()->percent, 100.0 / 3, 1e-12);
  EXPECT_TRUE(present.Figures()->kappa.value.defined());
  EXPECT_EQ(present.Figures()->kappa.interval_reason, stats::Undefined::kNotIndependent);
  const Frame skills = FrameOf(FrameKind::kRatedSkills);
  CoderCheck rated(skills);
  gold.ratings = {{"low", 1}, {"mid", 3}, {"high", 5}};
  given.ratings = {{"low", 1}, {"mid", 4}, {"high", 5}};
  rated.Add(gold, given);
  EXPECT_EQ(rated.Figures()->compared, 3);
  EXPECT_TRUE(rated.Figures()->kappa.value.defined());
  EXPECT_EQ(rated.Figures()->weights, stats::AgreementWeights::kLinear);
  // Three ratings of one item are not three items.
  EXPECT_FALSE(rated.Figures()->kappa.interval.has_value());
  EXPECT_EQ(rated.Figures()->kappa.interval_reason, stats::Undefined::kNotIndependent);
  EXPECT_EQ(rated.Figures()->kappa.standard_error.reason, stats::Undefined::kNotIndependent);
}

TEST(CoderCheck, NothingToCompareAndNoVariationSaySo) {
  const Frame frame = FrameOf(FrameKind::kBinary);
  CoderCheck check(frame);
  Code skip;
  skip.skip_reason = "unclear";
  check.Add(skip, YesNo(true));
  check.Add(YesNo(true), skip);
  EXPECT_EQ(check.Figures()->compared, 0);
  EXPECT_EQ(check.Figures()->percent.reason, stats::Undefined::kNoPairs);
  EXPECT_EQ(check.Figures()->kappa.value.reason, stats::Undefined::kNoPairs);
  check.Add(YesNo(true), YesNo(true));
  EXPECT_NEAR(*check.Figures()->percent, 100.0, 1e-12);
  EXPECT_EQ(check.Figures()->kappa.value.reason, stats::Undefined::kNoVariation);
  EXPECT_FALSE(Passes({PassingRule::Measure::kKappa, -1}, *check.Figures(), 0));
  EXPECT_TRUE(Passes({PassingRule::Measure::kPercent, 100}, *check.Figures(), 0));
}

// They share their first six digits.
TEST(CoderCheck, NumbersThatDifferAreNotEqual) {
  const Frame frame = FrameOf(FrameKind::kNumeric);
  CoderCheck check(frame);
  check.Add(Number(1000001), Number(1000002));
  check.Add(Number(1000002), Number(1000002));
  check.Add(Number(0.0), Number(-0.0));
  const auto figures = check.Figures();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->compared, 3);
  EXPECT_NEAR(*figures->percent, 200.0 / 3, 1e-12);
  EXPECT_TRUE(figures->kappa.value.defined());
  std::vector<std::pair<std::string, std::string>> said;
  for (const auto& [pair, count] : figures->confusion) said.push_back(pair);
  EXPECT_THAT(said, testing::ElementsAre(testing::Pair("0", "0"), testing::Pair("1000001", "1000002"),
                                         testing::Pair("1000002", "1000002")));
}

TEST(CoderCheck, KappaOfTooManyDifferentNumbersIsNotComputed) {
  const Frame frame = FrameOf(FrameKind::kNumeric);
  CoderCheck check(frame);
  for (size_t n = 0; n <= stats::CodeTable::kMaxCategories; ++n) {
    check.Add(Number(static_cast<double>(n)), Number(static_cast<double>(n)));
  }
  ASSERT_TRUE(check.Figures().ok());
  EXPECT_NEAR(*check.Figures()->percent, 100.0, 1e-12);
  EXPECT_EQ(check.Figures()->kappa.value.reason, stats::Undefined::kTooLarge);
}

}  // namespace
}  // namespace plumbline::coding
