#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_INSTRUMENT_KEY_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_INSTRUMENT_KEY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

// The key of a questionnaire: which items it has, what may be answered, and how answers become scores. A key holds no
// item wording, because most instruments are licensed; the wording comes with the trial. Plain data: const use from
// several threads is safe.
namespace plumbline::instruments {

enum class ResponseKind {
  kWholeNumber,     // min, min + 1, ... max
  kVisualAnalogue,  // any value from min to max: a mark on a line
  kCategory,        // 0, 1, ... : positions in a list of labels
};

// How an item is worded. Only scores with points by polarity read it.
enum class Polarity { kUnspecified, kPositive, kNegative };

// Which end of a score is the good one. A property of the score, not of the instrument: the same answers can be
// reported with either end on top. kNone: no end is better (representativeness of a session).
enum class Direction { kHigherIsBetter, kLowerIsBetter, kNone };

enum class Combination {
  kSum,
  kMean,
  kSingle,    // one item as it is
  kCategory,  // one category item: counted, never averaged
};

enum class MissingRuleKind {
  kNoneAllowed,     // every item must be answered, else there is no score
  kProrated,        // with at least `min_answered` items, a sum is multiplied by items / answered
  kMeanOfAnswered,  // mean of the items answered, with at least `min_answered`
};

struct MissingRule {
  MissingRuleKind kind = MissingRuleKind::kNoneAllowed;
  int min_answered = 0;  // 0 for kNoneAllowed; else from 1 to the number of items
  bool operator==(const MissingRule&) const = default;
};

struct ItemKey {
  std::string id{};     // as printed on the form: "1", "4a"
  std::string title{};  // short label of our own, where an item is a score by itself; mostly empty
  ResponseKind kind = ResponseKind::kWholeNumber;
  double min = 0;
  double max = 0;
  Polarity polarity = Polarity::kUnspecified;
  std::vector<std::string> categories{};  // kCategory only, lowest first: the label of answer 0, 1, ...

  bool Allows(double answer) const;
  std::string Rule() const;  // "must be a whole number from 1 to 7"
  // Options to choose from; 0 for a visual analogue line.
  size_t OptionCount() const;
  bool operator==(const ItemKey&) const = default;
};

struct ScoreKey {
  std::string id{};
  std::string title{};
  std::vector<std::string> items{};
  // Items of this score whose answer x counts as min + max - x. Nothing else is ever reversed.
  std::vector<std::string> reversed_items{};
  Combination combination = Combination::kMean;
  Direction direction = Direction::kHigherIsBetter;
  MissingRule missing{};
  // What each option of an item of that polarity counts, lowest option first. Both empty: an answer counts as itself.
  std::vector<double> positive_points{};
  std::vector<double> negative_points{};
  std::string note{};

  bool HasPoints() const { return !positive_points.empty() || !negative_points.empty(); }
  bool Reverses(std::string_view item) const;
  const std::vector<double>& PointsOf(const ItemKey& item) const;
  bool operator==(const ScoreKey&) const = default;
};

// A published mean to hold a group against. Never used in a computation.
struct Norm {
  std::string score{};
  double mean = 0;
  std::string source{};
  std::string note{};
  bool operator==(const Norm&) const = default;
};

struct InstrumentKey {
  std::string id{};
  int version = 1;  // a released version is never edited; a change is a new version
  std::string title{};
  std::string respondent{};  // who answers: "worker", "parent"
  std::string source{};
  std::vector<std::string> notes{};
  std::vector<ItemKey> items{};
  std::vector<ScoreKey> scores{};
  std::vector<Norm> norms{};

  const ItemKey* FindItem(std::string_view item) const;     // nullptr where there is none
  const ScoreKey* FindScore(std::string_view score) const;  // nullptr where there is none
  bool operator==(const InstrumentKey&) const = default;
};

// Limits of a key.
inline constexpr size_t kMaxItems = 500;
inline constexpr size_t kMaxScores = 100;
inline constexpr size_t kMaxOptions = 1001;
inline constexpr size_t kMaxNotes = 50;
inline constexpr size_t kMaxTextBytes = 2000;
inline constexpr double kMaxAbsoluteAnswer = 1e6;

// True for 1 to 20 characters of a-z, 0-9 and -.
bool IsValidItemId(std::string_view id);

// INVALID_ARGUMENT naming every place that is wrong ("scores[1].items[3]"): no items or scores; ids that are malformed
// or stand twice; an empty range; a score of unknown, repeated or no items, or with a missing rule that cannot hold;
// points that do not match the options; a reversal of an item outside the score; a combination that does not fit.
absl::Status ValidateKey(const InstrumentKey& key);

struct ScoreRange {
  double min = 0;
  double max = 0;
};
// Smallest and largest value that complete answers can give. `score` must belong to the valid `key`.
ScoreRange PossibleRange(const InstrumentKey& key, const ScoreKey& score);

// What `answer` to `item` counts in `score`: points, the reversed answer, or the answer itself. The item must allow the
// answer and belong to the score.
double ItemPoints(const ScoreKey& score, const ItemKey& item, double answer);

// Names as they stand in data files: "higher_is_better", "mean", "visual_analogue", "positive", "prorated".
const char* ToString(Direction direction);
const char* ToString(Combination combination);
const char* ToString(ResponseKind kind);
const char* ToString(Polarity polarity);
const char* ToString(MissingRuleKind kind);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_INSTRUMENT_KEY_H_
