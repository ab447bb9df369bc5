#ifndef PLUMBLINE_COMMON_STATS_DIFFERENCE_H_
#define PLUMBLINE_COMMON_STATS_DIFFERENCE_H_

#include <span>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

namespace plumbline::stats {

// sum(weight * value) / sum(weight), as a difference-in-differences cell takes it (weights: children 5-16 or social
// workers). Weights are 0 or more and need not sum to one. Empty lists or a total weight of zero: kNoData.
// INVALID_ARGUMENT: lists of different length, NaN or infinity, a negative weight. Pure and thread-safe.
absl::StatusOr<Figure> WeightedMean(std::span<const double> values, std::span<const double> weights);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_DIFFERENCE_H_
