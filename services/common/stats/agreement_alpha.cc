// Krippendorff's alpha and its linearised standard error.
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

  // Codes from the middle of category c to the middle of category k, c < k; ordinal only.
  double Between(size_t c, size_t k) const { return below_[k] + margins_[k] / 2 - below_[c] - margins_[c] / 2; }

  // c < k.
  double Squared(size_t c, size_t k) const {
    switch (level_) {
      case MeasurementLevel::kNominal:
        return 1;
      case MeasurementLevel::kOrdinal:
        return Between(c, k) * Between(c, k);
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

// Pairable codes: n in all, and in each category.
struct Margins {
  std::vector<double> by_category;
  double n = 0;
};

Margins PairableCodes(const DistinctRows& rows, std::span<const double> units) {
  Margins margins;
  margins.by_category.resize(rows.categories);
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] < 2 || units[row] == 0) continue;
    margins.n += units[row] * rows.codes_present[row];
    for (const DistinctRows::Use& use : rows.uses[row]) {
      margins.by_category[static_cast<size_t>(use.category)] += units[row] * use.coders;
    }
  }
  return margins;
}

// Distances over all pairs of codes within one unit of this row, divided by codes - 1; each pair once.
double WithinRow(const DistinctRows& rows, size_t row, const Distance& distance) {
  const std::vector<DistinctRows::Use>& uses = rows.uses[row];
  double sum = 0;
  for (size_t i = 0; i < uses.size(); ++i) {
    for (size_t j = i + 1; j < uses.size(); ++j) {
      sum += uses[i].coders * uses[j].coders *
             distance.Squared(static_cast<size_t>(uses[i].category), static_cast<size_t>(uses[j].category));
    }
  }
  return sum / (rows.codes_present[row] - 1);
}

struct Disagreement {
  double observed = 0;  // sum of WithinRow over units
  double expected = 0;  // sum of n_c n_k d_ck over c < k
};

Disagreement Disagree(const DistinctRows& rows, std::span<const double> units, const Margins& margins,
                      const Distance& distance) {
  Disagreement d;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.uses[row].size() < 2 || units[row] == 0) continue;
    d.observed += units[row] * WithinRow(rows, row, distance);
  }
  const std::vector<double>& n = margins.by_category;
  for (size_t c = 0; c < n.size(); ++c) {
    if (n[c] == 0) continue;
    for (size_t k = c + 1; k < n.size(); ++k) {
      if (n[k] != 0) d.expected += n[c] * n[k] * distance.Squared(c, k);
    }
  }
  return d;
}

// How alpha' = 1 - n observed / expected changes with the distances themselves when one code is added to category j,
// as the margins move them (ordinal only). Each pair c < k adds its own change to every category between: a half at the
// two ends, the whole inside.
std::vector<double> ChangeThroughDistances(const DistinctRows& rows, const Margins& margins, const Distance& distance,
                                           const Disagreement& d) {
  const size_t q = rows.categories;
  std::vector<double> pair(q * q);  // d alpha' / d distance, c < k
  for (size_t row = 0; row < rows.rows(); ++row) {
    const std::vector<DistinctRows::Use>& uses = rows.uses[row];
    for (size_t i = 0; i < uses.size(); ++i) {
      for (size_t j = i + 1; j < uses.size(); ++j) {
        pair[static_cast<size_t>(uses[i].category) * q + static_cast<size_t>(uses[j].category)] -=
            margins.n / d.expected * rows.units[row] * uses[i].coders * uses[j].coders / (rows.codes_present[row] - 1);
      }
    }
  }
  std::vector<double> step(q + 1);  // differences of the change from one category to the next
  std::vector<double> change(q);
  for (size_t c = 0; c < q; ++c) {
    for (size_t k = c + 1; k < q; ++k) {
      pair[c * q + k] +=
          margins.n * d.observed / (d.expected * d.expected) * margins.by_category[c] * margins.by_category[k];
      const double slope = pair[c * q + k] * 2 * distance.Between(c, k);
      step[c] += slope;
      step[k + 1] -= slope;
      change[c] -= slope / 2;
      change[k] -= slope / 2;
    }
  }
  double running = 0;
  for (size_t j = 0; j < q; ++j) {
    running += step[j];
    change[j] += running;
  }
  return change;
}

// Variance of alpha' (see KrippendorffAlpha).
double AlphaVariance(const DistinctRows& rows, MeasurementLevel level, double pairable_units) {
  const Margins margins = PairableCodes(rows, rows.units);
  const Distance distance(level, rows.category_values, margins.by_category);
  const Disagreement d = Disagree(rows, rows.units, margins, distance);
  const size_t q = rows.categories;
  std::vector<double> from(q);  // expected distance from a code in j to all others: sum of n_k d_jk
  for (size_t c = 0; c < q; ++c) {
    for (size_t k = c + 1; k < q; ++k) {
      const double squared = distance.Squared(c, k);
      from[c] += margins.by_category[k] * squared;
      from[k] += margins.by_category[c] * squared;
    }
  }
  std::vector<double> moved(q);
  if (level == MeasurementLevel::kOrdinal) moved = ChangeThroughDistances(rows, margins, distance, d);
  const double n = margins.n;
  double sum = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    const double present = rows.codes_present[row];
    if (present < 2) continue;
    // d alpha' / d weight of this unit, from n, observed, expected and the distances.
    double change = -present * d.observed / d.expected - n * WithinRow(rows, row, distance) / d.expected;
    for (const DistinctRows::Use& use : rows.uses[row]) {
      const auto j = static_cast<size_t>(use.category);
      change += use.coders * (n * d.observed / (d.expected * d.expected) * from[j] + moved[j]);
    }
    const double psi = change * pairable_units;
    sum += rows.units[row] * psi * psi;
  }
  return sum / (pairable_units * (pairable_units - 1));
}

}  // namespace

Figure Alpha(const DistinctRows& rows, std::span<const double> units, MeasurementLevel level) {
  const Margins margins = PairableCodes(rows, units);
  if (margins.n == 0) return Figure::None(Undefined::kNoPairs);
  const Distance distance(level, rows.category_values, margins.by_category);
  const Disagreement d = Disagree(rows, units, margins, distance);
  if (d.expected == 0) return Figure::None(Undefined::kNoVariation);
  return Figure::Of(1 - (margins.n - 1) * d.observed / d.expected);
}

absl::StatusOr<AgreementResult> AlphaResult(const DistinctRows& rows, MeasurementLevel level, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  AgreementResult result;
  double units = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    (rows.codes_present[row] < 2 ? result.units_left_out : result.units) += std::llround(rows.units[row]);
    if (rows.codes_present[row] >= 2) units += rows.units[row];
  }
  result.estimate.confidence = confidence;
  result.estimate.value = Alpha(rows, rows.units, level);
  if (!result.estimate.value.defined()) {
    const Undefined reason = result.estimate.value.reason;
    result.observed = result.expected = result.estimate.standard_error = Figure::None(reason);
    result.estimate.interval_reason = reason;
    return result;
  }
  RETURN_IF_ERROR(AddLinearisedInterval(units < 2 ? 0 : AlphaVariance(rows, level, units), units, confidence,
                                        kLowestCoefficient, result));
  return result;
}

absl::Status CheckLevel(const CodeTable& table, MeasurementLevel level) {
  if (level != MeasurementLevel::kRatio || table.category_values.empty() || table.category_values[0] >= 0) {
    return absl::OkStatus();
  }
  return InvalidField("category_values[0]", absl::StrCat(table.category_values[0]),
                      "must be 0 or more for ratio distances");
}

}  // namespace internal

absl::StatusOr<AgreementResult> KrippendorffAlpha(const CodeTable& table, MeasurementLevel level, double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckLevel(table, level));
  return internal::AlphaResult(FoldRows(table), level, confidence);
}

}  // namespace plumbline::stats
