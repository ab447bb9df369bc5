#include "common/redis/redirect.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

TEST(KeySlotTest, IsThatOfTheSpecification) {
  EXPECT_EQ(KeySlot("123456789"), 0x31c3);  // the check value of this CRC-16
  EXPECT_EQ(KeySlot("foo"), 12182);
  EXPECT_EQ(KeySlot(""), 0);
}

TEST(KeySlotTest, CountsOnlyTheHashTagWhereThereIsOne) {
  EXPECT_EQ(KeySlot("{user1000}.following"), KeySlot("user1000"));
  EXPECT_EQ(KeySlot("pl:{coding}:job:1"), KeySlot("coding"));
  EXPECT_EQ(KeySlot("foo{{bar}}zap"), KeySlot("{bar"));
  EXPECT_EQ(KeySlot("foo{bar}{zap}"), KeySlot("bar"));
  // No tag: the whole key counts.
  EXPECT_NE(KeySlot("foo{}{bar}"), KeySlot("bar"));
  EXPECT_NE(KeySlot("foo{bar"), KeySlot("bar"));
  EXPECT_NE(KeySlot("}foo{"), KeySlot("foo"));
}

TEST(RedirectTest, ReadsMovedAndAsk) {
  const std::optional<Redirect> moved = ParseRedirect("MOVED 3999 127.0.0.1:6381");
  ASSERT_TRUE(moved.has_value());
  EXPECT_FALSE(moved->asking);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(Address(moved->to), "127.0.0.1:6381");
  const std::optional<Redirect> ask = ParseRedirect("ASK 0 node-2.example.org:65535");
  ASSERT_TRUE(ask.has_value());
  EXPECT_TRUE(ask->asking);
  EXPECT_EQ(ask->slot, 0);
  EXPECT_EQ(ask->to.host, "node-2.example.org");
  EXPECT_EQ(ParseRedirect("MOVED 16383 :7001")->to.host, "");
  EXPECT_EQ(ParseRedirect("MOVED 16383 :7001")->to.port, 7001);
  for (const char* text : {"MOVED 1 2001:db8::1:6379", "MOVED 1 [2001:db8::1]:6379"}) {
    ASSERT_TRUE(ParseRedirect(text).has_value()) << text;
    EXPECT_EQ(ParseRedirect(text)->to.host, "2001:db8::1");
    EXPECT_EQ(ParseRedirect(text)->to.port, 6379);
  }
}

TEST(RedirectTest, TakesNothingElseForARedirection) {
  for (const char* text : {"",
                           "MOVED",
                           "MOVED ",
                           "MOVED 1",
                           "MOVED 1 ",
                           "MOVED  1 h:1",
                           "MOVED 16384 h:1",
                           "MOVED -1 h:1",
                           "MOVED +1 h:1",
                           "MOVED x h:1",
                           "MOVED 1 h",
                           "MOVED 1 h:0",
                           "MOVED 1 h:65536",
                           "MOVED 1 h:",
                           "MOVED 1 :",
                           "MOVED 1 :0",
                           "MOVED 1 ?:6379",
                           "MOVED 1 h:1 more",
                           "MOVED 99999999999999999999 h:1",
                           "moved 1 h:1",
                           "ASK1 h:1",
                           "ASKING 1 h:1",
                           "ERR MOVED 1 h:1",
                           "MOVED 1 a b:1",
                           "MOVED 1 [::1:1",
                           "MOVED 1 ::1]:1"}) {
    EXPECT_FALSE(ParseRedirect(text).has_value()) << text;
  }
}

TEST(RedirectTest, AnyBytesAreReadWithoutHarmAndWhatIsReadIsInRange) {
  std::mt19937 random(11);
  const std::string alphabet = "MOVEDASK 0123456789:[]?.h\r\n\x80";
  int read = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = random() % 2 == 0 ? "MOVED " : "ASK ";
    for (auto n = random() % 12; n > 0; --n) text += alphabet[random() % alphabet.size()];
    if (random() % 4 == 0) text += absl::StrCat(" h:", random() % 70000);
    const std::optional<Redirect> redirect = ParseRedirect(text);
    if (!redirect.has_value()) continue;
    ++read;
    EXPECT_GE(redirect->slot, 0);
    EXPECT_LT(redirect->slot, kClusterSlots);
    EXPECT_GE(redirect->to.port, 1);
    EXPECT_LE(redirect->to.port, 65535);
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace plumbline::redis
