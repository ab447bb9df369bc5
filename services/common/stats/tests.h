#ifndef PLUMBLINE_COMMON_STATS_TESTS_H_
#define PLUMBLINE_COMMON_STATS_TESTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Comparisons of groups. Pure, thread-safe, independent of the order of values within a group. Every p value is
// two-sided. INVALID_ARGUMENT names a NaN or infinity by group and place. Effect sizes: effect_size.h.
namespace plumbline::stats {

// Mid-ranks (1-based; ties share the mean of their ranks) and the tie sum t^3 - t over groups of equal values.
struct Ranks {
  std::vector<double> rank;  // in the order of the input
  double tie_sum = 0;
};
absl::StatusOr<Ranks> MidRanks(std::span<const double> values);

struct RankedGroup {
  int64_t n = 0;
  double rank_sum = 0;
  Figure mean_rank;
};

// Kruskal-Wallis (1952) by ranks over all groups:
//   H = (12 / (N(N+1)) * sum R_i^2 / n_i - 3(N+1)) / (1 - tie_sum / (N^3 - N)),
// p from chi-squared with groups - 1 degrees of freedom, as R's kruskal.test. The approximation is rough where groups
// hold fewer than five values; `smallest_group` lets a report say so.
// A group without values carries no ranks: it is left out and does not count in the degrees of freedom.
// Fewer than two groups with data: kTooFewGroups (no data at all: kNoData). All values equal: kNoVariation.
struct KruskalWallisResult {
  std::vector<RankedGroup> groups;  // one for each input group, also the empty ones
  int64_t n = 0;
  int64_t groups_compared = 0;
  int64_t smallest_group = 0;  // of the groups compared
  double tie_correction = 1;   // the divisor of H
  Figure h;
  int64_t degrees_of_freedom = 0;
  Figure p;
};
absl::StatusOr<KruskalWallisResult> KruskalWallis(std::span<const std::vector<double>> groups);

// Mann-Whitney / Wilcoxon rank sum test of group `a` against `b`, as R's wilcox.test(a, b, exact=FALSE, correct=TRUE):
//   W = rank sum of a - n_a(n_a+1)/2 (pairs where a is larger, ties half),
//   z = (W - n_a n_b/2 - sign * 1/2) / sqrt(n_a n_b/12 * ((N+1) - tie_sum / (N(N-1)))),
// sign being that of W - n_a n_b/2 (no correction where it is 0). p from the normal distribution.
// Either group empty: kTooFewGroups (both: kNoData). All values equal: kNoVariation; W is still given.
struct MannWhitneyResult {
  int64_t n_a = 0;
  int64_t n_b = 0;
  Figure w;
  Figure z;
  Figure p;
};
absl::StatusOr<MannWhitneyResult> MannWhitney(std::span<const double> a, std::span<const double> b);

// Welch's (1947) t test of mean(a) - mean(b) with unequal variances and Satterthwaite degrees of freedom, as R's
// t.test. `difference` holds the estimate, standard error and t interval. Either group with fewer than two values:
// kTooFewValues (either empty: kNoData). A standard error below 10 machine epsilons of the larger mean counts as zero,
// as in R: kNoVariation; the difference itself is still given.
struct WelchResult {
  Figure mean_a;
  Figure mean_b;
  Estimate difference;
  Figure t;
  Figure p;
};
absl::StatusOr<WelchResult> WelchT(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

// The same from published summaries. n >= 0; mean and sd are read only where n allows them.
struct GroupSummary {
  int64_t n = 0;
  double mean = 0;
  double sd = 0;
};
absl::StatusOr<WelchResult> WelchTFromSummaries(const GroupSummary& a, const GroupSummary& b, double confidence = 0.95);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_TESTS_H_
