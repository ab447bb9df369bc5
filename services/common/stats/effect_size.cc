#include "common/stats/effect_size.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"
#include "common/stats/distributions.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

// Both lists sorted, so that every count is a binary search and no digit depends on the order given.
struct Dominance {
  double delta = 0;
  double row_squares = 0;     // sum over a of (d_i. - d)^2
  double column_squares = 0;  // sum over b of (d_.j - d)^2
  double cell_squares = 0;    // sum over pairs of (d_ij - d)^2
};

double MeanDominance(double value, const std::vector<double>& sorted) {
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin();
  const auto above = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), value);
  return static_cast<double>(below - above) / static_cast<double>(sorted.size());
}

Dominance ComputeDominance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  Dominance result;
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  int64_t sum = 0;  // exact: pairs won minus pairs lost
  int64_t ties = 0;
  for (const double value : a) {
    const auto low = std::lower_bound(b.begin(), b.end(), value);
    const auto high = std::upper_bound(b.begin(), b.end(), value);
    sum += (low - b.begin()) - (b.end() - high);
    ties += high - low;
  }
  result.delta = static_cast<double>(sum) / (n_a * n_b);
  for (const double value : a) {
    const double deviation = MeanDominance(value, b) - result.delta;
    result.row_squares += deviation * deviation;
  }
  for (const double value : b) {
    const double deviation = -MeanDominance(value, a) - result.delta;
    result.column_squares += deviation * deviation;
  }
  // d_ij^2 is 0 for a tie and 1 otherwise.
  result.cell_squares = n_a * n_b - static_cast<double>(ties) - n_a * n_b * result.delta * result.delta;
  return result;
}

Estimate Undefine(Estimate estimate, Undefined reason) {
  if (!estimate.value.defined()) estimate.value = Figure::None(reason);
  estimate.standard_error = Figure::None(reason);
  estimate.interval_reason = reason;
  return estimate;
}

}  // namespace

absl::StatusOr<Estimate> CliffsDelta(std::span<const double> a, std::span<const double> b, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckFinite("a", a));
  RETURN_IF_ERROR(CheckFinite("b", b));
  Estimate result;
  result.confidence = confidence;
  if (a.empty() || b.empty()) return Undefine(result, Undefined::kNoData);
  const auto same = [first = a[0]](double value) { return value == first; };
  if (std::all_of(a.begin(), a.end(), same) && std::all_of(b.begin(), b.end(), same)) {
    return Undefine(result, Undefined::kNoVariation);
  }
  const Dominance dominance = ComputeDominance({a.begin(), a.end()}, {b.begin(), b.end()});
  const double d = dominance.delta;
  result.value = Figure::Of(d);
  if (a.size() < 2 || b.size() < 2) return Undefine(result, Undefined::kTooFewValues);
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  const double z = NormalQuantile(0.5 + confidence / 2);
  result.interval_reason = Undefined::kDefined;
  if (std::fabs(d) == 1) {
    result.standard_error = Figure::None(Undefined::kAtLimit);
    const double n = std::min(n_a, n_b);
    const double far_limit = (n - z * z) / (n + z * z);
    result.interval = d > 0 ? Interval{far_limit, 1} : Interval{-1, -far_limit};
    return result;
  }
  const double unbiased =
      (n_b * n_b * dominance.row_squares + n_a * n_a * dominance.column_squares - dominance.cell_squares) /
      (n_a * n_b * (n_a - 1) * (n_b - 1));
  const double s = std::sqrt(std::max(unbiased, (1 - d * d) / (n_a * n_b - 1)));
  result.standard_error = Figure::Of(s);
  const double slack = 1 - d * d;
  const double reach = z * s * std::sqrt(slack * slack + z * z * s * s);
  const double scale = slack + z * z * s * s;
  result.interval =
      Interval{std::max(-1.0, (d - d * d * d - reach) / scale), std::min(1.0, (d - d * d * d + reach) / scale)};
  return result;
}

absl::StatusOr<Estimate> HedgesG(std::span<const double> a, std::span<const double> b, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckFinite("a", a));
  RETURN_IF_ERROR(CheckFinite("b", b));
  Estimate result;
  result.confidence = confidence;
  if (a.empty() || b.empty()) return Undefine(result, Undefined::kNoData);
  if (a.size() < 2 || b.size() < 2) return Undefine(result, Undefined::kTooFewValues);
  ASSIGN_OR_RETURN(const Descriptives first, Describe(a));
  ASSIGN_OR_RETURN(const Descriptives second, Describe(b));
  const auto n_a = static_cast<double>(first.n);
  const auto n_b = static_cast<double>(second.n);
  const double df = n_a + n_b - 2;
  const double pooled = std::sqrt(((n_a - 1) * *first.variance + (n_b - 1) * *second.variance) / df);
  if (pooled == 0) return Undefine(result, Undefined::kNoVariation);
  const double d = (*first.mean - *second.mean) / pooled;
  const double j = std::exp(LogGamma(df / 2) - LogGamma((df - 1) / 2)) / std::sqrt(df / 2);
  const double g = j * d;
  const double se = j * std::sqrt((n_a + n_b) / (n_a * n_b) + d * d / (2 * (n_a + n_b)));
  result.value = Figure::Of(g);
  result.standard_error = Figure::Of(se);
  ASSIGN_OR_RETURN(result.interval, NormalInterval(g, se, confidence));
  result.interval_reason = Undefined::kDefined;
  return result;
}

}  // namespace plumbline::stats
