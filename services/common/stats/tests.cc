#include "common/stats/tests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"
#include "common/stats/distributions.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

absl::Status CheckSummary(std::string_view name, const GroupSummary& group) {
  const absl::string_view prefix(name.data(), name.size());
  if (group.n < 0) return InvalidField(absl::StrCat(prefix, ".n"), absl::StrCat(group.n), "must be 0 or more");
  if (group.n >= 1) RETURN_IF_ERROR(CheckFinite(absl::StrCat(prefix, ".mean"), group.mean));
  if (group.n >= 2 && (!std::isfinite(group.sd) || group.sd < 0)) {
    return InvalidField(absl::StrCat(prefix, ".sd"), absl::StrCat(group.sd), "must be a finite number of 0 or more");
  }
  return absl::OkStatus();
}

GroupSummary Summarise(const Descriptives& d) { return {d.n, d.mean.value.value_or(0), d.sd.value.value_or(0)}; }

}  // namespace

absl::StatusOr<Ranks> MidRanks(std::span<const double> values) {
  RETURN_IF_ERROR(CheckFinite("values", values));
  Ranks ranks;
  ranks.rank.resize(values.size());
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    for (size_t i = begin; i < end; ++i) ranks.rank[order[i]] = shared;
    const auto ties = static_cast<double>(end - begin);
    ranks.tie_sum += ties * ties * ties - ties;
    begin = end;
  }
  return ranks;
}

absl::StatusOr<KruskalWallisResult> KruskalWallis(std::span<const std::vector<double>> groups) {
  KruskalWallisResult result;
  std::vector<double> pooled;
  for (size_t i = 0; i < groups.size(); ++i) {
    RETURN_IF_ERROR(CheckFinite(absl::StrCat("groups[", i, "]"), groups[i]));
    pooled.insert(pooled.end(), groups[i].begin(), groups[i].end());
  }
  ASSIGN_OR_RETURN(const Ranks ranks, MidRanks(pooled));
  size_t next = 0;
  double between = 0;
  for (const std::vector<double>& values : groups) {
    RankedGroup group;
    group.n = static_cast<int64_t>(values.size());
    for (size_t i = 0; i < values.size(); ++i) group.rank_sum += ranks.rank[next++];
    if (group.n > 0) {
      const auto size = static_cast<double>(group.n);
      group.mean_rank = Figure::Of(group.rank_sum / size);
      between += group.rank_sum * group.rank_sum / size;
      result.smallest_group = result.groups_compared == 0 ? group.n : std::min(result.smallest_group, group.n);
      ++result.groups_compared;
    }
    result.groups.push_back(group);
  }
  result.n = static_cast<int64_t>(pooled.size());
  if (result.groups_compared < 2) {
    const Undefined reason = result.n == 0 ? Undefined::kNoData : Undefined::kTooFewGroups;
    result.h = result.p = Figure::None(reason);
    return result;
  }
  result.degrees_of_freedom = result.groups_compared - 1;
  const auto n = static_cast<double>(result.n);
  const double all_tied = n * n * n - n;
  if (ranks.tie_sum >= all_tied) {
    result.h = result.p = Figure::None(Undefined::kNoVariation);
    return result;
  }
  result.tie_correction = 1 - ranks.tie_sum / all_tied;
  // Rounding can leave a hair below zero where every mean rank is equal.
  const double h = std::max(0.0, (12 / (n * (n + 1)) * between - 3 * (n + 1)) / result.tie_correction);
  result.h = Figure::Of(h);
  result.p = Figure::Of(ChiSquaredUpperTail(h, static_cast<double>(result.degrees_of_freedom)));
  return result;
}

absl::StatusOr<MannWhitneyResult> MannWhitney(std::span<const double> a, std::span<const double> b) {
  RETURN_IF_ERROR(CheckFinite("a", a));
  RETURN_IF_ERROR(CheckFinite("b", b));
  MannWhitneyResult result;
  result.n_a = static_cast<int64_t>(a.size());
  result.n_b = static_cast<int64_t>(b.size());
  if (a.empty() || b.empty()) {
    result.w = result.z = result.p =
        Figure::None(a.empty() && b.empty() ? Undefined::kNoData : Undefined::kTooFewGroups);
    return result;
  }
  std::vector<double> pooled(a.begin(), a.end());
  pooled.insert(pooled.end(), b.begin(), b.end());
  ASSIGN_OR_RETURN(const Ranks ranks, MidRanks(pooled));
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  const double n = n_a + n_b;
  const double rank_sum =
      std::accumulate(ranks.rank.begin(), ranks.rank.begin() + static_cast<ptrdiff_t>(a.size()), 0.0);
  const double w = rank_sum - n_a * (n_a + 1) / 2;
  result.w = Figure::Of(w);
  if (ranks.tie_sum >= n * n * n - n) {
    result.z = result.p = Figure::None(Undefined::kNoVariation);
    return result;
  }
  const double centred = w - n_a * n_b / 2;
  const double correction = centred == 0 ? 0 : std::copysign(0.5, centred);
  const double sd = std::sqrt(n_a * n_b / 12 * ((n + 1) - ranks.tie_sum / (n * (n - 1))));
  const double z = (centred - correction) / sd;
  result.z = Figure::Of(z);
  result.p = Figure::Of(std::min(1.0, NormalTwoSidedP(z)));
  return result;
}

absl::StatusOr<WelchResult> WelchT(std::span<const double> a, std::span<const double> b, double confidence) {
  RETURN_IF_ERROR(CheckFinite("a", a));
  RETURN_IF_ERROR(CheckFinite("b", b));
  ASSIGN_OR_RETURN(const Descriptives first, Describe(a));
  ASSIGN_OR_RETURN(const Descriptives second, Describe(b));
  return WelchTFromSummaries(Summarise(first), Summarise(second), confidence);
}

absl::StatusOr<WelchResult> WelchTFromSummaries(const GroupSummary& a, const GroupSummary& b, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckSummary("a", a));
  RETURN_IF_ERROR(CheckSummary("b", b));
  WelchResult result;
  result.difference.confidence = confidence;
  if (a.n > 0) result.mean_a = Figure::Of(a.mean);
  if (b.n > 0) result.mean_b = Figure::Of(b.mean);
  const auto undefined = [&result](Undefined reason) {
    result.t = result.p = result.difference.standard_error = Figure::None(reason);
    result.difference.interval_reason = reason;
    return result;
  };
  if (a.n == 0 || b.n == 0) return undefined(Undefined::kNoData);
  result.difference.value = Figure::Of(a.mean - b.mean);
  if (a.n < 2 || b.n < 2) return undefined(Undefined::kTooFewValues);
  const double variance_a = a.sd * a.sd / static_cast<double>(a.n);
  const double variance_b = b.sd * b.sd / static_cast<double>(b.n);
  const double standard_error = std::sqrt(variance_a + variance_b);
  const double largest_mean = std::max(std::fabs(a.mean), std::fabs(b.mean));
  if (standard_error <= 10 * std::numeric_limits<double>::epsilon() * largest_mean || standard_error == 0) {
    return undefined(Undefined::kNoVariation);
  }
  // As shares of the total, so that very small variances do not underflow when squared.
  const double share_a = variance_a / (variance_a + variance_b);
  const double share_b = 1 - share_a;
  const double df =
      1 / (share_a * share_a / static_cast<double>(a.n - 1) + share_b * share_b / static_cast<double>(b.n - 1));
  const double t = (a.mean - b.mean) / standard_error;
  ASSIGN_OR_RETURN(result.difference.interval, TInterval(a.mean - b.mean, standard_error, df, confidence));
  result.difference.interval_reason = Undefined::kDefined;
  result.difference.standard_error = Figure::Of(standard_error);
  result.difference.degrees_of_freedom = df;
  result.t = Figure::Of(t);
  result.p = Figure::Of(StudentTTwoSidedP(t, df));
  return result;
}

}  // namespace plumbline::stats
