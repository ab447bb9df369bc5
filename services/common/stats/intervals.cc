#include "common/stats/intervals.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"
#include "common/stats/distributions.h"

namespace plumbline::stats {
namespace {

double UpperTail(double confidence) { return 0.5 + confidence / 2; }

absl::Status CheckStandardError(double standard_error) {
  if (std::isfinite(standard_error) && standard_error >= 0) return absl::OkStatus();
  return InvalidField("standard_error", absl::StrCat(standard_error), "must be a finite number of 0 or more");
}

absl::Status CheckTrials(std::string_view successes_field, int64_t successes, std::string_view trials_field,
                         int64_t trials) {
  Violations violations;
  if (trials < 0) violations.Add(trials_field, absl::StrCat(trials), "must be 0 or more");
  if (successes < 0 || successes > std::max<int64_t>(trials, 0)) {
    violations.Add(successes_field, absl::StrCat(successes), "must be 0 or more and at most the number of trials");
  }
  return violations.ToStatus();
}

Interval WilsonLimits(double successes, double n, double confidence) {
  const double z = NormalQuantile(UpperTail(confidence));
  const double p = successes / n;
  const double shrink = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / shrink;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink;
  // The limits are exactly 0 and 1 at the ends; rounding must not push them past.
  return {successes == 0 ? 0.0 : std::max(0.0, centre - half), successes == n ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace

absl::StatusOr<Interval> TInterval(double estimate, double standard_error, double degrees_of_freedom,
                                   double confidence) {
  RETURN_IF_ERROR(CheckFinite("estimate", estimate));
  RETURN_IF_ERROR(CheckStandardError(standard_error));
  RETURN_IF_ERROR(CheckConfidence(confidence));
  if (!std::isfinite(degrees_of_freedom) || degrees_of_freedom <= 0) {
    return InvalidField("degrees_of_freedom", absl::StrCat(degrees_of_freedom), "must be a finite number above 0");
  }
  const double half = StudentTQuantile(UpperTail(confidence), degrees_of_freedom) * standard_error;
  return Interval{estimate - half, estimate + half};
}

absl::StatusOr<Interval> NormalInterval(double estimate, double standard_error, double confidence) {
  RETURN_IF_ERROR(CheckFinite("estimate", estimate));
  RETURN_IF_ERROR(CheckStandardError(standard_error));
  RETURN_IF_ERROR(CheckConfidence(confidence));
  const double half = NormalQuantile(UpperTail(confidence)) * standard_error;
  return Interval{estimate - half, estimate + half};
}

absl::StatusOr<Estimate> MeanEstimate(std::span<const double> values, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  ASSIGN_OR_RETURN(const Descriptives summary, Describe(values));
  if (summary.n == 0) {
    Estimate none;
    none.confidence = confidence;
    return none;
  }
  return MeanEstimateFromSummary(summary.n, *summary.mean, summary.sd.value.value_or(0), confidence);
}

absl::StatusOr<Estimate> MeanEstimateFromSummary(int64_t n, double mean, double sd, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckFinite("mean", mean));
  if (n < 1) return InvalidField("n", absl::StrCat(n), "must be 1 or more");
  Estimate result;
  result.confidence = confidence;
  result.value = Figure::Of(mean);
  if (n == 1) {
    result.standard_error = Figure::None(Undefined::kTooFewValues);
    result.interval_reason = Undefined::kTooFewValues;
    return result;
  }
  if (!std::isfinite(sd) || sd < 0) {
    return InvalidField("sd", absl::StrCat(sd), "must be a finite number of 0 or more");
  }
  const double df = static_cast<double>(n - 1);
  const double standard_error = sd / std::sqrt(static_cast<double>(n));
  ASSIGN_OR_RETURN(result.interval, TInterval(mean, standard_error, df, confidence));
  result.interval_reason = Undefined::kDefined;
  result.standard_error = Figure::Of(standard_error);
  result.degrees_of_freedom = df;
  return result;
}

absl::StatusOr<Estimate> WilsonProportion(int64_t successes, int64_t trials, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckTrials("successes", successes, "trials", trials));
  Estimate result;
  result.confidence = confidence;
  if (trials == 0) return result;
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  result.value = Figure::Of(p);
  result.standard_error = Figure::Of(std::sqrt(p * (1 - p) / n));
  result.interval = WilsonLimits(static_cast<double>(successes), n, confidence);
  result.interval_reason = Undefined::kDefined;
  return result;
}

absl::StatusOr<Estimate> NewcombeDifference(int64_t successes1, int64_t trials1, int64_t successes2, int64_t trials2,
                                            double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckTrials("successes1", successes1, "trials1", trials1));
  RETURN_IF_ERROR(CheckTrials("successes2", successes2, "trials2", trials2));
  Estimate result;
  result.confidence = confidence;
  if (trials1 == 0 || trials2 == 0) return result;
  const double n1 = static_cast<double>(trials1);
  const double n2 = static_cast<double>(trials2);
  const double p1 = static_cast<double>(successes1) / n1;
  const double p2 = static_cast<double>(successes2) / n2;
  const Interval first = WilsonLimits(static_cast<double>(successes1), n1, confidence);
  const Interval second = WilsonLimits(static_cast<double>(successes2), n2, confidence);
  const double d = p1 - p2;
  result.value = Figure::Of(d);
  result.standard_error = Figure::Of(std::sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2));
  result.interval = Interval{d - std::hypot(p1 - first.lower, second.upper - p2),
                             d + std::hypot(first.upper - p1, p2 - second.lower)};
  result.interval_reason = Undefined::kDefined;
  return result;
}

}  // namespace plumbline::stats
