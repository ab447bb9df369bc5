#ifndef PLUMBLINE_COMMON_STATS_FIGURE_H_
#define PLUMBLINE_COMMON_STATS_FIGURE_H_

#include <optional>
#include <span>
#include <string_view>

#include "absl/status/status.h"

// The vocabulary every result of this library is made of. A statistic that does not exist for the data at hand is never
// printed as 0, 1 or NaN: it is a Figure without a value and with the reason.
namespace plumbline::stats {

enum class Undefined {
  kDefined,            // there is a value
  kNoData,             // no value at all, or a total weight of zero
  kTooFewValues,       // fewer values than the estimator needs (a standard deviation of one value)
  kTooFewGroups,       // a comparison with fewer than two groups that hold data
  kNoVariation,        // every value or code is equal, so the statistic compares nothing
  kNoPairs,            // no unit has the codes that the measure compares (two of them, or every coder's)
  kUnstableResamples,  // too many bootstrap samples had no defined value
  kAtLimit,            // the estimate is at its limit (perfect agreement), where its standard error collapses to 0
  kTooLarge,           // beyond the stated size up to which it is computed
  kNotIndependent,     // the observations belong together in a way that the formula does not take into account
};

// A short plain sentence for reports: "undefined for lack of variation". "" for kDefined.
std::string_view UndefinedText(Undefined reason);

// Either a finite value, or the reason why there is none.
struct Figure {
  std::optional<double> value;
  Undefined reason = Undefined::kNoData;

  static Figure Of(double value) { return Figure{value, Undefined::kDefined}; }
  static Figure None(Undefined reason) { return Figure{std::nullopt, reason}; }
  bool defined() const { return value.has_value(); }
  double operator*() const { return *value; }  // only where defined()
};

struct Interval {
  double lower = 0;
  double upper = 0;
};

// A point estimate with its precision. Every part can be undefined on its own.
struct Estimate {
  Figure value;
  Figure standard_error;
  std::optional<double> degrees_of_freedom;  // where the interval rests on a t distribution
  std::optional<Interval> interval;
  Undefined interval_reason = Undefined::kNoData;  // kDefined exactly where `interval` is set
  double confidence = 0.95;
};

// The same figure without standard error and interval, for `reason`; one that has no value keeps its own reasons.
Estimate WithoutInterval(Estimate estimate, Undefined reason);

// INVALID_ARGUMENT naming the first value that is NaN or infinite: "<field>[4]: value "nan": must be a finite number".
absl::Status CheckFinite(std::string_view field, std::span<const double> values);
absl::Status CheckFinite(std::string_view field, double value);

// INVALID_ARGUMENT unless 0 < confidence < 1 (NaN is refused too).
absl::Status CheckConfidence(double confidence);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_FIGURE_H_
