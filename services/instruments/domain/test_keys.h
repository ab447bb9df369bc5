#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_TEST_KEYS_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_TEST_KEYS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "instruments/domain/scoring.h"

// For tests: three small keys, one of each kind of item, and answers given as plain numbers.
namespace plumbline::instruments {

inline const KeyCatalogue& TestKeys() {
  static const KeyCatalogue* const keys = [] {
    InstrumentKey swai{.id = "swai", .title = "Numbers", .respondent = "worker", .source = "tests"};
    for (int i = 1; i <= 19; ++i) swai.items.push_back({.id = std::to_string(i), .min = 1, .max = 7});
    swai.scores.push_back({.id = "rapport", .items = {"1", "2", "3"}});
    InstrumentKey lass{.id = "lass", .title = "Lines", .respondent = "worker", .source = "tests"};
    InstrumentKey meeting{.id = "meeting-rating", .title = "Lines", .respondent = "parent", .source = "tests"};
    for (int i = 1; i <= 4; ++i) {
      const ItemKey line{.id = std::to_string(i), .kind = ResponseKind::kVisualAnalogue, .min = 0, .max = 10};
      lass.items.push_back(line);
      lass.scores.push_back({.id = "line-" + line.id, .items = {line.id}, .combination = Combination::kSingle});
      meeting.items.push_back(line);
    }
    meeting.scores.push_back({.id = "total", .items = {"1", "2", "3", "4"}, .combination = Combination::kSum});
    InstrumentKey concern{.id = "concern", .title = "Concern", .respondent = "worker", .source = "tests"};
    concern.items.push_back({.id = "1",
                             .kind = ResponseKind::kCategory,
                             .min = 0,
                             .max = 2,
                             .categories = {"none", "low or medium", "high"}});
    concern.scores.push_back({.id = "overall",
                              .items = {"1"},
                              .combination = Combination::kCategory,
                              .direction = Direction::kLowerIsBetter});
    auto made = KeyCatalogue::Create({swai, lass, meeting, concern});
    EXPECT_TRUE(made.ok()) << made.status();
    return new KeyCatalogue(*std::move(made));
  }();
  return *keys;
}

inline const InstrumentKey& TestKey(const std::string& id) { return **TestKeys().Find(id); }

// Answers to items "1", "2", ... in order.
inline std::vector<Answer> NumberedAnswers(const std::vector<double>& values) {
  std::vector<Answer> answers;
  for (size_t i = 0; i < values.size(); ++i) answers.push_back({std::to_string(i + 1), values[i]});
  return answers;
}

// The score `id` of those answers.
inline Score ScoreOf(const InstrumentKey& key, const std::vector<Answer>& answers, const std::string& id) {
  const auto sheet = MakeAnswerSheet(key, answers, "answers");
  EXPECT_TRUE(sheet.ok()) << sheet.status();
  for (const Score& score : ScoreSheet(key, *sheet)) {
    if (score.score == id) return score;
  }
  ADD_FAILURE() << key.id << " has no score " << id;
  return {};
}

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_TEST_KEYS_H_
