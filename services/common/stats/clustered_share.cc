#include "common/stats/clustered_share.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/distributions.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

struct Totals {
  std::vector<ClusterCount> used;  // with trials
  int64_t successes = 0;
  int64_t trials = 0;
  // Whole numbers where every weight is 1.
  double weighted_successes = 0;
  double weighted_trials = 0;
  bool weighted = false;

  double share() const { return weighted_successes / weighted_trials; }
  bool all_alike() const { return successes == 0 || successes == trials; }
  // Found from the counts, since sums of weights are rounded.
  bool equal_shares() const {
    return std::all_of(used.begin(), used.end(), [this](const ClusterCount& cluster) {
      return static_cast<double>(cluster.successes) * static_cast<double>(used[0].trials) ==
             static_cast<double>(used[0].successes) * static_cast<double>(cluster.trials);
    });
  }
};

absl::StatusOr<Totals> Add(std::span<const ClusterCount> clusters) {
  constexpr int64_t kMost = int64_t{1} << 53;
  constexpr double kMaxWeight = 1e9;
  Totals totals;
  for (size_t i = 0; i < clusters.size(); ++i) {
    const ClusterCount& cluster = clusters[i];
    if (cluster.successes < 0 || cluster.successes > cluster.trials) {
      return InvalidField(absl::StrCat("clusters[", i, "].successes"), absl::StrCat(cluster.successes),
                          absl::StrCat("must be 0 to the number of trials, ", cluster.trials));
    }
    if (cluster.trials >= kMost - totals.trials) {
      return InvalidField(absl::StrCat("clusters[", i, "].trials"), absl::StrCat(cluster.trials),
                          "must keep the total below 2^53");
    }
    if (!(cluster.weight > 0 && cluster.weight <= kMaxWeight)) {
      return InvalidField(absl::StrCat("clusters[", i, "].weight"), absl::StrCat(cluster.weight),
                          "must be above 0 and at most 1e9");
    }
    if (cluster.trials == 0) continue;
    totals.used.push_back(cluster);
    totals.successes += cluster.successes;
    totals.trials += cluster.trials;
    totals.weighted_successes += cluster.weight * static_cast<double>(cluster.successes);
    totals.weighted_trials += cluster.weight * static_cast<double>(cluster.trials);
    totals.weighted = totals.weighted || cluster.weight != 1;
  }
  return totals;
}

Figure Icc(const Totals& totals) {
  const auto clusters = static_cast<double>(totals.used.size());
  const auto n = static_cast<double>(totals.trials);
  if (totals.trials == static_cast<int64_t>(totals.used.size())) return Figure::None(Undefined::kTooFewValues);
  const double p = static_cast<double>(totals.successes) / n;
  double between = 0;
  double within = 0;
  double squares = 0;
  for (const ClusterCount& cluster : totals.used) {
    const auto size = static_cast<double>(cluster.trials);
    const double own = static_cast<double>(cluster.successes) / size;
    between += size * (own - p) * (own - p);
    within += size * own * (1 - own);
    squares += size * size;
  }
  between /= clusters - 1;
  within /= n - clusters;
  const double typical_size = (n - squares / n) / (clusters - 1);
  return Figure::Of((between - within) / (between + (typical_size - 1) * within));
}

// sum (w_i (k_i - p n_i))^2.
double SquaredResiduals(const Totals& totals) {
  const double all = totals.weighted_trials;
  double sum = 0;
  for (const ClusterCount& cluster : totals.used) {
    const double residual = cluster.weight *
                            (static_cast<double>(cluster.successes) * all -
                             totals.weighted_successes * static_cast<double>(cluster.trials)) /
                            all;
    sum += residual * residual;
  }
  return sum;
}

void Undefine(Undefined reason, ClusteredShare& result) {
  result.share.standard_error = result.design_effect = result.icc = Figure::None(reason);
  result.share.interval_reason = result.logit_reason = reason;
}

}  // namespace

absl::StatusOr<ClusteredShare> ComputeClusteredShare(std::span<const ClusterCount> clusters, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  ASSIGN_OR_RETURN(const Totals totals, Add(clusters));
  ClusteredShare result;
  result.share.confidence = confidence;
  result.clusters = static_cast<int64_t>(totals.used.size());
  result.clusters_left_out = static_cast<int64_t>(clusters.size()) - result.clusters;
  result.successes = totals.successes;
  result.trials = totals.trials;
  result.weighted = totals.weighted;
  if (totals.trials == 0) return result;  // everything is kNoData
  const double p = totals.share();
  result.share.value = Figure::Of(p);
  if (result.clusters < 2 || totals.all_alike()) {
    Undefine(result.clusters < 2 ? Undefined::kTooFewValues : Undefined::kNoVariation, result);
    return result;
  }
  result.icc = Icc(totals);
  const auto m = static_cast<double>(result.clusters);
  const double variance = totals.equal_shares() ? 0
                                                : m / (m - 1) * SquaredResiduals(totals) /
                                                      (totals.weighted_trials * totals.weighted_trials);
  result.design_effect = Figure::Of(variance / (p * (1 - p) / (static_cast<double>(totals.trials) - 1)));
  if (variance == 0) {
    result.share.standard_error = Figure::None(Undefined::kNoVariation);
    result.share.interval_reason = result.logit_reason = Undefined::kNoVariation;
    return result;
  }
  const double se = std::sqrt(variance);
  result.share.standard_error = Figure::Of(se);
  result.share.degrees_of_freedom = m - 1;
  ASSIGN_OR_RETURN(result.share.interval, TInterval(p, se, m - 1, confidence));
  result.share.interval_reason = Undefined::kDefined;
  ASSIGN_OR_RETURN(const Interval logit, TInterval(std::log(p / (1 - p)), se / (p * (1 - p)), m - 1, confidence));
  result.logit_interval = Interval{1 / (1 + std::exp(-logit.lower)), 1 / (1 + std::exp(-logit.upper))};
  result.logit_reason = Undefined::kDefined;
  return result;
}

absl::StatusOr<BootstrapResult> BootstrapClusteredShare(std::span<const ClusterCount> clusters,
                                                        const BootstrapOptions& options) {
  ASSIGN_OR_RETURN(const Totals totals, Add(clusters));
  const size_t m = totals.used.size();
  const auto share_of = [&](std::span<const uint32_t> drawn) -> std::optional<double> {
    double successes = 0;
    double trials = 0;
    for (const uint32_t index : drawn) {
      const ClusterCount& cluster = totals.used[index];
      successes += cluster.weight * static_cast<double>(cluster.successes);
      trials += cluster.weight * static_cast<double>(cluster.trials);
    }
    return successes / trials;
  };
  if (m < 2 || totals.all_alike()) {
    RETURN_IF_ERROR(CheckConfidence(options.confidence));
    BootstrapResult none;
    none.confidence = options.confidence;
    const Undefined reason = m == 0 ? Undefined::kNoData : m < 2 ? Undefined::kTooFewValues : Undefined::kNoVariation;
    none.mean = none.standard_error = Figure::None(reason);
    none.interval_reason = none.bca_reason = reason;
    return none;
  }
  if (options.replicates == 0) return InvalidField("replicates", "0", "must be 1 or more");
  ASSIGN_OR_RETURN(
      const std::vector<std::optional<double>> replicates,
      BootstrapReplicates(m, share_of, options.seed, options.stream, 0, options.replicates, options.threads));
  ASSIGN_OR_RETURN(BootstrapResult result, SummariseReplicates(replicates, options.confidence));
  Jackknife jackknife;
  for (const ClusterCount& cluster : totals.used) {
    jackknife.without_one.push_back(
        (totals.weighted_successes - cluster.weight * static_cast<double>(cluster.successes)) /
        (totals.weighted_trials - cluster.weight * static_cast<double>(cluster.trials)));
    jackknife.items.push_back(1);
  }
  ASSIGN_OR_RETURN(const BcaInterval bca, ComputeBca(replicates, totals.share(), jackknife, options.confidence));
  result.bca = bca.interval;
  result.bca_reason = bca.reason;
  return result;
}

}  // namespace plumbline::stats
