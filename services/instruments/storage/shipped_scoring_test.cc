#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "instruments/domain/scoring.h"
#include "instruments/storage/test_shipped_keys.h"

namespace plumbline::instruments {
namespace {

// Expected scores in this file are worked out by hand from the keys in the evaluation reports.

TEST(ShippedScoringTest, SwaiIsTwoItemMeans) {
  const InstrumentKey& key = ShippedKey("swai");
  // Rapport: 7+6+5+7+6+5+7+6+5+7+6+5 = 72, / 12 = 6. Client Focus: 1+2+3+4+5+6+7 = 28, / 7 = 4.
  const auto answers = NumberedAnswers({7, 6, 5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 1, 2, 3, 4, 5, 6, 7});
  const Score rapport = ScoreOf(key, answers, "rapport");
  EXPECT_DOUBLE_EQ(*rapport.value, 6.0);
  EXPECT_EQ(rapport.answered, 12);
  EXPECT_EQ(rapport.items, 12);
  EXPECT_EQ(rapport.direction, Direction::kHigherIsBetter);
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "client-focus").value, 4.0);
}

TEST(ShippedScoringTest, LassReportsItsLinesSeparatelyAndMayLackOne) {
  const InstrumentKey& key = ShippedKey("lass");
  const std::vector<Answer> answers = {{"1", 9.2}, {"2", 8.75}, {"3", std::nullopt}, {"4", 0.0}};
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "approach").value, 9.2);
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "relationship").value, 8.75);
  const Score needs = ScoreOf(key, answers, "meeting-needs");
  EXPECT_FALSE(needs.value.defined());
  EXPECT_EQ(needs.value.reason, stats::Undefined::kNoData);
  const Score representativeness = ScoreOf(key, answers, "representativeness");
  EXPECT_DOUBLE_EQ(*representativeness.value, 0.0);
  EXPECT_EQ(representativeness.direction, Direction::kNone);
}

TEST(ShippedScoringTest, GhqHasThreeScoringsOfOneResponse) {
  const InstrumentKey& key = ShippedKey("ghq-12");
  // Item:    1  2  3  4  5  6  7  8  9 10 11 12      positive: 1 3 4 7 8 12
  // Answer:  1  1  2  0  3  0  2  1  1  2  0  3
  const auto answers = NumberedAnswers({1, 1, 2, 0, 3, 0, 2, 1, 1, 2, 0, 3});
  // Likert: 1+1+2+0+3+0+2+1+1+2+0+3 = 16.
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "likert").value, 16.0);
  // Bimodal counts the answers 2 and 3: items 3, 5, 7, 10, 12 = 5.
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "bimodal").value, 5.0);
  // Corrected adds the answers 1 to negative items: 2 and 9. 5 + 2 = 7.
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "corrected").value, 7.0);
  for (const char* id : {"likert", "bimodal", "corrected"}) {
    EXPECT_EQ(ScoreOf(key, answers, id).direction, Direction::kLowerIsBetter) << id;
  }
}

TEST(ShippedScoringTest, GhqPolarityOfEveryItem) {
  const InstrumentKey& key = ShippedKey("ghq-12");
  const std::set<int> positive = {1, 3, 4, 7, 8, 12};
  for (int item = 1; item <= 12; ++item) {
    std::vector<double> values(12, 0);
    values[static_cast<size_t>(item) - 1] = 1;  // only the corrected scoring of a negative item counts this option
    EXPECT_DOUBLE_EQ(*ScoreOf(key, NumberedAnswers(values), "corrected").value, positive.contains(item) ? 0 : 1)
        << item;
    EXPECT_DOUBLE_EQ(*ScoreOf(key, NumberedAnswers(values), "bimodal").value, 0) << item;
  }
}

TEST(ShippedScoringTest, WaiReversesItems4And10AndNothingElse) {
  const InstrumentKey& key = ShippedKey("wai-s");
  // Item:                              1  2  3  4  5  6  7  8  9 10 11 12
  const auto answers = NumberedAnswers({7, 6, 5, 2, 4, 6, 7, 5, 4, 1, 7, 6});
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "task").value, (7 + 6 + 5 + 6) / 4.0);  // 1 2 8 12
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "bond").value, (5 + 4 + 7 + 4) / 4.0);  // 3 5 7 9
  // Goal: 4 reversed 8 - 2 = 6, 6, 10 reversed 8 - 1 = 7, 7.
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "goal").value, (6 + 6 + 7 + 7) / 4.0);
  EXPECT_EQ(ScoreOf(key, answers, "goal").direction, Direction::kHigherIsBetter);
}

TEST(ShippedScoringTest, WaiInTheFormOfThePilotIsTheMirrorImage) {
  const InstrumentKey& key = ShippedKey("wai-s");
  const auto answers = NumberedAnswers({7, 6, 5, 2, 4, 6, 7, 5, 4, 1, 7, 6});
  for (const std::string id : {"task", "bond", "goal"}) {
    const Score low = ScoreOf(key, answers, id + "-low");
    EXPECT_DOUBLE_EQ(*low.value, 8 - *ScoreOf(key, answers, id).value) << id;
    EXPECT_EQ(low.direction, Direction::kLowerIsBetter) << id;
  }
}

TEST(ShippedScoringTest, WaiOnAFormWithOneForAlwaysIsLowerIsBetterAsAnswered) {
  const InstrumentKey& key = ShippedKey("wai-s-low");
  // Task 1 2 8 12: 1, 2, 2, 2. Goal: 4 reversed 8 - 7 = 1, 6: 2, 10 reversed 8 - 6 = 2, 11: 1.
  const auto answers = NumberedAnswers({1, 2, 1, 7, 3, 2, 2, 2, 2, 6, 1, 2});
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "task").value, 1.75);
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "goal").value, 1.5);
  EXPECT_EQ(ScoreOf(key, answers, "goal").direction, Direction::kLowerIsBetter);
}

TEST(ShippedScoringTest, MeetingRatingIsFourLinesAndTheirSum) {
  const InstrumentKey& key = ShippedKey("meeting-rating");
  const auto answers = NumberedAnswers({8.5, 7.25, 10, 0});
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "goals-and-topics").value, 7.25);
  EXPECT_DOUBLE_EQ(*ScoreOf(key, answers, "total").value, 25.75);
}

TEST(ShippedScoringTest, ConcernIsACategoryAndMayBeBlank) {
  const InstrumentKey& key = ShippedKey("concern");
  const Score high = ScoreOf(key, {{"1", 2}}, "overall");
  EXPECT_EQ(high.category, "high");
  EXPECT_DOUBLE_EQ(*high.value, 2);
  const Score blank = ScoreOf(key, {{"1", std::nullopt}}, "overall");
  EXPECT_FALSE(blank.value.defined());
  EXPECT_EQ(blank.category, "");
}

TEST(ShippedScoringTest, AMissingItemWithNoneAllowedGivesNoScoreAndIsNamed) {
  std::vector<Answer> answers = NumberedAnswers({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  answers.erase(answers.begin() + 6);  // not listed at all
  answers[8].value = std::nullopt;     // item 10, listed and left out
  const Score score = ScoreOf(ShippedKey("ghq-12"), answers, "corrected");
  EXPECT_FALSE(score.value.defined());
  EXPECT_EQ(score.value.reason, stats::Undefined::kTooFewValues);
  EXPECT_EQ(score.answered, 10);
  EXPECT_TRUE(absl::StrContains(score.explanation, "left out: 7, 10")) << score.explanation;
  EXPECT_TRUE(absl::StrContains(score.explanation, "12 of 12")) << score.explanation;
}

}  // namespace
}  // namespace plumbline::instruments
