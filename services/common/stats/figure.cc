#include "common/stats/figure.h"

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::stats {

std::string_view UndefinedText(Undefined reason) {
  switch (reason) {
    case Undefined::kDefined:
      return "";
    case Undefined::kNoData:
      return "undefined: no data";
    case Undefined::kTooFewValues:
      return "undefined: too few values";
    case Undefined::kTooFewGroups:
      return "undefined: fewer than two groups with data";
    case Undefined::kNoVariation:
      return "undefined for lack of variation";
    case Undefined::kNoPairs:
      return "undefined: no unit has all the codes that are to be compared";
    case Undefined::kUnstableResamples:
      return "undefined: too many resamples lack variation";
    case Undefined::kAtLimit:
      return "undefined: the estimate is at its limit, where its standard error is zero";
    case Undefined::kTooLarge:
      return "left out: the data are larger than this is computed for";
    case Undefined::kNotIndependent:
      return "left out: the observations are not independent";
  }
  return "undefined";
}

Estimate WithoutInterval(Estimate estimate, Undefined reason) {
  if (!estimate.value.defined()) return estimate;
  estimate.standard_error = Figure::None(reason);
  estimate.degrees_of_freedom.reset();
  estimate.interval.reset();
  estimate.interval_reason = reason;
  return estimate;
}

absl::Status CheckFinite(std::string_view field, std::span<const double> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return InvalidField(absl::StrCat(absl::string_view(field.data(), field.size()), "[", i, "]"),
                          absl::StrCat(values[i]), "must be a finite number");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFinite(std::string_view field, double value) {
  if (std::isfinite(value)) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(value), "must be a finite number");
}

absl::Status CheckConfidence(double confidence) {
  if (confidence > 0 && confidence < 1) return absl::OkStatus();
  return InvalidField("confidence", absl::StrCat(confidence), "must be above 0 and below 1");
}

}  // namespace plumbline::stats
