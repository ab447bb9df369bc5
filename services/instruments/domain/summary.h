#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_SUMMARY_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_SUMMARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "instruments/domain/comparison.h"
#include "instruments/domain/instrument_key.h"
#include "instruments/domain/scoring.h"

// One score by group and wave: figures, comparison of the groups, change from the first to the last wave. Pure and
// thread-safe.
namespace plumbline::instruments {

// One participant's score in one wave, as it was stored.
struct Observation {
  std::string participant;
  std::string wave;
  int key_version = 0;
  Score score;
};

struct GroupMembers {
  std::string label;
  std::vector<std::string> participants;
};

struct CategoryCount {
  std::string category;
  int64_t count = 0;
  // Of those who answered; kNoData when nobody did. In percent, not rounded.
  stats::Figure percent;
};

struct GroupSummary {
  std::string group;
  std::string wave;
  // For a category score only `missing` and descriptives.n are meant: categories are counted, not averaged.
  GroupFigures figures;
  std::vector<CategoryCount> categories;  // category scores only, in the order of the key, zeros included
};

struct WaveComparison {
  std::string wave;
  Comparison comparison;
};

// Change among those of a group who have a value in both waves: later minus earlier.
struct GroupChange {
  std::string group;
  std::string from_wave;
  std::string to_wave;
  GroupFigures figures;  // `missing`: members without a value in one of the two waves
};

struct ScoreSummary {
  std::vector<GroupSummary> summaries;      // by wave, then by group, in the order asked for
  std::vector<WaveComparison> comparisons;  // one for each wave, where there are two groups or more
  std::vector<GroupChange> changes;         // one for each group, where there are two waves or more
  Direction direction = Direction::kNone;
  std::vector<int> key_versions;  // by which the scores were made, ascending
};

inline constexpr size_t kMaxGroups = 50;
inline constexpr size_t kMaxWaves = 50;
inline constexpr size_t kMaxGroupMembers = 1'000'000;  // of all groups together

// Adds a violation for each: no groups or more than kMaxGroups; a label that is empty, longer than 200 bytes or stands
// twice; too many members; a malformed participant; a participant who stands twice, in one group or in two.
void CheckGroups(const std::vector<GroupMembers>& groups, std::string_view place, Violations& violations);

// Adds a violation for more than kMaxWaves, a malformed wave and one that stands twice.
void CheckWaves(const std::vector<std::string>& waves, std::string_view place, Violations& violations);

// `waves` in the order people expect: runs of digits count as numbers, so "t2" comes before "t10". No repeats.
std::vector<std::string> InNaturalOrder(std::vector<std::string> waves);

// Summarises `score` of `key`. `observations` hold that score only, at most one for a participant and wave, in any
// order; participants of no group are left out. `waves` empty: all waves that occur among the groups' members, in
// natural order; none when nobody among them has answered. A wave named in `waves` that nobody has answered yet stands
// in the summary, all of it missing.
//
// A member without a response, or whose score is undefined, counts as missing. A category score with a direction is
// ordered and compared by ranks; one without is counted only. Category scores have no changes.
//
// Errors: INVALID_ARGUMENT for groups and waves (as above). FAILED_PRECONDITION, reason OPPOSITE_DIRECTIONS, when
// stored scores were made by key versions whose directions differ: such scores are never put side by side.
// FAILED_PRECONDITION, reason DIFFERENT_SCORES, when versions combine the items in another way (sum against mean).
// FAILED_PRECONDITION, reason UNKNOWN_WAVES, when nobody in the groups answered in any of `waves` though they did in
// others.
absl::StatusOr<ScoreSummary> SummarizeScores(const InstrumentKey& key, const ScoreKey& score,
                                             const std::vector<GroupMembers>& groups,
                                             const std::vector<std::string>& waves,
                                             const std::vector<Observation>& observations);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_SUMMARY_H_
