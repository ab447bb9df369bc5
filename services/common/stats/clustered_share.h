#ifndef PLUMBLINE_COMMON_STATS_CLUSTERED_SHARE_H_
#define PLUMBLINE_COMMON_STATS_CLUSTERED_SHARE_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "common/stats/bootstrap.h"
#include "common/stats/figure.h"

// A share over clusters whose members are alike: outcomes-focused questions of all questions, where the questions of
// one session belong together. Taking every question as independent would make the interval too short. Pure,
// thread-safe; the order of the clusters changes no digit beyond rounding.
namespace plumbline::stats {

// One cluster (session): `successes` of its `trials`. 0 <= successes <= trials.
struct ClusterCount {
  int64_t successes = 0;
  int64_t trials = 0;
  // How many of its cluster each trial stands for: N/n where n were drawn at random from N. Above 0 and at most 1e9.
  double weight = 1;
};

struct ClusteredShare {
  int64_t clusters = 0;           // with at least one trial
  int64_t clusters_left_out = 0;  // without a trial: they say nothing of the share
  int64_t successes = 0;
  int64_t trials = 0;
  bool weighted = false;  // some weight is not 1
  // p = sum w_i k_i / W, W = sum w_i n_i, m clusters with k_i of n_i and weight w_i: the ratio estimator; successes /
  // trials where every weight is 1. Standard error from the cluster-robust variance
  //   v = m/(m - 1) * sum (w_i (k_i - p n_i))^2 / W^2:
  // that of a mean with clusters drawn with replacement (Cochran 1977, section 9A.1 for the ratio; R's survey, svymean;
  // sandwich's vcovCL of an intercept alone). It holds what drawing within clusters adds, too, since that moves the
  // k_i. Interval p -+ t(m - 1) sqrt(v): it may leave 0..1, and is given as it is.
  Estimate share;
  // The same on the logit scale, ln(p/(1-p)) -+ t(m - 1) sqrt(v) / (p (1 - p)), and back: always inside 0..1.
  std::optional<Interval> logit_interval;
  Undefined logit_reason = Undefined::kNoData;  // kDefined exactly where `logit_interval` is set
  // Kish's design effect: v / (p (1 - p)/(n - 1)), n = sum n_i: how many times larger the variance is than without
  // clusters and weights.
  Figure design_effect;
  // Intraclass correlation of the trials, without weights, by the ANOVA estimator (Donner 1986; Ridout, Demetrio and
  // Firth 1999), p = sum k_i / n:
  //   (MSB - MSW)/(MSB + (n0 - 1) MSW), MSB = sum n_i (p_i - p)^2 / (m - 1), MSW = sum n_i p_i (1 - p_i)/(n - m),
  //   n0 = (n - sum n_i^2 / n)/(m - 1).
  // May be below 0; reported as it is.
  Figure icc;
};

// No trials: kNoData. One cluster: the share alone, the rest kTooFewValues. Every trial a success, or none: the share
// alone, the rest kNoVariation. Clusters whose shares are all equal: no spread to estimate from, so standard error and
// intervals are kNoVariation (with several trials in a cluster the ICC is still given). Every cluster with one trial:
// no spread within, the ICC is kTooFewValues. INVALID_ARGUMENT names "clusters[i]" with counts that do not fit or a
// weight out of bounds, and totals of 2^53 and more.
absl::StatusOr<ClusteredShare> ComputeClusteredShare(std::span<const ClusterCount> clusters, double confidence = 0.95);

// Bootstrap of the share: whole clusters are drawn with replacement, with their weights, as many as have trials.
// Percentile and BCa intervals (bootstrap.h); bit-identical for any number of threads. Fewer than two clusters:
// kTooFewValues; every trial alike: kNoVariation.
absl::StatusOr<BootstrapResult> BootstrapClusteredShare(std::span<const ClusterCount> clusters,
                                                        const BootstrapOptions& options);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_CLUSTERED_SHARE_H_
