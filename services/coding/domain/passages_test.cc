#include "coding/domain/passages.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

TEST(Passages, SpeakersBecomeLettersInTheOrderInWhichTheySpeak) {
  const std::vector<Passage> passages = ToPassages({{7, "Parent", Role::kParent, "One.", 100, 200},
                                                    {8, "Anna (Supervisor)", Role::kSupervisor, "Two.", 200, 300},
                                                    {12, "", Role::kUnknown, "Three.", {}, {}},
                                                    {13, "Parent", Role::kParent, "Four.", {}, {}}});
  ASSERT_EQ(passages.size(), 4u);
  const char* const voices[] = {"A", "B", "", "A"};
  const char* const texts[] = {"One.", "Two.", "Three.", "Four."};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(passages[i].number, static_cast<int>(i) + 1);
    EXPECT_EQ(passages[i].voice, voices[i]);
    EXPECT_EQ(passages[i].text, texts[i]);
  }
}

TEST(Passages, LettersGoOnAfterZ) {
  std::vector<Turn> turns;
  for (int i = 0; i < 704; ++i) turns.push_back({i + 1, absl::StrCat("Speaker ", i), Role::kOther, "Hm.", {}, {}});
  const std::vector<Passage> passages = ToPassages(turns);
  EXPECT_EQ(passages[25].voice, "Z");
  EXPECT_EQ(passages[26].voice, "AA");
  EXPECT_EQ(passages[701].voice, "ZZ");
  EXPECT_EQ(passages[702].voice, "AAA");
}

}  // namespace
}  // namespace plumbline::coding
