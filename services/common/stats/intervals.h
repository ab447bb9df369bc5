#ifndef PLUMBLINE_COMMON_STATS_INTERVALS_H_
#define PLUMBLINE_COMMON_STATS_INTERVALS_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Two-sided confidence intervals. Pure and thread-safe. Errors: INVALID_ARGUMENT naming the parameter, its value and
// the rule. `confidence` is a probability (0.95), never a percentage.
namespace plumbline::stats {

// estimate -+ t(1 - alpha/2; df) * standard_error. standard_error >= 0, degrees_of_freedom > 0.
absl::StatusOr<Interval> TInterval(double estimate, double standard_error, double degrees_of_freedom,
                                   double confidence = 0.95);

// estimate -+ z(1 - alpha/2) * standard_error.
absl::StatusOr<Interval> NormalInterval(double estimate, double standard_error, double confidence = 0.95);

// Mean of `values` with standard error sd / sqrt(n) and the t interval on n - 1 degrees of freedom. Empty: all kNoData.
// One value: the mean alone, the rest kTooFewValues. A constant list of two or more has the interval [mean, mean].
absl::StatusOr<Estimate> MeanEstimate(std::span<const double> values, double confidence = 0.95);

// The same from the published summary n, mean and sd (n >= 1, sd >= 0; sd is not used where n = 1).
absl::StatusOr<Estimate> MeanEstimateFromSummary(int64_t n, double mean, double sd, double confidence = 0.95);

// Proportion successes / trials with the Wilson (1927) score interval, no continuity correction:
//   (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).
// `standard_error` is the plain sqrt(p(1-p)/n). trials = 0: kNoData. 0 <= successes <= trials.
absl::StatusOr<Estimate> WilsonProportion(int64_t successes, int64_t trials, double confidence = 0.95);

// Difference p1 - p2 of two independent proportions with Newcombe's (1998) hybrid score interval, his method 10:
//   d - sqrt((p1-l1)^2 + (u2-p2)^2)  to  d + sqrt((u1-p1)^2 + (p2-l2)^2), l and u being the two Wilson limits.
// Either trials = 0: kNoData.
absl::StatusOr<Estimate> NewcombeDifference(int64_t successes1, int64_t trials1, int64_t successes2, int64_t trials2,
                                            double confidence = 0.95);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_INTERVALS_H_
