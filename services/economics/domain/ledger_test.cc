#include "economics/domain/ledger.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "economics/domain/ledger_check.h"
#include "economics/domain/ledger_range.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

LedgerNode Leaf(const std::string& id, double printed, double granularity) {
  LedgerNode node;
  node.id = id;
  node.source = "test";
  node.printed = PrintedFigure{printed, granularity};
  return node;
}

LedgerNode Exact(const std::string& id, double value) {
  LedgerNode node;
  node.id = id;
  node.source = "test";
  node.given = value;
  return node;
}

LedgerNode Computed(const std::string& id, const std::string& formula) {
  LedgerNode node;
  node.id = id;
  node.source = "test";
  node.formula = formula;
  return node;
}

LedgerNode Printed(const std::string& id, const std::string& formula, double printed, double granularity) {
  LedgerNode node = Computed(id, formula);
  node.printed = PrintedFigure{printed, granularity};
  return node;
}

absl::StatusOr<LedgerReport> Check(std::vector<LedgerNode> nodes) {
  LedgerSpec spec;
  spec.nodes = std::move(nodes);
  absl::StatusOr<Ledger> ledger = Ledger::Build(std::move(spec));
  if (!ledger.ok()) return ledger.status();
  return CheckLedger(*ledger);
}

const NodeResult& At(const LedgerReport& report, const std::string& id) {
  const auto found =
      std::find_if(report.nodes.begin(), report.nodes.end(), [&](const NodeResult& n) { return n.id == id; });
  EXPECT_TRUE(found != report.nodes.end()) << id;
  return *found;
}

TEST(Ledger, GivesEveryVerdict) {
  const auto report = Check({Leaf("a", 1.2, 0.1), Leaf("b", 2.3, 0.1), Exact("twelve", 12),
                             Printed("right", "a + b", 3.5, 0.1), Printed("rounding", "a + b", 3.6, 0.1),
                             Printed("wrong", "a + b", 3.8, 0.1), Printed("after_wrong", "wrong * twelve", 45.6, 0.1)});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(At(*report, "a").verdict, Verdict::kNotRecomputable);
  EXPECT_EQ(At(*report, "twelve").verdict, Verdict::kNotPrinted);
  EXPECT_EQ(At(*report, "right").verdict, Verdict::kReproduced);
  EXPECT_EQ(At(*report, "rounding").verdict, Verdict::kRoundingOnly);
  const NodeResult& wrong = At(*report, "wrong");
  EXPECT_EQ(wrong.verdict, Verdict::kDoesNotFollow);
  EXPECT_NEAR(wrong.range->low, 3.4, 1e-9);
  EXPECT_NEAR(wrong.range->high, 3.6, 1e-9);
  EXPECT_EQ(wrong.range_method, RangeMethod::kCorners);
  EXPECT_EQ(wrong.moving_leaves, 2);
  EXPECT_FALSE(wrong.inherits_flag);
  const NodeResult& after = At(*report, "after_wrong");
  EXPECT_EQ(after.verdict, Verdict::kReproduced);
  EXPECT_TRUE(after.inherits_flag);
  EXPECT_THAT(after.flagged_inputs, ElementsAre("wrong"));
  EXPECT_EQ(report->reproduced, 2);
  EXPECT_EQ(report->rounding_only, 1);
  EXPECT_EQ(report->does_not_follow, 1);
  EXPECT_EQ(report->not_recomputable, 2);
  EXPECT_EQ(report->not_printed, 1);
}

// A leaf used twice takes one value in both places: a - a is 0 whatever the rounding, not -0.1 to 0.1.
TEST(Ledger, KeepsALeafTheSameEverywhere) {
  const auto report =
      Check({Leaf("a", 5.0, 0.1), Computed("twice", "2 * a"), Printed("zero", "twice - a - a", 0.1, 0.1)});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(At(*report, "zero").verdict, Verdict::kDoesNotFollow);
  EXPECT_NEAR(At(*report, "zero").range->low, 0, 1e-12);
  EXPECT_NEAR(At(*report, "zero").range->high, 0, 1e-12);
}

TEST(Ledger, RoundsWhereTheDocumentDid) {
  // 61.68 children become 62 before they are multiplied.
  LedgerNode children = Computed("children", "population * rate / 10000");
  children.rounding = {RoundingMode::kHalfUp, 1};
  const auto report = Check({Exact("population", 74317), Exact("rate", 8.3), children, Exact("cost", 188300),
                             Printed("saving", "children * cost", 11700000, 100000)});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(At(*report, "children").carried, 62);
  const NodeResult& saving = At(*report, "saving");
  EXPECT_DOUBLE_EQ(saving.from_printed_inputs, 62 * 188300.0);
  EXPECT_NEAR(saving.unrounded, 74317 * 8.3 / 10000 * 188300, 1e-6);
  EXPECT_EQ(saving.verdict, Verdict::kReproduced);
}

TEST(Ledger, AppliesTheStatedRule) {
  LedgerNode down = Printed("down", "a + b", 15.05, 0.01);
  down.rounding = {RoundingMode::kDown, 0.01};
  LedgerNode nearest = Printed("nearest", "a + b", 15.05, 0.01);
  const auto report = Check({Exact("a", 11.7), Exact("b", 3.356), down, nearest});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(At(*report, "down").verdict, Verdict::kReproduced);
  EXPECT_EQ(At(*report, "nearest").verdict, Verdict::kDoesNotFollow);
}

TEST(Ledger, UnroundedChainCountsAsReproduced) {
  // 1/3 printed as 0.3, times 9 printed as 3: the printed input gives 2.7, the chain gives 3.
  const auto report =
      Check({Exact("one", 1), Printed("third", "one / 3", 0.3, 0.1), Printed("three", "third * 9", 3.0, 0.1)});
  ASSERT_TRUE(report.ok());
  const NodeResult& three = At(*report, "three");
  EXPECT_EQ(three.verdict, Verdict::kReproduced);
  EXPECT_NEAR(three.from_printed_inputs, 2.7, 1e-12);
  EXPECT_NEAR(three.unrounded, 3, 1e-12);
}

TEST(Ledger, PinnedFigureStartsTheChain) {
  LedgerNode pinned = Printed("third", "one / 3", 0.3, 0.1);
  pinned.pinned = true;
  const auto report = Check({Exact("one", 1), pinned, Printed("six", "third * 18", 6.0, 0.1)});
  ASSERT_TRUE(report.ok());
  // From 0.25 to 0.35 the chain reaches 4.5 to 6.3.
  EXPECT_EQ(At(*report, "six").verdict, Verdict::kRoundingOnly);
  EXPECT_NEAR(At(*report, "six").unrounded, 5.4, 1e-12);
}

TEST(Ledger, TablesFeedFrequencyFunctions) {
  LedgerNode table;
  table.id = "ratings";
  table.source = "test";
  table.counts = {{1, 0}, {2, 1}, {3, 7}, {4, 6}, {5, 1}};
  const auto report = Check({table, Printed("average", "mean_counts(ratings)", 3.47, 0.01),
                             Printed("spread", "sd_counts(ratings)", 0.743, 0.001)});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->reproduced, 2);
  EXPECT_FALSE(At(*report, "ratings").has_value);
  EXPECT_THAT(At(*report, "average").tables, ElementsAre("ratings"));
  const auto wrong = Check({table, Computed("total", "ratings + 1")});
  EXPECT_THAT(std::string(wrong.status().message()), HasSubstr("as a number"));
}

// Property: the unrounded value lies in its range, the range by corners holds every value at random points of the box,
// and it does not depend on the order of the nodes.
TEST(Ledger, RangeHoldsEveryPointOfTheBox) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  const std::vector<LedgerNode> nodes = {Leaf("a", 21.98, 0.01),
                                         Leaf("b", 32.35, 0.01),
                                         Leaf("c", 24.85, 0.01),
                                         Leaf("d", 17.6, 0.1),
                                         Leaf("e", 3, 1),
                                         Computed("rate", "c + d"),
                                         Computed("x", "a / 60 * rate"),
                                         Computed("y", "b / 60 * rate"),
                                         Printed("z", "(y - x) * 12 / e ^ 2", 9.9, 0.1)};
  const auto report = Check(nodes);
  ASSERT_TRUE(report.ok());
  const NodeResult z = At(*report, "z");
  EXPECT_TRUE(z.range->Contains(z.unrounded));
  EXPECT_EQ(z.moving_leaves, 5);
  for (int i = 0; i < 2000; ++i) {
    const double a = 21.98 + 0.005 * uniform(random), b = 32.35 + 0.005 * uniform(random);
    const double c = 24.85 + 0.005 * uniform(random), d = 17.6 + 0.05 * uniform(random), e = 3 + 0.5 * uniform(random);
    const double value = (b / 60 * (c + d) - a / 60 * (c + d)) * 12 / (e * e);
    EXPECT_GE(value, z.range->low - 1e-9);
    EXPECT_LE(value, z.range->high + 1e-9);
  }
  std::vector<LedgerNode> shuffled = nodes;
  for (int i = 0; i < 20; ++i) {
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const auto again = Check(shuffled);
    ASSERT_TRUE(again.ok());
    const NodeResult other = At(*again, "z");
    EXPECT_EQ(other.verdict, z.verdict);
    EXPECT_EQ(other.unrounded, z.unrounded);
    EXPECT_EQ(other.range->low, z.range->low);
    EXPECT_EQ(other.range->high, z.range->high);
  }
}

// Above 16 moving leaves the search moves one leaf at a time; for a sum the answer is still exact.
TEST(Ledger, ManyLeavesAreSwept) {
  std::vector<LedgerNode> nodes;
  std::string formula;
  for (int i = 0; i < 40; ++i) {
    const std::string id = "leaf" + std::to_string(i);
    nodes.push_back(Leaf(id, i, 1));
    formula += (i == 0 ? "" : i % 2 == 0 ? " + " : " - ") + id;
  }
  nodes.push_back(Printed("total", formula, 1000, 1));
  const auto report = Check(nodes);
  ASSERT_TRUE(report.ok());
  const NodeResult& total = At(*report, "total");
  EXPECT_EQ(total.range_method, RangeMethod::kOneAtATime);
  EXPECT_EQ(total.moving_leaves, 40);
  EXPECT_NEAR(total.range->low, total.unrounded - 20, 1e-9);
  EXPECT_NEAR(total.range->high, total.unrounded + 20, 1e-9);
  EXPECT_EQ(total.verdict, Verdict::kDoesNotFollow);
}

TEST(Ledger, LeavesOutCornersWithoutAValue) {
  // At the corner b = 1 the chain divides by zero.
  const auto report = Check({Exact("one", 1), Leaf("b", 1.5, 1), Printed("c", "one / (b - one)", 2, 1)});
  EXPECT_FALSE(report.ok());  // 1.5 is no multiple of 1
  const auto other = Check({Exact("half", 0.5), Leaf("b", 1, 1), Printed("c", "1 / (b - half)", 2, 1)});
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(At(*other, "c").undefined_corners, 1);
  EXPECT_EQ(At(*other, "c").verdict, Verdict::kReproduced);
}

struct BadLedger {
  const char* what;
  std::vector<LedgerNode> nodes;
  const char* field;
  const char* rule;
};

TEST(Ledger, RefusesWithNodeAndRule) {
  LedgerNode both = Computed("a", "1");
  both.given = 3;
  LedgerNode contradiction = Leaf("a", 3, 1);
  contradiction.given = 4;
  LedgerNode no_source = Exact("a", 1);
  no_source.source = "";
  LedgerNode pinned = Leaf("a", 1, 1);
  pinned.pinned = true;
  LedgerNode nothing;
  nothing.id = "a";
  nothing.source = "test";
  LedgerNode bad_rule = Computed("a", "1");
  bad_rule.rounding = {RoundingMode::kHalfUp, -1};
  const std::vector<BadLedger> cases = {
      {"no nodes", {}, "nodes", "required"},
      {"double id", {Exact("a", 1), Exact("a", 2)}, "nodes[a].id", "once"},
      {"bad id", {Exact("1a", 1)}, "nodes[].id", "letters"},
      {"function as id", {Exact("sum", 1)}, "nodes[].id", "function"},
      {"unknown name", {Computed("a", "b + 1")}, "nodes[a].formula", "'b'"},
      {"syntax", {Computed("a", "1 +")}, "nodes[a].formula column 4", "end of formula"},
      {"itself", {Computed("a", "a + 1")}, "nodes[a].formula", "a -> a"},
      {"cycle", {Computed("a", "b"), Computed("b", "c"), Computed("c", "a")}, "nodes[c].formula", "a -> b -> c -> a"},
      {"formula and value", {both}, "nodes[a].given", "beside a formula"},
      {"two values", {contradiction}, "nodes[a].given", "equal the printed"},
      {"no value", {nothing}, "nodes[a].formula", "needs a formula"},
      {"no source", {no_source}, "nodes[a].source", ""},
      {"pinned leaf", {pinned}, "nodes[a].pinned", "formula"},
      {"granularity 0", {Leaf("a", 1, 0)}, "nodes[a].printed_granularity", "1e-9"},
      {"not a multiple", {Leaf("a", 1.234, 0.01)}, "nodes[a].printed", "multiple"},
      {"too large", {Exact("a", 1e16)}, "nodes[a].given", "1e15"},
      {"bad rule", {bad_rule}, "nodes[a].rounding.granularity", "1e-12"},
  };
  for (const BadLedger& bad : cases) {
    const auto report = Check(bad.nodes);
    ASSERT_EQ(report.status().code(), absl::StatusCode::kInvalidArgument) << bad.what;
    const auto detail = GetErrorDetail(report.status());
    ASSERT_TRUE(detail.has_value()) << bad.what;
    EXPECT_THAT(detail->violations, Contains(Field(&FieldViolation::field, bad.field))) << bad.what;
    EXPECT_THAT(std::string(report.status().message()), HasSubstr(bad.rule)) << bad.what;
  }
}

TEST(Ledger, SaysWhereAFormulaHasNoValue) {
  const auto report = Check({Exact("zero", 0), Computed("a", "1 / zero")});
  ASSERT_EQ(report.status().code(), absl::StatusCode::kInvalidArgument);
  const auto detail = GetErrorDetail(report.status());
  EXPECT_EQ(detail->reason, "FORMULA_UNDEFINED");
  EXPECT_EQ(detail->metadata.at("node"), "a");
  EXPECT_EQ(detail->metadata.at("column"), "3");
}

TEST(Ledger, BoundsItsWork) {
  // A chain of 3000 printed nodes on 20 moving leaves: far too much to search, refused instead of run for hours.
  std::vector<LedgerNode> nodes;
  std::string sum = "sum(l0";
  for (int i = 0; i < 20; ++i) nodes.push_back(Leaf("l" + std::to_string(i), 1, 1));
  for (int i = 1; i < 20; ++i) sum += ", l" + std::to_string(i);
  nodes.push_back(Printed("n0", sum + ")", 20, 1));
  for (int i = 1; i < 3000; ++i) {
    nodes.push_back(Printed("n" + std::to_string(i), "n" + std::to_string(i - 1) + " + 0", 20, 1));
  }
  LedgerSpec spec;
  spec.nodes = std::move(nodes);
  const auto ledger = Ledger::Build(std::move(spec));
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  CheckOptions options;
  options.max_operations = 20'000'000;
  const auto report = CheckLedger(*ledger, options);
  ASSERT_EQ(report.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(report.status())->reason, "LEDGER_TOO_LARGE");
}

TEST(Ledger, StopsWhenAsked) {
  LedgerSpec spec;
  spec.nodes = {Exact("a", 1), Computed("b", "a + 1")};
  const auto ledger = Ledger::Build(spec);
  ASSERT_TRUE(ledger.ok());
  CheckOptions options;
  std::vector<int64_t> seen;
  options.progress = [&](int64_t done, int64_t total) {
    seen.push_back(done);
    EXPECT_EQ(total, 2);
    return done == 1 ? absl::CancelledError("stop") : absl::OkStatus();
  };
  EXPECT_EQ(CheckLedger(*ledger, options).status().code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(seen, ElementsAre(1));
}

}  // namespace
}  // namespace plumbline::economics
