#include "coding/domain/pairs.h"

#include "coding/domain/test_violations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

TEST(ParsePairsCsv, ReadsPairsBySession) {
  const auto sessions = ParsePairsCsv(
      "first,session,second,note\n"
      "\"See her  friends\",s1,Out more,x\n"
      "Sleep,s2,Sleep well,\n"
      "Eat,s1,\"Cook, and eat\",\n",
      {});
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  ASSERT_EQ(sessions->size(), 2u);
  EXPECT_EQ((*sessions)[0].session, "s1");
  ASSERT_EQ((*sessions)[0].pairs.size(), 2u);
  EXPECT_EQ((*sessions)[0].pairs[0].first, "See her friends");
  EXPECT_EQ((*sessions)[0].pairs[1].second, "Cook, and eat");
  EXPECT_EQ((*sessions)[1].pairs[0].second, "Sleep well");
}

TEST(ParsePairsCsv, NamesEveryBadCell) {
  PairLimits limits;
  limits.max_text_bytes = 5;
  limits.max_pairs = 3;
  const auto bad = ParsePairsCsv("session,first,second\nS 1,one,\ns1,longer,two\n", limits);
  for (const char* part : {"row 2, column session", "row 2, column second", "row 3, column first"}) {
    EXPECT_THAT(ViolationsText(bad.status()), HasSubstr(part));
  }
  EXPECT_FALSE(ParsePairsCsv("session,first\ns1,one\n", limits).ok());
  EXPECT_FALSE(ParsePairsCsv("session,first,second\n", limits).ok());
  EXPECT_FALSE(ParsePairsCsv("", limits).ok());
  EXPECT_TRUE(ParsePairsCsv("session,first,second\na,b,c\na,b,d\nb,b,c\n", limits).ok());
  EXPECT_FALSE(ParsePairsCsv("session,first,second\na,b,c\na,b,d\na,b,e\na,b,f\n", limits).ok());
  EXPECT_EQ(ViolationsText(ParsePairsCsv("session,first,second\na,b,c\na,b ,c\n", limits).status()),
            "row 3, column second: value \"c\": makes the pair of row 2 once more: codes could not be told apart\n");
}

}  // namespace
}  // namespace plumbline::coding
