#include "economics/domain/formula.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

double Value(const std::string& text, const std::vector<double>& inputs = {}) {
  const absl::StatusOr<Formula> formula = Formula::Parse(text);
  EXPECT_TRUE(formula.ok()) << text << ": " << formula.status();
  if (!formula.ok()) return -999;
  const absl::StatusOr<double> value = formula->Evaluate(inputs);
  EXPECT_TRUE(value.ok()) << text << ": " << value.status();
  return value.value_or(-999);
}

TEST(Formula, FollowsTheRulesOfArithmetic) {
  EXPECT_DOUBLE_EQ(Value("1 + 2 * 3"), 7);
  EXPECT_DOUBLE_EQ(Value("(1 + 2) * 3"), 9);
  EXPECT_DOUBLE_EQ(Value("2 ^ 3 ^ 2"), 512);
  EXPECT_DOUBLE_EQ(Value("-2 ^ 2"), -4);
  EXPECT_DOUBLE_EQ(Value("2 ^ -1"), 0.5);
  EXPECT_DOUBLE_EQ(Value("8 / 4 / 2"), 1);
  EXPECT_DOUBLE_EQ(Value("5 - 3 - 1"), 1);
  EXPECT_DOUBLE_EQ(Value("1.5e3 + 2e-1"), 1500.2);
  EXPECT_DOUBLE_EQ(Value("a * b - a", {3, 4}), 9);
}

TEST(Formula, NamesItsInputsOnceInOrder) {
  const auto formula = Formula::Parse("b + a * b - _c1");
  ASSERT_TRUE(formula.ok());
  EXPECT_THAT(formula->inputs(), ElementsAre("b", "a", "_c1"));
}

TEST(Formula, Functions) {
  EXPECT_DOUBLE_EQ(Value("sum(1, 2, 3)"), 6);
  EXPECT_DOUBLE_EQ(Value("mean(1, 2, 6)"), 3);
  EXPECT_DOUBLE_EQ(Value("min(3, 1, 2) + max(3, 1, 2)"), 4);
  EXPECT_DOUBLE_EQ(Value("sqrt(9) + abs(-2)"), 5);
  EXPECT_DOUBLE_EQ(Value("round(2.675, 2)"), 2.68);
  EXPECT_DOUBLE_EQ(Value("round(1234, -2)"), 1200);
  EXPECT_DOUBLE_EQ(Value("percent(14, 66)"), 100.0 * 14 / 66);
  EXPECT_DOUBLE_EQ(Value("rank(2, 5, 1, 2)"), 2);
  EXPECT_DOUBLE_EQ(Value("rank(2, 2, 2, 2)"), 1);
}

// Focus on Practice, Table 26: collaboration rated 0, 1, 7, 6, 1 times 1 to 5.
TEST(Formula, FrequencyTables) {
  const std::string table = "(1, 0, 2, 1, 3, 7, 4, 6, 5, 1)";
  EXPECT_NEAR(Value("mean_counts" + table), 3.47, 0.005);
  EXPECT_NEAR(Value("sd_counts" + table), 0.743, 0.0005);
  EXPECT_DOUBLE_EQ(Value("median_counts" + table), 3);
  EXPECT_DOUBLE_EQ(Value("mode_counts" + table), 3);
  EXPECT_DOUBLE_EQ(Value("min_counts" + table), 2);
  EXPECT_DOUBLE_EQ(Value("max_counts" + table), 5);
  EXPECT_DOUBLE_EQ(Value("median_counts(4, 1, 1, 1)"), 2.5);
  EXPECT_DOUBLE_EQ(Value("mode_counts(4, 2, 1, 2)"), 1);
}

TEST(Formula, TablesByName) {
  const std::vector<TableRow> rows = {{1, 0}, {2, 1}, {3, 7}, {4, 6}, {5, 1}};
  const Formula::Tables tables = [&](std::string_view name) { return name == "collaboration" ? &rows : nullptr; };
  const auto formula = Formula::Parse("10 * mean_counts( collaboration )", tables);
  ASSERT_TRUE(formula.ok()) << formula.status();
  EXPECT_TRUE(formula->inputs().empty());
  EXPECT_THAT(formula->tables(), ElementsAre("collaboration"));
  EXPECT_DOUBLE_EQ(formula->Evaluate({}).value(), 10 * 52.0 / 15);
  EXPECT_FALSE(Formula::Parse("mean_counts(unknown)", tables).ok());
}

struct Refused {
  const char* text;
  const char* column;
  const char* rule;
};

class FormulaRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(FormulaRefuses, WithColumnAndRule) {
  const auto formula = Formula::Parse(GetParam().text);
  ASSERT_EQ(formula.status().code(), absl::StatusCode::kInvalidArgument) << GetParam().text;
  const auto detail = GetErrorDetail(formula.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "INVALID_FORMULA");
  EXPECT_EQ(detail->metadata.at("column"), GetParam().column);
  EXPECT_THAT(std::string(formula.status().message()), HasSubstr(GetParam().rule));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, FormulaRefuses,
    ::testing::Values(Refused{"", "1", "end of formula"}, Refused{"1 +", "4", "end of formula"},
                      Refused{"1 + * 2", "5", "character '*'"}, Refused{"(1 + 2", "7", "expected ')'"},
                      Refused{"1 2", "3", "unexpected character '2'"}, Refused{"1.", "3", "decimal point"},
                      Refused{"1e", "3", "exponent"}, Refused{"1e999", "1", "out of range"},
                      Refused{"wat(1)", "1", "unknown function 'wat'"}, Refused{"a + sum", "5", "needs '('"},
                      Refused{"sum()", "1", "sum takes 1 to 200"}, Refused{"round(1)", "1", "round takes 2"},
                      Refused{"mean_counts(1, 2, 3)", "1", "pairs of value and count"},
                      Refused{"a ; b", "3", "character ';'"}, Refused{"a \x01", "3", "byte 1"},
                      Refused{"2 ** 3", "4", "character '*'"}));

struct Undefined {
  const char* text;
  const char* column;
};

class FormulaIsUndefined : public ::testing::TestWithParam<Undefined> {};

TEST_P(FormulaIsUndefined, WithColumn) {
  const auto formula = Formula::Parse(GetParam().text);
  ASSERT_TRUE(formula.ok()) << formula.status();
  const auto value = formula->Evaluate(std::vector<double>(formula->inputs().size(), 0.0));
  ASSERT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << GetParam().text;
  const auto detail = GetErrorDetail(value.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "FORMULA_UNDEFINED");
  EXPECT_EQ(detail->metadata.at("column"), GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, FormulaIsUndefined,
    ::testing::Values(Undefined{"1 / zero", "3"}, Undefined{"zero ^ -1", "6"}, Undefined{"2 + sqrt(zero - 1)", "5"},
                      Undefined{"(0 - 8) ^ 0.5", "9"}, Undefined{"10 ^ 400", "4"}, Undefined{"percent(1, zero)", "1"},
                      Undefined{"mean_counts(1, zero)", "1"}, Undefined{"sd_counts(1, 1, 2, 0)", "1"},
                      Undefined{"median_counts(1, 0.5, 2, 1)", "1"}, Undefined{"mean_counts(1, 0 - 1, 2, 5)", "1"},
                      Undefined{"round(1, 0.5)", "1"}));

TEST(Formula, HasLimits) {
  EXPECT_TRUE(Formula::Parse(std::string(60, '(') + "1" + std::string(60, ')')).ok());
  EXPECT_FALSE(Formula::Parse(std::string(100, '(') + "1" + std::string(100, ')')).ok());
  EXPECT_FALSE(Formula::Parse(std::string(3000, '-') + "1").ok());
  EXPECT_FALSE(Formula::Parse(std::string(5000, ' ') + "1").ok());
  std::string many = "1";
  for (int i = 0; i < 600; ++i) many += "+1";
  EXPECT_FALSE(Formula::Parse(many).ok());
  EXPECT_FALSE(Formula::Parse(std::string(101, 'a')).ok());
  EXPECT_TRUE(Formula::Parse(std::string(100, 'a')).ok());
  // The most arguments a call can have, inside another call: still within the stack.
  std::string call = "sum(1";
  for (int i = 1; i < 200; ++i) call += ",1";
  EXPECT_DOUBLE_EQ(Value("1 + (2 + " + call + "))"), 203);
}

TEST(Formula, KnowsItsNames) {
  EXPECT_TRUE(Formula::IsValidName("_a1"));
  EXPECT_TRUE(Formula::IsValidName("Total"));
  for (const char* bad : {"", "1a", "a-b", "a b", "sum", "mean_counts", "\xc3\xa9"}) {
    EXPECT_FALSE(Formula::IsValidName(bad)) << bad;
  }
}

}  // namespace
}  // namespace plumbline::economics
