#include "common/redis/info.h"

#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

TEST(InfoValueTest, FindsAWholeFieldOnItsOwnLine) {
  constexpr std::string_view kInfo = "# Memory\r\nused_memory:100\r\nused_memory_human:100B\r\nempty:\r\nlast:a:b";
  EXPECT_EQ(InfoValue(kInfo, "used_memory"), "100");
  EXPECT_EQ(InfoValue(kInfo, "used_memory_human"), "100B");
  EXPECT_EQ(InfoValue(kInfo, "empty"), "");
  EXPECT_EQ(InfoValue(kInfo, "last"), "a:b");
  EXPECT_EQ(InfoValue(kInfo, "used"), std::nullopt);
  EXPECT_EQ(InfoValue(kInfo, "memory"), std::nullopt);
  EXPECT_EQ(InfoValue("", "used_memory"), std::nullopt);
}

}  // namespace
}  // namespace plumbline::redis
