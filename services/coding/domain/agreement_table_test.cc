#include "coding/domain/agreement_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_violations.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kNo = stats::CodeTable::kMissing;

std::string Refusal(std::string_view csv, const AgreementCsvOptions& options = {}) {
  const auto table = TableFromCsv(csv, options);
  if (table.ok()) return "accepted";
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(table.status().message());
}

TEST(AgreementTable, WideWithAndWithoutUnits) {
  const auto table = TableFromCsv("unit,Anna,Ben\nu1,yes,no\nu2, yes ,\nu3,NA,no\n", {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->coders, ElementsAre("Anna", "Ben"));
  EXPECT_THAT(table->categories, ElementsAre("no", "yes"));
  EXPECT_THAT(table->codes.codes, ElementsAre(1, 0, 1, kNo, kNo, 0));
  // No column of a known name: every column is a coder, and rows may repeat.
  const auto plain = TableFromCsv("A,B,C\n1,1,2\n1,1,2\n", {});
  EXPECT_THAT(plain->coders, ElementsAre("A", "B", "C"));
  for (const char* header : {"ITEM", "id", "Subject", "units"}) {
    EXPECT_EQ(TableFromCsv(absl::StrCat(header, ",B,C\n1,1,2\n"), {})->codes.coders, 2u) << header;
  }
  AgreementCsvOptions options;
  options.unit_column = "case";
  EXPECT_THAT(TableFromCsv("A,case,B\n1,x,2\n2,y,2\n", options)->coders, ElementsAre("A", "B"));
  options.coders = {"B", "A"};
  EXPECT_THAT(TableFromCsv("A,case,B,note\n1,x,2,-\n2,y,2,-\n", options)->codes.codes, ElementsAre(1, 0, 1, 1));
}

TEST(AgreementTable, ReadsWhatRAndPandasWrite) {
  // write.csv: an unnamed first column, everything quoted, NA.
  const auto r = TableFromCsv("\"\",\"A\",\"B\"\r\n\"1\",\"x\",NA\r\n\"2\",\"y\",\"x\"\r\n", {});
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_THAT(r->coders, ElementsAre("A", "B"));
  EXPECT_THAT(r->codes.codes, ElementsAre(0, kNo, 1, 0));
  // to_csv: an unnamed index, and 1.0 for 1 in a column that has a missing value.
  const auto pandas = TableFromCsv("\xEF\xBB\xBF,A,B\n0,1,1.0\n1,10,\n2,2,2.0\n", {});
  ASSERT_TRUE(pandas.ok()) << pandas.status();
  EXPECT_THAT(pandas->categories, ElementsAre("1", "2", "10"));  // as numbers
  EXPECT_THAT(pandas->codes.codes, ElementsAre(0, 0, 2, kNo, 1, 1));
  // Leading zeros make an id, and one text makes all of them texts.
  EXPECT_THAT(TableFromCsv("A,B\n01,1\n2,10\n", {})->categories, ElementsAre("01", "1", "10", "2"));
}

TEST(AgreementTable, LongForm) {
  AgreementCsvOptions options;
  options.long_form = true;
  const auto table = TableFromCsv("coder,unit,code,note\nB,u1,1,-\nA,u1,2,-\nA,u2,2,-\nB,u3,,-\n", options);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->coders, ElementsAre("B", "A"));
  EXPECT_THAT(table->codes.codes, ElementsAre(0, 1, kNo, 1, kNo, kNo));
  options.coders = {"A", "B"};
  EXPECT_THAT(TableFromCsv("coder,unit,code\nB,u1,1\nA,u1,2\nC,u9,3\n", options)->codes.codes, ElementsAre(1, 0));
  options.coders.clear();
  EXPECT_THAT(Refusal("coder,unit,code\nA,u,1\nB,u,1\nA,u,1\n", options),
              testing::AllOf(HasSubstr("row 4"), HasSubstr("two codes by coder A"), HasSubstr("row 2")));
  EXPECT_THAT(Refusal("coder,unit\nA,u\n", options), HasSubstr("code"));
  options.rules.level = stats::MeasurementLevel::kInterval;
  EXPECT_THAT(Refusal("coder,unit,code\nA,u,1\nB,u,x\n", options),
              testing::AllOf(HasSubstr("row 3, column code"), HasSubstr("\"x\"")));
}

// The product's own table of codes: measured column by column it gave figures without a meaning.
TEST(AgreementTable, CodesOfStudiesAreReadAsTheyAre) {
  const std::string header = "session,turn,question,coder,outcomes_focused,nominated\n";
  const auto table = TableFromCsv(header +
                                      "a,1,How?,c1,1,2\na,1,How?,c2,1,\na,1,How?,c1,0,\na,1,How?,c2,1,\n"
                                      "a,2,How?,c1,0,\nb,1,How?,c2,,\n",
                                  {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->coders, (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(table->categories, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(table->codes.units(), 4u);  // the same words twice in a turn are two
  const auto spelt = TableFromCsv(header + "a,1,How  is it?,c1,1,2\na,1,How is it? ,c2,TRUE,\n", {});
  ASSERT_TRUE(spelt.ok()) << spelt.status();
  EXPECT_EQ(spelt->codes.units(), 1u);
  EXPECT_EQ(spelt->categories, (std::vector<std::string>{"1"}));
  const auto twice = TableFromCsv("session,turn,question,coder,kind\na,1,How?,c1,x\n", {});
  EXPECT_THAT(ViolationsText(twice.status()), ::testing::HasSubstr("row 1, column turn: value \"turn\": is no coder"));
  EXPECT_TRUE(TableFromCsv("question,A,B\nWhy?,1,0\n", {}).ok());
}

TEST(AgreementTable, DeclaredCategories) {
  AgreementCsvOptions options;
  options.rules.weights = stats::AgreementWeights::kLinear;
  EXPECT_THAT(Refusal("A,B\nlow,mid\n", options), HasSubstr("categories"));
  options.rules.categories = {"low", "mid", "high"};
  const auto table = TableFromCsv("A,B\nhigh,low\nlow,low\n", options);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->codes.codes, ElementsAre(2, 0, 0, 0));
  EXPECT_EQ(table->codes.category_values.size(), 3u);  // mid counts, though nobody used it
  options.rules.level = stats::MeasurementLevel::kOrdinal;
  EXPECT_TRUE(TableFromCsv("A,B\nhigh,low\n", options).ok());
  EXPECT_THAT(Refusal("unit,A,B\nu1,high,low\nu2,tall,low\n", options),
              testing::AllOf(HasSubstr("row 3, column A"), HasSubstr("\"tall\""), HasSubstr("low, mid, high")));
  options.rules.level = stats::MeasurementLevel::kInterval;
  EXPECT_THAT(Refusal("A,B\nhigh,low\n", options), HasSubstr("categories[0]"));
  options.rules.categories = {"1", "2", "4"};
  const auto numbers = TableFromCsv("A,B\n4.0,1\n", options);
  ASSERT_TRUE(numbers.ok()) << numbers.status();
  EXPECT_THAT(numbers->codes.category_values, ElementsAre(1, 2, 4));
  EXPECT_THAT(numbers->codes.codes, ElementsAre(2, 0));
  for (const std::vector<std::string>& bad :
       {std::vector<std::string>{"2", "1"}, {"1", "1"}, {"1", "NA"}, {"1", ""}, {"1", " 2"}, {"1", "1e300"}}) {
    options.rules.categories = bad;
    EXPECT_THAT(Refusal("A,B\n1,1\n", options), HasSubstr("categories[1]")) << bad[1];
  }
}

TEST(AgreementTable, RefusalsNameThePlace) {
  EXPECT_THAT(Refusal(""), HasSubstr("header"));
  EXPECT_THAT(Refusal("A,B\n"), HasSubstr("0 units"));
  EXPECT_THAT(Refusal("unit,A\nu,1\n"), HasSubstr("1 coders"));
  EXPECT_THAT(Refusal("A,B\n1\n"), HasSubstr("row 2"));
  EXPECT_THAT(Refusal("A,A\n1,1\n"), HasSubstr("twice"));
  EXPECT_THAT(Refusal("A,\n1,1\n"), HasSubstr("row 1, cell 2"));
  EXPECT_THAT(Refusal("unit,A,B\nu,1,1\nv,1,1\nu,1,1\n"),
              testing::AllOf(HasSubstr("row 4, column unit"), HasSubstr("\"u\""), HasSubstr("row 2")));
  EXPECT_THAT(Refusal("A,B\n1,\xFF\n"), HasSubstr("UTF-8"));
  AgreementCsvOptions options;
  options.unit_column = "case";
  EXPECT_THAT(Refusal("A,B\n1,1\n", options), HasSubstr("case"));
  options.unit_column.clear();
  options.coders = {"A", "A"};
  EXPECT_THAT(Refusal("A,B\n1,1\n", options), HasSubstr("twice"));
  options.coders = {"A", "C"};
  EXPECT_THAT(Refusal("A,B\n1,1\n", options), HasSubstr("\"C\""));
  std::string wide = "c0";
  for (int i = 1; i < 51; ++i) absl::StrAppend(&wide, ",c", i);
  EXPECT_THAT(Refusal(wide + "\n" + wide + "\n"), HasSubstr("51 coders"));
  std::string many = "A,B\n";
  for (int i = 0; i <= 1000; ++i) absl::StrAppend(&many, "x", i, ",x", i, "\n");
  EXPECT_THAT(Refusal(many), HasSubstr("1001 categories"));
  EXPECT_FALSE(TableFromRows({{"1", "2"}}, {"A"}, {}).ok());
}

}  // namespace
}  // namespace plumbline::coding
