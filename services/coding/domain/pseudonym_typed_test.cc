#include "coding/domain/pseudonym_typed.h"

#include <gtest/gtest.h>

#include <string>

#include "coding/domain/codes.h"

namespace plumbline::coding {
namespace {

TEST(CleanCodesTable, DigestsAnswersAndNoWords) {
  const std::string raw =
      "session,turn,question,coder,outcomes_focused,notes,skip_reason\n"
      "a,1,Did you ring Jayden?,c1,1,\"see Jayden, ring\",\n";
  const CleanCodes same = CleanCodesTable(raw);
  EXPECT_EQ(same.csv, raw);
  EXPECT_EQ(same.digested, "session,turn,question,coder,outcomes_focused,notes,skip_reason\na,1,20,c1,1,16,\n");
  const CleanCodes skipped = CleanCodesTable("item,skip_reason,version\ni1,\"Mr Brown, again\",0\n");
  EXPECT_EQ(skipped.csv, "item,skip_reason,version\ni1,\"Mr [PERSON-1], again\",0\n");
  EXPECT_EQ(skipped.digested, skipped.csv);
  EXPECT_EQ(CleanCodesTable("a,b\n1\n").csv, "a,b\n1\n");  // no table: for the reader to refuse
}

// What is too long for a reason is refused by whoever checks it, so that no time goes into searching it.
TEST(HideInReason, LeavesWhatWillBeRefused) {
  EXPECT_EQ(HideInReason("ask Mrs Brown"), "ask Mrs [PERSON-1]");
  const std::string longest = std::string(kMaxStoredReasonBytes - 4, 'x') + " Mrs Brown";
  EXPECT_EQ(HideInReason(longest), longest);
}

}  // namespace
}  // namespace plumbline::coding
