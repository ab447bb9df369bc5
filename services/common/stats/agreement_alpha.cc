// Krippendorff's alpha.
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_internal.h"

namespace plumbline::stats {
namespace internal {
namespace {

// Squared distances between categories for one set of margins.
class Distance {
 public:
  Distance(MeasurementLevel level, const std::vector<double>& values, const std::vector<double>& margins)
      : level_(level), values_(values), margins_(margins) {
    if (level != MeasurementLevel::kOrdinal) return;
    below_.reserve(margins.size());
    double sum = 0;
    for (const double margin : margins) {
      below_.push_back(sum);
      sum += margin;
    }
  }

  // c < k.
  double Squared(size_t c, size_t k) const {
    switch (level_) {
      case MeasurementLevel::kNominal:
        return 1;
      case MeasurementLevel::kOrdinal: {
        const double between = below_[k] + margins_[k] / 2 - below_[c] - margins_[c] / 2;
        return between * between;
      }
      case MeasurementLevel::kInterval:
        return (values_[k] - values_[c]) * (values_[k] - values_[c]);
      case MeasurementLevel::kRatio: {
        // Values are 0 or more and ascend strictly, so the sum is above 0.
        const double ratio = (values_[k] - values_[c]) / (values_[k] + values_[c]);
        return ratio * ratio;
      }
    }
    return 0;
  }

 private:
  MeasurementLevel level_;
  const std::vector<double>& values_;
  const std::vector<double>& margins_;
  std::vector<double> below_;  // codes in lower categories
};

}  // namespace

Figure Alpha(const DistinctRows& rows, std::span<const double> units, MeasurementLevel level) {
  std::vector<double> margins(rows.categories);
  double n = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] < 2 || units[row] == 0) continue;
    n += units[row] * rows.codes_present[row];
    for (const DistinctRows::Use& use : rows.uses[row]) {
      margins[static_cast<size_t>(use.category)] += units[row] * use.coders;
    }
  }
  if (n == 0) return Figure::None(Undefined::kNoPairs);
  const Distance distance(level, rows.category_values, margins);
  double observed = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    const std::vector<DistinctRows::Use>& uses = rows.uses[row];
    if (uses.size() < 2 || units[row] == 0) continue;
    double sum = 0;
    for (size_t i = 0; i < uses.size(); ++i) {
      for (size_t j = i + 1; j < uses.size(); ++j) {
        sum += uses[i].coders * uses[j].coders *
               distance.Squared(static_cast<size_t>(uses[i].category), static_cast<size_t>(uses[j].category));
      }
    }
    observed += units[row] * sum / (rows.codes_present[row] - 1);
  }
  double expected = 0;
  for (size_t c = 0; c < margins.size(); ++c) {
    if (margins[c] == 0) continue;
    for (size_t k = c + 1; k < margins.size(); ++k) {
      if (margins[k] != 0) expected += margins[c] * margins[k] * distance.Squared(c, k);
    }
  }
  if (expected == 0) return Figure::None(Undefined::kNoVariation);
  return Figure::Of(1 - (n - 1) * observed / expected);
}

absl::Status CheckLevel(const CodeTable& table, MeasurementLevel level) {
  if (level != MeasurementLevel::kRatio || table.category_values.empty() || table.category_values[0] >= 0) {
    return absl::OkStatus();
  }
  return InvalidField("category_values[0]", absl::StrCat(table.category_values[0]),
                      "must be 0 or more for ratio distances");
}

}  // namespace internal

absl::StatusOr<AgreementResult> KrippendorffAlpha(const CodeTable& table, MeasurementLevel level) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckLevel(table, level));
  const DistinctRows rows = FoldRows(table);
  AgreementResult result;
  for (size_t row = 0; row < rows.rows(); ++row) {
    (rows.codes_present[row] < 2 ? result.units_left_out : result.units) += std::llround(rows.units[row]);
  }
  result.estimate.value = internal::Alpha(rows, rows.units, level);
  return result;
}

}  // namespace plumbline::stats
