#include "instruments/domain/response_csv.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "instruments/domain/test_keys.h"

namespace plumbline::instruments {
namespace {

constexpr char kLongHeader[] = "instrument,participant,wave,item,value\n";

TEST(ResponseCsvTest, LongRowsOfAResponseMayBeApart) {
  const auto read = ParseResponseCsv(absl::StrCat(kLongHeader, "lass,w1,t1,2,8.5\nlass,w2,t1,1,3\nlass,w1,t1,1, 9 \n",
                                                  "lass,w1,t1,3,\nconcern,f1,t2,1,low or medium\n"),
                                     TestKeys());
  ASSERT_TRUE(read.ok()) << read.status();
  const std::vector<Submission> expected = {{"lass", "w1", "t1", {{"2", 8.5}, {"1", 9.0}, {"3", std::nullopt}}},
                                            {"lass", "w2", "t1", {{"1", 3.0}}},
                                            {"concern", "f1", "t2", {{"1", 1.0}}}};
  EXPECT_EQ(*read, expected);
}

TEST(ResponseCsvTest, WideRowsMayMixInstruments) {
  const auto read = ParseResponseCsv(
      "instrument,participant,wave,i1,i2,i3,i4\nlass,w1,t1,9,8.5,,1\nconcern,f1,t2,high,,,\n", TestKeys());
  ASSERT_TRUE(read.ok()) << read.status();
  const std::vector<Submission> expected = {
      {"lass", "w1", "t1", {{"1", 9.0}, {"2", 8.5}, {"3", std::nullopt}, {"4", 1.0}}},
      {"concern", "f1", "t2", {{"1", 2.0}}}};
  EXPECT_EQ(*read, expected);
}

TEST(ResponseCsvTest, BothFormsSayTheSame) {
  std::string wide = "instrument,participant,wave";
  std::string row = "swai,w1,t1";
  std::string rows = kLongHeader;
  for (int i = 1; i <= 19; ++i) {
    absl::StrAppend(&wide, ",i", i);
    absl::StrAppend(&row, ",", 1 + i % 7);
    absl::StrAppend(&rows, "swai,w1,t1,", i, ",", 1 + i % 7, "\n");
  }
  const auto from_wide = ParseResponseCsv(absl::StrCat(wide, "\n", row, "\n"), TestKeys());
  const auto from_long = ParseResponseCsv(rows, TestKeys());
  ASSERT_TRUE(from_wide.ok() && from_long.ok()) << from_wide.status() << from_long.status();
  EXPECT_EQ(*from_wide, *from_long);
}

struct BadTable {
  const char* name;
  std::string text;
  const char* says;
};

class BadTableTest : public testing::TestWithParam<BadTable> {};

TEST_P(BadTableTest, IsRefusedWithRowColumnValueAndRule) {
  const auto read = ParseResponseCsv(GetParam().text, TestKeys(),
                                     {.max_bytes = 2000, .max_rows = 100, .max_columns = 30, .max_responses = 3});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(read.status().message(), GetParam().says)) << read.status();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadTableTest,
    testing::Values(
        BadTable{"Empty", "", "header row"}, BadTable{"NoRows", kLongHeader, "at least one row"},
        BadTable{"MissingColumn", "instrument,participant,item,value\nlass,w1,1,2\n", "wave"},
        BadTable{"MissingValueColumn", "instrument,participant,wave,item\nlass,w1,t1,1\n", "value"},
        BadTable{"UnknownColumn", "instrument,participant,wave,item,value,name\nlass,w1,t1,1,2,x\n", "\"name\""},
        BadTable{"UnknownWideColumn", "instrument,participant,wave,1\nlass,w1,t1,1\n", "\"1\""},
        BadTable{"NoAnswers", "instrument,participant,wave\nlass,w1,t1\n", "no column of answers"},
        BadTable{"UnknownInstrument", absl::StrCat(kLongHeader, "mass,w1,t1,1,2\n"),
                 "row 2, column instrument: value \"mass\""},
        BadTable{"UnknownItem", absl::StrCat(kLongHeader, "lass,w1,t1,5,2\n"), "row 2, column item: value \"5\""},
        BadTable{"OutOfRange", absl::StrCat(kLongHeader, "lass,w1,t1,1,2\nlass,w1,t1,2,10.1\n"),
                 "row 3, column value: value \"10.1\": item 2 of lass must be a number from 0 to 10"},
        BadTable{"Hexadecimal", absl::StrCat(kLongHeader, "lass,w1,t1,1,0x8\n"), "row 2, column value: value \"0x8\""},
        BadTable{"NotANumber", absl::StrCat(kLongHeader, "lass,w1,t1,1,good\n"), "value \"good\""},
        BadTable{"Nan", absl::StrCat(kLongHeader, "lass,w1,t1,1,nan\n"), "value \"nan\""},
        BadTable{"Twice", absl::StrCat(kLongHeader, "lass,w1,t1,1,2\nlass,w1,t1,1,2\n"), "row 3, column item"},
        BadTable{"WideTwice", "instrument,participant,wave,i1\nlass,w1,t1,1\nlass,w1,t1,2\n",
                 "a second time, after row 2"},
        BadTable{"WideForeignColumn", "instrument,participant,wave,i1,i9\nlass,w1,t1,1,1\n", "lass has no item 9"},
        BadTable{"WideNoOwnColumn", "instrument,participant,wave,i9\nlass,w1,t1,\n", "no column of this table"},
        BadTable{"PersonalName", absl::StrCat(kLongHeader, "lass,Jane Smith,t1,1,2\n"),
                 "row 2, column participant: value \"Jane Smith\""},
        BadTable{"Wave", absl::StrCat(kLongHeader, "lass,w1,T1,1,2\n"), "row 2, column wave: value \"T1\""},
        BadTable{"TooManyResponses",
                 absl::StrCat(kLongHeader, "lass,w1,t1,1,2\nlass,w2,t1,1,2\nlass,w3,t1,1,2\nlass,w4,t1,1,2\n"),
                 "at most 3 responses"},
        BadTable{"TooManyBytes", std::string(2001, 'x'), "at most 2000 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST(ResponseCsvTest, EveryBadCellIsNamedUpToTheLimit) {
  std::string text = kLongHeader;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&text, "lass,w", i, ",t1,1,11\n");
  const auto read = ParseResponseCsv(text, TestKeys());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(GetErrorDetail(read.status())->violations.size(), Violations::kMaxReported);
}

}  // namespace
}  // namespace plumbline::instruments
