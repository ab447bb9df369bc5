#include "coding/domain/coder_view.h"

#include <gtest/gtest.h>

namespace plumbline::coding {
namespace {

TEST(CoderView, NumbersPlaceholdersWithinTheItem) {
  CoderItem item;
  item.context = "[PERSON-57] rang [PERSON-4] from [SCHOOL-9].";
  item.text = "And [PERSON-4]? [INAUDIBLE] [PERSON-58]?";
  item.second_text = "[PERSON-57]";
  item.passages = {{1, "A", "[SCHOOL-2] and [PERSON-58]"}};
  const CoderItem view = ViewOf(item);
  EXPECT_EQ(view.context, "[PERSON-1] rang [PERSON-2] from [SCHOOL-1].");
  EXPECT_EQ(view.text, "And [PERSON-2]? [INAUDIBLE] [PERSON-3]?");
  EXPECT_EQ(view.second_text, "[PERSON-1]");
  EXPECT_EQ(view.passages[0].text, "[SCHOOL-2] and [PERSON-3]");
  // Two items of one session have nothing in common by it.
  CoderItem other;
  other.text = "And [PERSON-58]?";
  EXPECT_EQ(ViewOf(other).text, "And [PERSON-1]?");
}

}  // namespace
}  // namespace plumbline::coding
