#ifndef PLUMBLINE_COMMON_STATS_EFFECT_SIZE_H_
#define PLUMBLINE_COMMON_STATS_EFFECT_SIZE_H_

#include <span>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Effect sizes of group `a` against group `b`: positive where a is larger. Pure, thread-safe, independent of the order
// of values. INVALID_ARGUMENT names a NaN or infinity.
namespace plumbline::stats {

// Cliff's (1993) delta = (pairs with a > b  -  pairs with a < b) / (n_a n_b), from -1 to 1.
// Standard error: the unbiased variance of Cliff (1993, 1996),
//   (n_b^2 sum(d_i. - d)^2 + n_a^2 sum(d_.j - d)^2 - sum(d_ij - d)^2) / (n_a n_b (n_a - 1)(n_b - 1)),
// not below (1 - d^2) / (n_a n_b - 1). Interval: his asymmetric one, on the normal distribution,
//   (d - d^3 -+ z s sqrt((1 - d^2)^2 + z^2 s^2)) / (1 - d^2 + z^2 s^2).
// At d = -1 or 1 the variance is zero and no such interval follows. d is then 2 p - 1 with every value of the smaller
// group (n of them) on one side, so the far limit is taken from the Wilson limit of n out of n: (n - z^2)/(n + z^2).
// An empty group: kNoData. A group of one value: the estimate alone, the rest kTooFewValues. All values equal:
// kNoVariation. Time: n log n. n_a n_b must stay below 2^63.
absl::StatusOr<Estimate> CliffsDelta(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

// Hedges' (1981) g = J(m) (mean a - mean b) / s, s the pooled standard deviation, m = n_a + n_b - 2, with the exact
//   J(m) = gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)).
// Standard error: J sqrt((n_a + n_b)/(n_a n_b) + d^2 / (2 (n_a + n_b))), d the uncorrected value (Hedges and Olkin
// 1985; Borenstein et al. 2009, chapter 4); interval g -+ z SE. (R's effectsize gives the same g and a noncentral t
// interval.) An empty group: kNoData. A group of one: kTooFewValues. s = 0: kNoVariation.
absl::StatusOr<Estimate> HedgesG(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_EFFECT_SIZE_H_
