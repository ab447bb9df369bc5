#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "instruments/domain/scoring.h"
#include "instruments/storage/test_shipped_keys.h"

namespace plumbline::instruments {
namespace {

// Properties that hold for every response, tried on random ones from a fixed seed.
constexpr int kTrials = 500;

class RandomResponses {
 public:
  double AllowedAnswer(const ItemKey& item) {
    if (item.kind == ResponseKind::kVisualAnalogue) return std::uniform_real_distribution(item.min, item.max)(engine_);
    return item.min + std::uniform_int_distribution<int>(0, static_cast<int>(item.OptionCount()) - 1)(engine_);
  }

  std::vector<Answer> Complete(const InstrumentKey& key) {
    std::vector<Answer> answers;
    for (const ItemKey& item : key.items) answers.push_back({item.id, AllowedAnswer(item)});
    return answers;
  }

  std::vector<Answer> WithGaps(const InstrumentKey& key) {
    std::vector<Answer> answers = Complete(key);
    for (Answer& answer : answers) {
      if (std::bernoulli_distribution(0.2)(engine_)) answer.value = std::nullopt;
    }
    return answers;
  }

  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_{20240501};
};

TEST(ScoringPropertyTest, OrderOfAnswersChangesNoDigit) {
  RandomResponses random;
  for (const InstrumentKey* key : ShippedKeys().Newest()) {
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<Answer> answers = random.WithGaps(*key);
      const std::vector<Score> scores = ScoreSheet(*key, *MakeAnswerSheet(*key, answers, "answers"));
      std::shuffle(answers.begin(), answers.end(), random.engine());
      const std::vector<Score> shuffled = ScoreSheet(*key, *MakeAnswerSheet(*key, answers, "answers"));
      for (size_t s = 0; s < scores.size(); ++s) {
        ASSERT_EQ(scores[s].value.value, shuffled[s].value.value) << key->id << " " << scores[s].score;
      }
    }
  }
}

TEST(ScoringPropertyTest, ScoresLieWithinTheirPossibleRangeAndReachItsEnds) {
  RandomResponses random;
  for (const InstrumentKey* key : ShippedKeys().Newest()) {
    for (const ScoreKey& score_key : key->scores) {
      const ScoreRange range = PossibleRange(*key, score_key);
      for (int trial = 0; trial < kTrials; ++trial) {
        const double value = *ScoreOf(*key, random.Complete(*key), score_key.id).value;
        ASSERT_GE(value, range.min) << key->id << " " << score_key.id;
        ASSERT_LE(value, range.max) << key->id << " " << score_key.id;
      }
      std::vector<Answer> lowest;
      std::vector<Answer> highest;
      for (const ItemKey& item : key->items) {
        const bool reversed = score_key.Reverses(item.id);
        lowest.push_back({item.id, reversed ? item.max : item.min});
        highest.push_back({item.id, reversed ? item.min : item.max});
      }
      EXPECT_DOUBLE_EQ(*ScoreOf(*key, lowest, score_key.id).value, range.min) << key->id << " " << score_key.id;
      EXPECT_DOUBLE_EQ(*ScoreOf(*key, highest, score_key.id).value, range.max) << key->id << " " << score_key.id;
    }
  }
}

TEST(ScoringPropertyTest, ReversingTwiceIsTheAnswerItself) {
  RandomResponses random;
  ScoreKey reversing;
  for (const ItemKey& item : ShippedKey("wai-s").items) reversing.reversed_items.push_back(item.id);
  for (const ItemKey& item : ShippedKey("wai-s").items) {
    for (double answer = item.min; answer <= item.max; ++answer) {
      const double once = ItemPoints(reversing, item, answer);
      EXPECT_TRUE(item.Allows(once));
      EXPECT_EQ(ItemPoints(reversing, item, once), answer);
    }
  }
}

TEST(ScoringPropertyTest, CorrectedGhqIsNeverBelowBimodalAndNeverAboveLikert) {
  RandomResponses random;
  const InstrumentKey& key = ShippedKey("ghq-12");
  for (int trial = 0; trial < 20 * kTrials; ++trial) {
    const std::vector<Answer> answers = random.Complete(key);
    const double corrected = *ScoreOf(key, answers, "corrected").value;
    ASSERT_GE(corrected, *ScoreOf(key, answers, "bimodal").value);
    ASSERT_LE(corrected, *ScoreOf(key, answers, "likert").value);
  }
}

}  // namespace
}  // namespace plumbline::instruments
