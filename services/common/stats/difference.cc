#include "common/stats/difference.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::stats {

absl::StatusOr<Figure> WeightedMean(std::span<const double> values, std::span<const double> weights) {
  if (values.size() != weights.size()) {
    return InvalidField("weights", absl::StrCat(weights.size()), "must hold one weight for each value");
  }
  RETURN_IF_ERROR(CheckFinite("values", values));
  RETURN_IF_ERROR(CheckFinite("weights", weights));
  double total = 0;
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (weights[i] < 0) {
      return InvalidField(absl::StrCat("weights[", i, "]"), absl::StrCat(weights[i]), "must be 0 or more");
    }
    total += weights[i];
    sum += weights[i] * values[i];
  }
  if (total == 0) return Figure::None(Undefined::kNoData);
  // A second pass removes the rounding error that large totals leave in the first.
  const double mean = sum / total;
  double correction = 0;
  for (size_t i = 0; i < values.size(); ++i) correction += weights[i] * (values[i] - mean);
  return Figure::Of(mean + correction / total);
}

}  // namespace plumbline::stats
