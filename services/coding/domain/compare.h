#ifndef PLUMBLINE_CODING_DOMAIN_COMPARE_H_
#define PLUMBLINE_CODING_DOMAIN_COMPARE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/results.h"
#include "common/stats/clustered_share.h"
#include "common/stats/descriptives.h"
#include "common/stats/effect_size.h"
#include "common/stats/exact_tests.h"
#include "common/stats/kruskal_effect.h"
#include "common/stats/tests.h"

// Groups of sessions held against each other: arms, teams, waves.
namespace plumbline::coding {

// The number that a session gives, by name.
//   nominated list, binary  "share": outcomes-focused / coded questions, 0 to 1
//   rated skills            "overall", "group:<group>", "skill:<entry>": ratings
//   domain presence         "domains": how many are present; none while undecided
//   numeric                 "number": mean of its items
// The first one of a kind is the default. INVALID_ARGUMENT, field "measure", for another name, or for a frame of
// categories, whose sessions have no number.
absl::StatusOr<std::string> ResolveMeasure(const Frame& frame, const std::string& measure);

// nullopt where the session has none: no questions, undecided, not rated.
std::optional<double> MeasureOf(const Frame& frame, const std::string& measure, const SessionFidelity& session);

struct SessionGroup {
  std::string label;
  std::vector<SessionFidelity> sessions;
};

struct GroupSummary {
  std::string label;
  int64_t without_value = 0;  // sessions that give no number; left out of everything below
  stats::Descriptives values;
  stats::Estimate mean;  // t interval over sessions
  stats::BoxPlot box;
  // "share" only: questions in sessions, with an interval that takes those of one session as alike; samples weigh by
  // CountOf.
  std::optional<stats::ClusteredShare> questions;
  int64_t meeting = 0;            // "share" only: sessions that meet the criterion
  stats::Estimate meeting_share;  // Wilson's interval; kNoData for other measures or without a threshold
};

struct Comparison {
  std::string measure;
  std::vector<GroupSummary> groups;
  stats::KruskalWallisResult kruskal_wallis;             // by the chi-squared approximation
  stats::ExactKruskalWallisResult exact_kruskal_wallis;  // where small enough
  stats::KruskalEffect effect;
  std::optional<stats::KruskalEffectBootstrap> effect_intervals;  // where a seed was given
  // Two groups only: the first against the second.
  std::optional<stats::ExactMannWhitneyResult> mann_whitney;
  std::optional<stats::Estimate> cliffs_delta;
  std::optional<stats::Estimate> hedges_g;
};

// seed 0: no bootstrap. INVALID_ARGUMENT for fewer than 2 groups.
absl::StatusOr<Comparison> CompareGroups(const Frame& frame, const std::string& measure,
                                         std::span<const SessionGroup> groups, uint64_t seed, uint32_t replicates);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_COMPARE_H_
