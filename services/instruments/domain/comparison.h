#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_COMPARISON_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_COMPARISON_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/descriptives.h"
#include "common/stats/effect_size.h"
#include "common/stats/tests.h"

// Summaries and comparisons of plain numbers by group: of scores (summary.h) and of anything else, such as the fidelity
// of sessions by arm. Pure and thread-safe; formulas and conventions are those of common/stats.
namespace plumbline::instruments {

struct GroupFigures {
  int64_t missing = 0;  // members of the group without a value
  stats::Descriptives descriptives;
  stats::Estimate mean;  // with its 95 % t interval
  stats::BoxPlot box;
};

// `missing` >= 0. INVALID_ARGUMENT for a value that is not finite.
absl::StatusOr<GroupFigures> DescribeGroup(const std::vector<double>& values, int64_t missing);

// Which comparisons make sense for the numbers at hand.
enum class Scale {
  kInterval,  // differences mean something: every test
  kOrdinal,   // only the order does (ordered categories): ranks only
};

struct Comparison {
  stats::KruskalWallisResult kruskal_wallis;  // over all groups
  // Of the first group against the second; set where there are exactly two groups.
  std::optional<stats::MannWhitneyResult> mann_whitney;
  std::optional<stats::Estimate> cliffs_delta;
  std::optional<stats::WelchResult> welch;  // interval scale only
  std::optional<stats::Estimate> hedges_g;  // interval scale only
};

// INVALID_ARGUMENT for fewer than two groups or a value that is not finite. Groups may be empty: what cannot be
// computed then is undefined with its reason.
absl::StatusOr<Comparison> CompareGroups(const std::vector<std::vector<double>>& groups, Scale scale);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_COMPARISON_H_
