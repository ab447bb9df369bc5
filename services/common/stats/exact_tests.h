#ifndef PLUMBLINE_COMMON_STATS_EXACT_TESTS_H_
#define PLUMBLINE_COMMON_STATS_EXACT_TESTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Rank tests whose p value is exact however small the groups: the share of all ways to deal the pooled values into
// groups of these sizes, ties kept as they are (the permutation distribution given the ties), that are at least as
// extreme as the data. Pure, thread-safe, independent of the order of values within a group. INVALID_ARGUMENT names a
// NaN or infinity by group and place. The tests by approximation: tests.h.
namespace plumbline::stats {

// Above this many values in all groups together every p is kTooLarge, whatever their sizes.
constexpr int64_t kMaxExactValues = 200;

// Kruskal-Wallis H as in tests.h; p is the share of arrangements with an H of at least that of the data, compared in
// whole numbers. Every arrangement is enumerated (those that differ only among tied values at once): above
// kMaxArrangements of them p is kTooLarge, and KruskalWallis has the approximation. At the limit it takes about a
// second. An empty group is left out. Fewer than two groups with data: kTooFewGroups (no data: kNoData). All values
// equal: kNoVariation.
constexpr double kMaxArrangements = 20'000'000;

struct ExactKruskalWallisResult {
  int64_t n = 0;
  int64_t groups_compared = 0;
  double arrangements = 0;  // n! / (n_1! n_2! ...)
  Figure h;
  Figure p;
};
absl::StatusOr<ExactKruskalWallisResult> ExactKruskalWallis(std::span<const std::vector<double>> groups);

// Mann-Whitney / Wilcoxon rank sum test of group `a` against `b`, W as in tests.h:
//   p_less = P(W <= w), p_greater = P(W >= w), p = P(|W - n_a n_b/2| >= |w - n_a n_b/2|)
// over all arrangements, summed by rank sum. Without ties p is that of R's wilcox.test(exact = TRUE), with ties that of
// coin's wilcox_test(distribution = "exact"). Either group empty: kTooFewGroups (both: kNoData). All values equal:
// kNoVariation; W is still given.
struct ExactMannWhitneyResult {
  int64_t n_a = 0;
  int64_t n_b = 0;
  Figure w;
  Figure p;
  Figure p_less;
  Figure p_greater;
};
absl::StatusOr<ExactMannWhitneyResult> ExactMannWhitney(std::span<const double> a, std::span<const double> b);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_EXACT_TESTS_H_
