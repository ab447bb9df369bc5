#include "cli/output.h"

#include <cstdio>

#include <gtest/gtest.h>

namespace plumbline::cli {
namespace {

TEST(TextTableTest, ColumnsAlignAndNumbersStandRight) {
  TextTable table({"session", "share"});
  table.Add({"é", "5.0%"});
  table.Add({"longer", "100.0%"});
  EXPECT_EQ(table.ToString(0),
            "session   share\n"
            "-------  ------\n"
            "é          5.0%\n"
            "longer   100.0%\n");
}

TEST(MoneyTest, GroupsThousandsAndNeverShowsMinusZero) {
  EXPECT_EQ(Money(1234567.5, 2), "1,234,567.50");
  EXPECT_EQ(Money(-1000, 0), "-1,000");
  EXPECT_EQ(Money(999, 0), "999");
  EXPECT_EQ(Money(-0.001, 2), "0.00");
}

TEST(WriteFileTest, ReplacesInOneStepOrSaysWhyNot) {
  const std::string path = testing::TempDir() + "/plumbline_output_test";
  ASSERT_TRUE(WriteFile(path, "one").ok());
  ASSERT_TRUE(WriteFile(path, "two").ok());
  EXPECT_EQ(*ReadFile(path), "two");
  std::remove(path.c_str());
  EXPECT_FALSE(ReadFile(path).ok());
  EXPECT_FALSE(WriteFile(testing::TempDir() + "/no/such/folder/file", "x").ok());
}

}  // namespace
}  // namespace plumbline::cli
