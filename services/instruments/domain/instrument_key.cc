#include "instruments/domain/instrument_key.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace plumbline::instruments {

bool ItemKey::Allows(double answer) const {
  // The comparison refuses NaN too.
  if (!(answer >= min && answer <= max)) return false;
  return kind == ResponseKind::kVisualAnalogue || std::floor(answer) == answer;
}

std::string ItemKey::Rule() const {
  switch (kind) {
    case ResponseKind::kVisualAnalogue:
      return absl::StrCat("must be a number from ", min, " to ", max);
    case ResponseKind::kWholeNumber:
      return absl::StrCat("must be a whole number from ", min, " to ", max);
    case ResponseKind::kCategory:
      break;
  }
  std::string rule = "must be one of";
  for (size_t i = 0; i < categories.size(); ++i) {
    absl::StrAppend(&rule, i == 0 ? " " : ", ", i, " (", categories[i], ")");
  }
  return rule;
}

size_t ItemKey::OptionCount() const {
  return kind == ResponseKind::kVisualAnalogue ? 0 : static_cast<size_t>(max - min) + 1;
}

bool ScoreKey::Reverses(std::string_view item) const {
  return std::find(reversed_items.begin(), reversed_items.end(), item) != reversed_items.end();
}

const std::vector<double>& ScoreKey::PointsOf(const ItemKey& item) const {
  return item.polarity == Polarity::kNegative ? negative_points : positive_points;
}

const ItemKey* InstrumentKey::FindItem(std::string_view item) const {
  const auto it = std::find_if(items.begin(), items.end(), [&](const ItemKey& i) { return i.id == item; });
  return it == items.end() ? nullptr : &*it;
}

const ScoreKey* InstrumentKey::FindScore(std::string_view score) const {
  const auto it = std::find_if(scores.begin(), scores.end(), [&](const ScoreKey& s) { return s.id == score; });
  return it == scores.end() ? nullptr : &*it;
}

bool IsValidItemId(std::string_view id) {
  constexpr size_t kMaxBytes = 20;
  return !id.empty() && id.size() <= kMaxBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

double ItemPoints(const ScoreKey& score, const ItemKey& item, double answer) {
  if (score.HasPoints()) return score.PointsOf(item)[static_cast<size_t>(answer - item.min)];
  return score.Reverses(item.id) ? item.min + item.max - answer : answer;
}

ScoreRange PossibleRange(const InstrumentKey& key, const ScoreKey& score) {
  ScoreRange range;
  for (const std::string& id : score.items) {
    const ItemKey& item = *key.FindItem(id);
    if (score.HasPoints()) {
      const auto [least, most] = std::minmax_element(score.PointsOf(item).begin(), score.PointsOf(item).end());
      range.min += *least;
      range.max += *most;
    } else {
      range.min += item.min;
      range.max += item.max;
    }
  }
  if (score.combination == Combination::kMean) {
    range.min /= static_cast<double>(score.items.size());
    range.max /= static_cast<double>(score.items.size());
  }
  return range;
}

const char* ToString(Direction direction) {
  switch (direction) {
    case Direction::kHigherIsBetter:
      return "higher_is_better";
    case Direction::kLowerIsBetter:
      return "lower_is_better";
    case Direction::kNone:
      break;
  }
  return "none";
}

const char* ToString(Combination combination) {
  switch (combination) {
    case Combination::kSum:
      return "sum";
    case Combination::kMean:
      return "mean";
    case Combination::kSingle:
      return "single";
    case Combination::kCategory:
      break;
  }
  return "category";
}

const char* ToString(ResponseKind kind) {
  switch (kind) {
    case ResponseKind::kWholeNumber:
      return "whole_number";
    case ResponseKind::kVisualAnalogue:
      return "visual_analogue";
    case ResponseKind::kCategory:
      break;
  }
  return "category";
}

const char* ToString(Polarity polarity) {
  switch (polarity) {
    case Polarity::kPositive:
      return "positive";
    case Polarity::kNegative:
      return "negative";
    case Polarity::kUnspecified:
      break;
  }
  return "unspecified";
}

const char* ToString(MissingRuleKind kind) {
  switch (kind) {
    case MissingRuleKind::kNoneAllowed:
      return "none_allowed";
    case MissingRuleKind::kProrated:
      return "prorated";
    case MissingRuleKind::kMeanOfAnswered:
      break;
  }
  return "mean_of_answered";
}

}  // namespace plumbline::instruments
