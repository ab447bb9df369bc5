#ifndef PLUMBLINE_COMMON_STATS_KRUSKAL_EFFECT_H_
#define PLUMBLINE_COMMON_STATS_KRUSKAL_EFFECT_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/bootstrap.h"
#include "common/stats/figure.h"

// How large the difference is that a Kruskal-Wallis test compares (tests.h), from its H, N values and k groups with
// data. Pure, thread-safe, independent of the order of values within a group.
namespace plumbline::stats {

struct KruskalEffect {
  Figure epsilon_squared;  // H / (N - 1), 0 to 1 (Kelley 1935; Tomczak and Tomczak 2014)
  // (H - k + 1)/(N - k) (Cohen 2008; Tomczak and Tomczak 2014): below 0 where the groups differ less than chance would
  // have it, and reported as it is (R's effectsize cuts it at 0). Every group with one value: kTooFewValues.
  Figure eta_squared;
};

// Undefined as H is: kNoData, kTooFewGroups, kNoVariation. INVALID_ARGUMENT names a NaN or infinity.
absl::StatusOr<KruskalEffect> ComputeKruskalEffect(std::span<const std::vector<double>> groups);

// Percentile intervals from a bootstrap that draws the values of each group from that group, so that the sizes stay.
// Resamples whose values are all equal are undefined. Both are measured on the same samples. Bit-identical for any
// number of threads.
struct KruskalEffectBootstrap {
  BootstrapResult epsilon_squared;
  BootstrapResult eta_squared;
};
absl::StatusOr<KruskalEffectBootstrap> BootstrapKruskalEffect(std::span<const std::vector<double>> groups,
                                                              const BootstrapOptions& options);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_KRUSKAL_EFFECT_H_
