#include "instruments/domain/scoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "absl/strings/match.h"
#include "instruments/domain/test_keys.h"

namespace plumbline::instruments {
namespace {

InstrumentKey FiveItems(Combination combination, MissingRule missing) {
  InstrumentKey key{.id = "five", .version = 3, .title = "Five", .respondent = "worker", .source = "this test"};
  for (int i = 1; i <= 5; ++i) key.items.push_back({.id = std::to_string(i), .min = 0, .max = 2});
  key.scores.push_back({.id = "score",
                        .title = "Score",
                        .items = {"1", "2", "3", "4", "5"},
                        .combination = combination,
                        .missing = missing});
  EXPECT_TRUE(ValidateKey(key).ok()) << ValidateKey(key);
  return key;
}

TEST(ScoringTest, ProratedSumIsScaledToAllItemsAndKeepsItsRule) {
  const MissingRule rule{MissingRuleKind::kProrated, 3};
  const InstrumentKey key = FiveItems(Combination::kSum, rule);
  // 2 + 1 + 1 = 4 on three of five: 4 x 5 / 3.
  const Score score = ScoreOf(key, {{"1", 2}, {"3", 1}, {"5", 1}}, "score");
  EXPECT_DOUBLE_EQ(*score.value, 20.0 / 3);
  EXPECT_EQ(score.missing, rule);
  EXPECT_EQ(score.answered, 3);
  const Score too_few = ScoreOf(key, {{"1", 2}, {"3", 1}}, "score");
  EXPECT_FALSE(too_few.value.defined());
  EXPECT_TRUE(absl::StrContains(too_few.explanation, "prorated asks for 3 of 5")) << too_few.explanation;
  EXPECT_DOUBLE_EQ(*ScoreOf(key, NumberedAnswers({2, 2, 2, 2, 1}), "score").value, 9);
}

TEST(ScoringTest, MeanOfAnsweredDividesByTheAnswered) {
  const InstrumentKey key = FiveItems(Combination::kMean, {MissingRuleKind::kMeanOfAnswered, 2});
  EXPECT_DOUBLE_EQ(*ScoreOf(key, {{"2", 2}, {"4", 1}}, "score").value, 1.5);
  EXPECT_FALSE(ScoreOf(key, {{"2", 2}}, "score").value.defined());
}

TEST(ScoringTest, ResultNamesTheKeyVersion) {
  const InstrumentKey key = FiveItems(Combination::kSum, {});
  const auto scored = ScoreSubmission(key, {"five", "w1", "t1", NumberedAnswers({0, 1, 2, 0, 1})}, "");
  ASSERT_TRUE(scored.ok()) << scored.status();
  EXPECT_EQ(scored->key_version, 3);
  EXPECT_EQ(scored->instrument, "five");
  ASSERT_EQ(scored->scores.size(), 1u);
  EXPECT_DOUBLE_EQ(*scored->scores[0].value, 4);
}

struct BadAnswers {
  const char* name;
  std::vector<Answer> answers;
  const char* field;
  const char* says;
};

class BadAnswersTest : public testing::TestWithParam<BadAnswers> {};

TEST_P(BadAnswersTest, AreRefusedByPlaceValueAndRule) {
  const auto sheet = MakeAnswerSheet(TestKey("swai"), GetParam().answers, "answers");
  ASSERT_FALSE(sheet.ok());
  EXPECT_EQ(sheet.status().code(), absl::StatusCode::kInvalidArgument);
  const auto detail = GetErrorDetail(sheet.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->violations[0].field, GetParam().field);
  EXPECT_TRUE(absl::StrContains(detail->violations[0].description, GetParam().says))
      << detail->violations[0].description;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAnswersTest,
    testing::Values(
        BadAnswers{"Unknown", {{"1", 1}, {"20", 1}}, "answers[1].item", "value \"20\": must be an item of swai"},
        BadAnswers{"TooHigh",
                   {{"3", 8}},
                   "answers[0].value",
                   "value \"8\": item 3 of swai must be a whole number from 1 to 7"},
        BadAnswers{"TooLow", {{"3", 0}}, "answers[0].value", "value \"0\""},
        BadAnswers{"Fraction", {{"3", 2.5}}, "answers[0].value", "value \"2.5\""},
        BadAnswers{"NotANumber", {{"3", std::nan("")}}, "answers[0].value", "whole number"},
        BadAnswers{"Infinite", {{"3", std::numeric_limits<double>::infinity()}}, "answers[0].value", "whole number"},
        BadAnswers{"Twice", {{"3", 2}, {"3", 2}}, "answers[1].item", "answered twice"},
        BadAnswers{"None", {}, "answers", "is required"}),
    [](const auto& test) { return test.param.name; });

TEST(ScoreBatchTest, KeepsTheOrderAndScoresEach) {
  const std::vector<Submission> submissions = {{"concern", "f2", "t2", {{"1", 1}}},
                                               {"meeting-rating", "f1", "t2", NumberedAnswers({1, 2, 3, 4})},
                                               {"concern", "f1", "t2", {{"1", 0}}}};
  const auto batch = ScoreBatch(TestKeys(), submissions);
  ASSERT_TRUE(batch.ok()) << batch.status();
  ASSERT_EQ(batch->size(), 3u);
  EXPECT_EQ((*batch)[0].scores[0].category, "low or medium");
  EXPECT_DOUBLE_EQ(*(*batch)[1].scores[0].value, 10);
  EXPECT_EQ((*batch)[2].participant, "f1");
}

TEST(ScoreBatchTest, NamesEverythingThatIsWrongAndScoresNothing) {
  const auto batch = ScoreBatch(TestKeys(), {{"concern", "f1", "t2", {{"1", 1}}},
                                             {"nonesuch", "f1", "t2", {{"1", 1}}},
                                             {"concern", "f1", "t2", {{"1", 1}}},
                                             {"concern", "Jane Smith", "T2", {{"1", 3}}}});
  ASSERT_FALSE(batch.ok());
  const auto detail = GetErrorDetail(batch.status());
  std::vector<std::string> fields;
  for (const FieldViolation& violation : detail->violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, testing::ElementsAre("responses[1].instrument", "responses[2]", "responses[3].participant",
                                           "responses[3].wave", "responses[3].answers[0].value"));
}

}  // namespace
}  // namespace plumbline::instruments
