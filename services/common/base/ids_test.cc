#include "common/base/ids.h"

#include <set>

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(IdsTest, AreValidAndDistinct) {
  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) {
    const std::string id = SystemIds().NewId();
    ASSERT_EQ(id.size(), 26u);
    ASSERT_TRUE(IsValidResourceId(id)) << id;
    ASSERT_TRUE(seen.insert(id).second) << id;
  }
}

TEST(IdsTest, SeededIdsRepeat) {
  SeededIds a(7), b(7), c(8);
  const std::string first = a.NewId();
  EXPECT_EQ(first, b.NewId());
  EXPECT_NE(first, c.NewId());
  EXPECT_NE(first, a.NewId());
}

TEST(ResourceIdTest, FollowsTheRule) {
  for (const char* good : {"a", "north-team-2", "t1"}) EXPECT_TRUE(IsValidResourceId(good)) << good;
  for (const char* bad : {"", "1a", "-a", "a-", "A", "a b", "a/b", "\xC3\xA9"})
    EXPECT_FALSE(IsValidResourceId(bad)) << bad;
  EXPECT_TRUE(IsValidResourceId(std::string(63, 'a')));
  EXPECT_FALSE(IsValidResourceId(std::string(64, 'a')));
}

}  // namespace
}  // namespace plumbline
