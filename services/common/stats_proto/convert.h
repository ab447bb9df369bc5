#ifndef PLUMBLINE_COMMON_STATS_PROTO_CONVERT_H_
#define PLUMBLINE_COMMON_STATS_PROTO_CONVERT_H_

#include <cstdint>
#include <string_view>

#include "common/stats/descriptives.h"
#include "common/stats/figure.h"
#include "plumbline/common/v1/statistics.pb.h"

// Results of common/stats as messages, the same for every service: a figure without a value says why. In the namespace
// of the results, so that callers find these functions by their arguments.
namespace plumbline::stats {

// For programs, coarser than Undefined: no pairs and unstable resamples are too few data; an estimate at its limit has
// a standard error of 0, by which it cannot be divided. kDefined is UNSPECIFIED.
common::v1::UndefinedReason ToProto(Undefined reason);
common::v1::Statistic ToProto(const Figure& figure);

// `method` says how figure and interval were computed, `n` from how many observations.
common::v1::Estimate ToProto(const Estimate& estimate, std::string_view method, int64_t n);

// `mean` is the estimate by MeanEstimate of the same values; `missing` counts those that are not among them.
common::v1::Descriptives ToProto(const Descriptives& descriptives, const Estimate& mean, int64_t missing);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_PROTO_CONVERT_H_
