#include "common/base/csv.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace plumbline {
namespace {

TEST(CsvTest, ReadsQuotesNewlinesCrlfAndByteOrderMark) {
  const auto table =
      CsvTable::Parse("\xEF\xBB\xBFsession,text\r\ns1,\"a \"\"quoted\"\", word\"\r\ns2,\"two\nlines\"\n");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows(), 2u);
  EXPECT_EQ(table->Cell(0, "text"), "a \"quoted\", word");
  EXPECT_EQ(table->Cell(1, "text"), "two\nlines");
  EXPECT_EQ(table->Cell(1, "session"), "s2");
  EXPECT_EQ(table->Cell(1, "none"), "");
}

TEST(CsvTest, LastLineNeedsNoNewlineAndBlankLinesAreSkipped) {
  EXPECT_EQ(CsvTable::Parse("\xEF\xBB\xBF\xEF\xBB\xBF"
                            "a,b\n1,2\n")
                ->header()[0],
            "a");
  const auto marked =
      CsvTable::Parse(CsvLine({"\xEF\xBB\xBF"
                               "a",
                               "b"}));
  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_EQ(marked->header()[0],
            "\xEF\xBB\xBF"
            "a");
  const auto padded = CsvTable::Parse("a,b,,\n1,2,,\n,,,\n3,,,\n,,,\n,,,\n");
  ASSERT_TRUE(padded.ok()) << padded.status();
  EXPECT_EQ(padded->header(), (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(padded->rows(), 3u);  // an empty row between others keeps its place
  EXPECT_EQ(padded->Cell(2, "a"), "3");
  EXPECT_FALSE(CsvTable::Parse("a,b,,\n1,2,x,\n").ok());
  EXPECT_FALSE(CsvTable::Parse("a,,b\n1,,2\n").ok());
  const auto table = CsvTable::Parse("a,b\n\n1,2\n\n3,");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows(), 2u);
  EXPECT_EQ(table->Cell(1, "a"), "3");
  EXPECT_EQ(table->Cell(1, "b"), "");
}

struct BadCase {
  const char* name;
  std::string text;
  const char* says;
};

class CsvBadInputTest : public testing::TestWithParam<BadCase> {};

TEST_P(CsvBadInputTest, NamesThePlaceAndTheRule) {
  const auto table = CsvTable::Parse(GetParam().text, {.max_bytes = 1000, .max_rows = 3, .max_columns = 4});
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(table.status().message(), GetParam().says)) << table.status();
}

INSTANTIATE_TEST_SUITE_P(All, CsvBadInputTest,
                         testing::Values(BadCase{"Empty", "", "header row"},
                                         BadCase{"UnclosedQuote", "a,b\n1,\"x", "row 2, cell 2"},
                                         BadCase{"TextAfterQuote", "a,b\n1,\"x\"y", "closing quote"},
                                         BadCase{"TooFewCells", "a,b\n1", "row 2: value \"1 cells\""},
                                         BadCase{"TooManyCells", "a,b\n1,2\n1,2,3", "row 3"},
                                         BadCase{"DuplicateColumn", "a,a\n", "stands twice"},
                                         BadCase{"EmptyColumn", "a,\n1,2", "must have a name"},
                                         BadCase{"Semicolons", "a;b\n1;2\n", "separated by commas"},
                                         BadCase{"NotUtf8", "a\n\xFF", "byte 2"},
                                         BadCase{"TooManyRows", "a\n1\n2\n3\n4\n", "at most 3 rows"},
                                         BadCase{"TooManyColumns", "a,b,c,d,e\n", "at most 4 cells"},
                                         BadCase{"TooManyBytes", std::string(1001, 'a'), "at most 1000 bytes"}),
                         [](const auto& test) { return test.param.name; });

TEST(CsvTest, MissingColumnsAreAllNamed) {
  const auto table = CsvTable::Parse("session\n");
  const absl::Status status = table->RequireColumns({"session", "coder", "code"});
  EXPECT_TRUE(absl::StrContains(status.message(), "coder"));
  EXPECT_TRUE(absl::StrContains(status.message(), "1 more"));
}

TEST(CsvTest, WritingIsReadBackTheSame) {
  const std::vector<std::string> cells = {"plain", "with,comma", "with \"quote\"", "two\nlines", ""};
  const auto table = CsvTable::Parse("a,b,c,d,e\n" + CsvLine(cells));
  ASSERT_TRUE(table.ok()) << table.status();
  for (size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(table->Cell(0, table->header()[i]), cells[i]);
}

// Whatever was written comes back, and no cell is left that a spreadsheet would run.
TEST(CsvTest, CellTextTakesBackWhatWasWritten) {
  for (const std::string cell : {"", "a", "=1+1", "'=1+1", "''=1+1", "'", "''", "'a", "-3.5", "'-3.5", "+44", "--",
                                 "@x", "\tx", "'\rx", "\r", "=\"a\",\nb", "'it's"}) {
    const auto table = CsvTable::Parse("a,b\n" + CsvLine({cell, "x"}));
    ASSERT_TRUE(table.ok()) << table.status();
    const std::string& written = table->CellAt(0, 0);
    EXPECT_EQ(CsvCellText(written), cell);
    double number = 0;
    EXPECT_TRUE(written.empty() || absl::SimpleAtod(written, &number) ||
                std::string("=+-@\t\r").find(written[0]) == std::string::npos)
        << written;
  }
  // A table that somebody else wrote: an apostrophe of their own stays unless it hides a formula.
  EXPECT_EQ(CsvCellText("'tis"), "'tis");
  EXPECT_EQ(CsvCellText("'=x"), "=x");
}

TEST(CsvTest, FormulasAreDefusedNumbersAreNot) {
  EXPECT_EQ(CsvLine({"=1+1", "-3.5", "@x", "+44"}), "'=1+1,-3.5,'@x,+44\n");
}

}  // namespace
}  // namespace plumbline
