#include "coding/domain/suggest.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coding/domain/test_violations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

Frame ListFrame() {
  Frame frame;
  frame.id = "list";
  frame.kind = FrameKind::kNominatedList;
  frame.entries = {{"1", "One", ""}, {"2", "Two", ""}};
  frame.threshold = Fraction{1, 3};
  return frame;
}

SuggestionRules Rules() {
  SuggestionRules rules;
  rules.id = "list";
  rules.version = 1;
  rules.frame_id = "list";
  rules.source = "a test";
  rules.threshold = 3;
  rules.classes["family"] = {"mum", "dad"};
  rules.rules = {{"wants", "1", 3, "asks what they want", {"what ... @family want|wants"}},
                 {"works", "2", 2, "asks whether it works", {"is it working"}},
                 {"notice", "2", 2, "asks who will notice", {"notice"}},
                 {"starts-with-who", "", -2, "asks for a name", {"< who"}}};
  return rules;
}

Suggester Make(SuggestionRules rules = Rules()) {
  auto suggester = Suggester::Create(std::move(rules), ListFrame());
  EXPECT_TRUE(suggester.ok()) << suggester.status();
  return *std::move(suggester);
}

TEST(SuggesterTest, ProposesWithTheWordsThatSaySo) {
  const Suggestion suggestion = Make().Suggest("So, WHAT do you think Mum wants?");
  EXPECT_TRUE(suggestion.outcomes_focused);
  EXPECT_EQ(suggestion.nomination, "1");
  EXPECT_EQ(suggestion.score, 3);
  ASSERT_EQ(suggestion.fired.size(), 1u);
  EXPECT_EQ(suggestion.fired[0].rule, "wants");
  EXPECT_EQ(suggestion.fired[0].words, "what do you think mum wants");
}

TEST(SuggesterTest, GapsAndThreshold) {
  const Suggester suggester = Make();
  EXPECT_TRUE(suggester.Suggest("what one two three four mum wants").outcomes_focused);
  EXPECT_FALSE(suggester.Suggest("what one two three four five mum wants").outcomes_focused);
  const Suggestion weak = suggester.Suggest("Is it working?");  // 2 of 3
  EXPECT_FALSE(weak.outcomes_focused);
  EXPECT_EQ(weak.nomination, "");
  EXPECT_EQ(weak.score, 2);
  const Suggestion both = suggester.Suggest("Is it working, and would they notice?");  // two rules of one entry
  EXPECT_TRUE(both.outcomes_focused);
  EXPECT_EQ(both.nomination, "2");
}

TEST(SuggesterTest, RulesAgainstAndTheStartOfAQuestion) {
  const Suggester suggester = Make();
  EXPECT_FALSE(suggester.Suggest("And who says what mum wants?").outcomes_focused);      // 3 - 2
  EXPECT_TRUE(suggester.Suggest("What does mum want, and who says?").outcomes_focused);  // not at its start
  EXPECT_FALSE(suggester.Suggest("").outcomes_focused);
  EXPECT_FALSE(suggester.Suggest("so and but").outcomes_focused);
  EXPECT_EQ(suggester.Suggest("who?").score, 0);
}

TEST(SuggesterTest, AmongEqualsTheFirstEntryOfTheFrame) {
  SuggestionRules rules = Rules();
  rules.rules = {{"b", "2", 3, "b", {"same"}}, {"a", "1", 3, "a", {"same"}}};
  EXPECT_EQ(Make(rules).Suggest("same").nomination, "1");
}

TEST(SuggesterTest, AHostileTextCostsLittle) {
  SuggestionRules rules = Rules();
  rules.rules = {{"deep", "1", 3, "deep", {"a ... a ... a ... a ... b"}}};
  std::string text;
  while (text.size() < 100'000) text += "a ";
  EXPECT_FALSE(Make(rules).Suggest(text).outcomes_focused);
}

TEST(SuggesterTest, NamesEveryViolation) {
  SuggestionRules rules = Rules();
  rules.threshold = 0;
  rules.rules = {{"", "9", 3, "reason", {"a"}},
                 {"x", "1", -1, "", {"... a", "a ...", "a < b", "@nobody", ""}},
                 {"x", "", 2, "reason", {"a ... a ... a ... a ... a ... a"}}};
  const auto status = Suggester::Create(rules, ListFrame()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* part : {"threshold", "rules[0].id", "rules[0].entry", "rules[1].weight", "rules[1].reason",
                           "rules[1].match[0]", "rules[1].match[1]", "rules[1].match[2]", "not a class",
                           "rules[1].match[4]", "rules[2].id", "rules[2].weight", "rules[2].match[0]"}) {
    EXPECT_THAT(ViolationsText(status), HasSubstr(part));
  }
  Frame other = ListFrame();
  other.id = "other";
  EXPECT_FALSE(Suggester::Create(Rules(), other).ok());
}

TEST(SuggesterTest, ShownOnlyAsTheStudySays) {
  const Code no;
  Code skip;
  skip.skip_reason = "inaudible";
  for (const std::optional<Code>& newest :
       {std::optional<Code>(), std::optional<Code>(no), std::optional<Code>(skip)}) {
    EXPECT_FALSE(MayShowSuggestion(SuggestionMode::kNever, newest));
    EXPECT_TRUE(MayShowSuggestion(SuggestionMode::kBeforeAnswer, newest));
  }
  EXPECT_FALSE(MayShowSuggestion(SuggestionMode::kAfterAnswer, std::nullopt));
  EXPECT_FALSE(MayShowSuggestion(SuggestionMode::kAfterAnswer, skip));
  EXPECT_TRUE(MayShowSuggestion(SuggestionMode::kAfterAnswer, no));
  EXPECT_EQ(Study{}.suggestions, SuggestionMode::kNever);
}

TEST(SuggesterTest, FitsTheFrameItWasMadeForAndNoOther) {
  Suggesters suggesters;
  suggesters.emplace("list", Make());
  const Frame frame = ListFrame();
  ASSERT_NE(FindSuggester(suggesters, frame), nullptr);
  EXPECT_EQ(RulesName(FindSuggester(suggesters, frame)->rules()), "list@1");
  Frame other = frame;
  other.id = "another";
  EXPECT_EQ(FindSuggester(suggesters, other), nullptr);
  other = frame;
  other.version = frame.version + 1;
  EXPECT_EQ(FindSuggester(suggesters, other), nullptr);
  other = frame;
  other.entries[1].id = "2a";
  EXPECT_EQ(FindSuggester(suggesters, other), nullptr);
  other.entries = {frame.entries[0]};
  EXPECT_EQ(FindSuggester(suggesters, other), nullptr);
}

}  // namespace
}  // namespace plumbline::coding
