// Measures of any number of coders that have the form (observed - expected) / (1 - expected).
#include <algorithm>
#include <cmath>

#include "common/base/status_macros.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_internal.h"
#include "common/stats/distributions.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace internal {
namespace {

// Weighted share of agreeing ordered pairs of coders in one row; at least two codes present.
double RowAgreement(const DistinctRows& rows, size_t row, std::span<const double> weight_matrix) {
  double sum = 0;
  for (const DistinctRows::Use& use : rows.uses[row]) {
    const double* weights = &weight_matrix[static_cast<size_t>(use.category) * rows.categories];
    double credited = 0;
    for (const DistinctRows::Use& other : rows.uses[row]) credited += weights[other.category] * other.coders;
    sum += use.coders * (credited - 1);
  }
  const double present = rows.codes_present[row];
  return sum / (present * (present - 1));
}

double Sum(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// d expected / d (share of one code in category k), so that a row's own expected agreement is the mean over its codes.
std::vector<double> ExpectedByCategory(const ChanceCorrected& c, Chance chance, std::span<const double> weight_matrix) {
  const size_t q = c.shares.size();
  std::vector<double> slope(q);
  if (chance == Chance::kUniform) return slope;
  const double scale = Sum(weight_matrix) / (static_cast<double>(q) * static_cast<double>(q - 1));
  for (size_t k = 0; k < q; ++k) {
    if (chance == Chance::kGwet) {
      slope[k] = scale * (1 - c.shares[k]);
    } else {
      for (size_t l = 0; l < q; ++l) slope[k] += weight_matrix[k * q + l] * c.shares[l];
    }
  }
  return slope;
}

// Gwet's linearised variance (formula in the header).
double LinearisedVariance(const DistinctRows& rows, std::span<const double> units, const ChanceCorrected& c,
                          Chance chance, std::span<const double> weight_matrix) {
  const std::vector<double> slope = ExpectedByCategory(c, chance, weight_matrix);
  const double coefficient = *c.coefficient;
  double sum = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] == 0 || units[row] == 0) continue;
    double own = 0;
    if (rows.codes_present[row] > 1) {
      own = c.units / c.units_compared * (RowAgreement(rows, row, weight_matrix) - c.expected) / (1 - c.expected);
    }
    if (chance != Chance::kUniform) {
      double expected = 0;
      for (const DistinctRows::Use& use : rows.uses[row]) {
        expected += slope[static_cast<size_t>(use.category)] * use.coders / rows.codes_present[row];
      }
      own -= 2 * (1 - coefficient) * (expected - c.expected) / (1 - c.expected);
    }
    sum += units[row] * (own - coefficient) * (own - coefficient);
  }
  return sum / (c.units * (c.units - 1));
}

}  // namespace

Figure PairwisePercent(const DistinctRows& rows, std::span<const double> units) {
  const std::vector<double> identity = WeightMatrix(AgreementWeights::kNone, rows.categories);
  double compared = 0;
  double agreement = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] < 2) continue;
    compared += units[row];
    agreement += units[row] * RowAgreement(rows, row, identity);
  }
  return compared > 0 ? Figure::Of(agreement / compared) : Figure::None(Undefined::kNoPairs);
}

Figure UnanimousShare(const DistinctRows& rows, std::span<const double> units) {
  double compared = 0;
  double unanimous = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] < 2) continue;
    compared += units[row];
    if (rows.uses[row].size() == 1) unanimous += units[row];
  }
  return compared > 0 ? Figure::Of(unanimous / compared) : Figure::None(Undefined::kNoPairs);
}

ChanceCorrected ComputeChanceCorrected(const DistinctRows& rows, std::span<const double> units, Chance chance,
                                       std::span<const double> weight_matrix) {
  ChanceCorrected c;
  const size_t q = rows.categories;
  c.shares.assign(q, 0);
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] == 0 || units[row] == 0) continue;
    c.units += units[row];
    for (const DistinctRows::Use& use : rows.uses[row]) {
      c.shares[static_cast<size_t>(use.category)] += units[row] * use.coders / rows.codes_present[row];
    }
    if (rows.codes_present[row] < 2) continue;
    c.units_compared += units[row];
    c.observed += units[row] * RowAgreement(rows, row, weight_matrix);
  }
  if (c.units_compared == 0) {
    c.coefficient = Figure::None(Undefined::kNoPairs);
    return c;
  }
  c.observed /= c.units_compared;
  const auto used = std::count_if(c.shares.begin(), c.shares.end(), [](double share) { return share > 0; });
  if (used < 2) {
    c.coefficient = Figure::None(Undefined::kNoVariation);
    return c;
  }
  for (double& share : c.shares) share /= c.units;
  const double total = Sum(weight_matrix);
  const auto categories = static_cast<double>(q);
  if (chance == Chance::kUniform) {
    c.expected = total / (categories * categories);
  } else if (chance == Chance::kGwet) {
    for (const double share : c.shares) c.expected += share * (1 - share);
    c.expected *= total / (categories * (categories - 1));
  } else {
    for (size_t k = 0; k < q; ++k) {
      for (size_t l = 0; l < q; ++l) c.expected += weight_matrix[k * q + l] * c.shares[k] * c.shares[l];
    }
  }
  c.coefficient = Figure::Of((c.observed - c.expected) / (1 - c.expected));
  return c;
}

std::vector<double> CompleteOnly(const DistinctRows& rows, std::span<const double> units) {
  std::vector<double> kept(units.begin(), units.end());
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] < static_cast<double>(rows.coders)) kept[row] = 0;
  }
  return kept;
}

absl::Status AddLinearisedInterval(double variance, double units, double confidence, double lowest,
                                   AgreementResult& result) {
  Estimate& estimate = result.estimate;
  estimate.confidence = confidence;
  // Below this the variance is rounding noise of terms of size one.
  constexpr double kZeroVariance = 1e-15;
  if (units < 2 || !(variance * units > kZeroVariance)) {
    const Undefined reason = units < 2 ? Undefined::kTooFewValues : Undefined::kAtLimit;
    estimate.standard_error = Figure::None(reason);
    estimate.interval_reason = reason;
    return absl::OkStatus();
  }
  const double coefficient = *estimate.value;
  const double se = std::sqrt(variance);
  estimate.standard_error = Figure::Of(se);
  estimate.degrees_of_freedom = units - 1;
  ASSIGN_OR_RETURN(Interval interval, TInterval(coefficient, se, units - 1, confidence));
  interval.lower = std::max(lowest, interval.lower);
  interval.upper = std::min(1.0, interval.upper);
  estimate.interval = interval;
  estimate.interval_reason = Undefined::kDefined;
  result.t = coefficient / se;
  result.p = StudentTTwoSidedP(*result.t, units - 1);
  return absl::OkStatus();
}

absl::StatusOr<AgreementResult> GroupResult(const DistinctRows& rows, std::span<const double> units, Chance chance,
                                            AgreementWeights weights, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  const std::vector<double> matrix = WeightMatrix(weights, rows.categories);
  const ChanceCorrected c = ComputeChanceCorrected(rows, units, chance, matrix);
  AgreementResult result;
  result.estimate.confidence = confidence;
  result.units = static_cast<int64_t>(std::llround(c.units_compared));
  result.estimate.value = c.coefficient;
  if (!c.coefficient.defined()) {
    const Undefined reason = c.coefficient.reason;
    result.observed = result.expected = result.estimate.standard_error = Figure::None(reason);
    result.estimate.interval_reason = reason;
    if (c.units_compared > 0) result.observed = Figure::Of(c.observed);
    return result;
  }
  result.observed = Figure::Of(c.observed);
  result.expected = Figure::Of(c.expected);
  const double variance = c.units < 2 ? 0 : LinearisedVariance(rows, units, c, chance, matrix);
  RETURN_IF_ERROR(AddLinearisedInterval(variance, c.units, confidence, kLowestCoefficient, result));
  return result;
}

absl::StatusOr<AgreementResult> FleissResult(const DistinctRows& rows, double confidence) {
  const std::vector<double> units = CompleteOnly(rows, rows.units);
  ASSIGN_OR_RETURN(AgreementResult result,
                   GroupResult(rows, units, Chance::kPooledShares, AgreementWeights::kNone, confidence));
  if (!result.estimate.value.defined()) return result;
  result.t.reset();
  result.p.reset();
  const std::vector<double> matrix = WeightMatrix(AgreementWeights::kNone, rows.categories);
  const ChanceCorrected c = ComputeChanceCorrected(rows, units, Chance::kPooledShares, matrix);
  double spread = 0;
  double skew = 0;
  for (const double share : c.shares) {
    spread += share * (1 - share);
    skew += share * (1 - share) * (1 - 2 * share);
  }
  const auto coders = static_cast<double>(rows.coders);
  const double variance = 2 / (spread * spread * c.units * coders * (coders - 1)) * (spread * spread - skew);
  if (variance > 0) {
    result.null_standard_error = std::sqrt(variance);
    result.z = *result.estimate.value / *result.null_standard_error;
    result.p = NormalTwoSidedP(*result.z);
  }
  return result;
}

absl::StatusOr<PercentAgreement> PercentResult(const DistinctRows& rows, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  PercentAgreement result;
  double units = 0;  // with a code at all
  double compared = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] > 0) units += rows.units[row];
    const int64_t here = std::llround(rows.units[row]);
    if (rows.codes_present[row] < 2) {
      result.units_left_out += here;
      continue;
    }
    compared += rows.units[row];
    result.units_compared += here;
    if (rows.uses[row].size() == 1) result.unanimous += here;
  }
  AgreementResult pairwise;
  pairwise.estimate.confidence = confidence;
  pairwise.estimate.value = PairwisePercent(rows, rows.units);
  ASSIGN_OR_RETURN(result.unanimous_share, WilsonProportion(result.unanimous, result.units_compared, confidence));
  if (result.units_compared == 0) {
    pairwise.estimate.standard_error = result.unanimous_share.value = result.unanimous_share.standard_error =
        Figure::None(Undefined::kNoPairs);
    pairwise.estimate.interval_reason = result.unanimous_share.interval_reason = Undefined::kNoPairs;
    result.pairwise = pairwise.estimate;
    return result;
  }
  const std::vector<double> identity = WeightMatrix(AgreementWeights::kNone, rows.categories);
  const double value = *pairwise.estimate.value;
  double sum = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (rows.codes_present[row] == 0) continue;
    const double own = rows.codes_present[row] < 2 ? 0 : units / compared * RowAgreement(rows, row, identity);
    sum += rows.units[row] * (own - value) * (own - value);
  }
  RETURN_IF_ERROR(
      AddLinearisedInterval(units < 2 ? 0 : sum / (units * (units - 1)), units, confidence, /*lowest=*/0, pairwise));
  result.pairwise = pairwise.estimate;
  return result;
}

}  // namespace internal

namespace {

int64_t LeftOut(const CodeTable& table, const AgreementResult& result) {
  return static_cast<int64_t>(table.units()) - result.units;
}

absl::StatusOr<AgreementResult> MeasureTable(const CodeTable& table, internal::Chance chance, AgreementWeights weights,
                                             double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  const DistinctRows rows = FoldRows(table);
  ASSIGN_OR_RETURN(AgreementResult result, internal::GroupResult(rows, rows.units, chance, weights, confidence));
  result.units_left_out = LeftOut(table, result);
  return result;
}

}  // namespace

absl::StatusOr<PercentAgreement> ComputePercentAgreement(const CodeTable& table, double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  return internal::PercentResult(FoldRows(table), confidence);
}

absl::StatusOr<AgreementResult> FleissKappa(const CodeTable& table, double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  ASSIGN_OR_RETURN(AgreementResult result, internal::FleissResult(FoldRows(table), confidence));
  result.units_left_out = LeftOut(table, result);
  return result;
}

absl::StatusOr<AgreementResult> GeneralizedFleissKappa(const CodeTable& table, AgreementWeights weights,
                                                       double confidence) {
  return MeasureTable(table, internal::Chance::kPooledShares, weights, confidence);
}

absl::StatusOr<AgreementResult> GwetAc(const CodeTable& table, AgreementWeights weights, double confidence) {
  return MeasureTable(table, internal::Chance::kGwet, weights, confidence);
}

absl::StatusOr<AgreementResult> BrennanPrediger(const CodeTable& table, AgreementWeights weights, double confidence) {
  return MeasureTable(table, internal::Chance::kUniform, weights, confidence);
}

}  // namespace plumbline::stats
